"""Undoing the wrappings in which SDKs send JSON: base64, gzip, form fields, and not quite valid JSON."""

from __future__ import annotations

import base64
import binascii
import json
import math
import zlib
from typing import Any
from urllib.parse import parse_qs

import msgspec

from bihuan.collect.errors import BodyTooLarge, PayloadInvalid

GZIP_MAGIC = b"\x1f\x8b"
# What a gzip body inside a form field or query may grow to when unpacked.
MAX_UNPACKED_BYTES = 20 * 1024 * 1024
_MAX_FORM_FIELDS = 10_000
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def payload_invalid(reason_en: str, reason_zh: str, path: str | None = None) -> PayloadInvalid:
    """The error for a body that nothing can be read from."""
    return PayloadInvalid(path=path, reason_en=reason_en, reason_zh=reason_zh)


def decode_json(raw: bytes | str) -> Any:
    """JSON as Python values, through :func:`repair_json` when it is not strictly valid.

    Raises:
        PayloadInvalid: it is not JSON even after repair.
    """
    try:
        return msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, UnicodeEncodeError):
        return msgspec.json.decode(repair_json(raw))
    except RecursionError:
        raise payload_invalid("it is nested too deeply.", "嵌套层数过多。") from None


def repair_json(raw: bytes | str) -> bytes:
    """Strict JSON for the invalid forms that real SDKs send.

    ``NaN``, ``Infinity`` and numbers beyond a double become null; half surrogate pairs (a text cut inside
    an emoji) and bytes that are not UTF-8 become a replacement character; a byte order mark is dropped.

    Raises:
        PayloadInvalid: it cannot be read as JSON at all.
    """
    try:
        if isinstance(raw, bytes | bytearray):
            text = bytes(raw).removeprefix(_BYTE_ORDER_MARK).decode("utf-8", "replace")
        else:
            text = raw.removeprefix("\ufeff")
        value = json.loads(text, parse_constant=lambda _: None, parse_float=_finite_or_none)
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    except RecursionError:
        raise payload_invalid("it is nested too deeply.", "嵌套层数过多。") from None
    except ValueError as error:
        raise payload_invalid(f"it is not JSON ({error}).", f"不是有效的 JSON（{error}）。") from None


def decode_base64(text: str | bytes) -> bytes:
    """Bytes of standard or URL-safe base64, with or without padding; blanks count as ``+``.

    A ``+`` that was not percent-encoded arrives as a blank in form fields and queries.

    Raises:
        PayloadInvalid: it is not base64.
    """
    data = text.encode("ascii", "replace") if isinstance(text, str) else text
    data = data.strip(b"\r\n\t").replace(b" ", b"+").replace(b"-", b"+").replace(b"_", b"/").rstrip(b"=")
    try:
        return base64.b64decode(data + b"=" * (-len(data) % 4), validate=True)
    except binascii.Error:
        raise payload_invalid("it is not base64.", "不是有效的 base64。") from None


def gunzip(data: bytes, limit_bytes: int = MAX_UNPACKED_BYTES) -> bytes:
    """The unpacked bytes of a gzip (or zlib) stream, never more than ``limit_bytes`` of memory.

    Raises:
        BodyTooLarge: it unpacks to more than the limit.
        PayloadInvalid: it is not gzip.
    """
    # 32 + 15: read the header to tell gzip from zlib, largest window.
    unpacker = zlib.decompressobj(32 + zlib.MAX_WBITS)
    try:
        unpacked = unpacker.decompress(data, limit_bytes + 1)
    except zlib.error:
        raise payload_invalid("it is not gzip.", "不是有效的 gzip。") from None
    if len(unpacked) > limit_bytes:
        raise BodyTooLarge(size_bytes=len(unpacked), limit_bytes=limit_bytes)
    if not unpacker.eof:
        raise payload_invalid("the gzip stream is cut off.", "gzip 数据不完整。")
    return unpacked


def unwrap_json(wrapped: str | bytes) -> Any:
    """The value of a text that is JSON, base64 of JSON, or base64 of gzip of JSON; told apart by its start.

    Raises:
        PayloadInvalid, BodyTooLarge: as :func:`decode_base64`, :func:`gunzip` and :func:`decode_json`.
    """
    data = wrapped.encode("utf-8", "replace") if isinstance(wrapped, str) else wrapped
    if data.startswith(GZIP_MAGIC):
        return decode_json(gunzip(data))
    if data.lstrip()[:1] in (b"{", b"["):
        return decode_json(data)
    data = decode_base64(data)
    return decode_json(gunzip(data) if data.startswith(GZIP_MAGIC) else data)


def form_fields(body: bytes) -> dict[str, list[str]]:
    """Fields of an ``application/x-www-form-urlencoded`` body, repeated values in order.

    Raises:
        PayloadInvalid: more than 10,000 fields.
    """
    try:
        text = body.decode("utf-8", "replace")
        return parse_qs(text, keep_blank_values=True, max_num_fields=_MAX_FORM_FIELDS)
    except ValueError:
        raise payload_invalid("it has too many form fields.", "表单字段过多。") from None


def is_form(headers: dict[str, str]) -> bool:
    """Whether the content type says that the body is a form."""
    return headers.get("content-type", "").startswith("application/x-www-form-urlencoded")


def basic_user(headers: dict[str, str]) -> str | None:
    """The user name of HTTP Basic authentication (where Segment SDKs put the write key), or None."""
    scheme, _, credentials = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, _, _ = decode_base64(credentials).decode("utf-8", "replace").partition(":")
    except PayloadInvalid:
        return None
    return user or None


def _finite_or_none(digits: str) -> float | None:
    number = float(digits)
    return number if math.isfinite(number) else None
