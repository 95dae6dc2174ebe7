"""Compressed request bodies, with a limit on what they expand to."""

from __future__ import annotations

import zlib

import pyarrow as pa

from bihuan.collect.errors import BodyTooLarge, PayloadInvalid

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_RAW_DEFLATE = -zlib.MAX_WBITS


def decompress(body: bytes, encoding: str, limit_bytes: int) -> bytes:
    """The plain body for a ``Content-Encoding`` of gzip, deflate or zstd; identity passes through.

    Raises BodyTooLarge as soon as the output passes ``limit_bytes``, so that a small body cannot fill
    memory.
    """
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return body
    if name in ("gzip", "x-gzip"):
        return _inflate(body, _GZIP_OR_ZLIB, limit_bytes)
    if name == "deflate":
        try:
            return _inflate(body, _GZIP_OR_ZLIB, limit_bytes)
        except PayloadInvalid:
            return _inflate(body, _RAW_DEFLATE, limit_bytes)
    if name == "zstd":
        return _zstd(body, limit_bytes)
    raise PayloadInvalid(
        reason_en=f"content encoding {encoding!r} is not supported; use gzip, deflate or zstd.",
        reason_zh=f"不支持的内容编码 {encoding!r}，请使用 gzip、deflate 或 zstd。",
    )


def _inflate(body: bytes, window_bits: int, limit_bytes: int) -> bytes:
    inflater = zlib.decompressobj(window_bits)
    try:
        plain = inflater.decompress(body, limit_bytes + 1)
    except zlib.error as fault:
        raise _damaged(str(fault)) from fault
    if len(plain) > limit_bytes:
        raise BodyTooLarge(size_bytes=f"> {limit_bytes}", limit_bytes=limit_bytes)
    if not inflater.eof:
        raise _damaged("it ends too early")
    return plain


def _zstd(body: bytes, limit_bytes: int) -> bytes:
    try:
        with pa.CompressedInputStream(pa.BufferReader(body), "zstd") as stream:
            plain: bytes = stream.read(limit_bytes + 1)
    except (OSError, pa.ArrowInvalid) as fault:
        raise _damaged(str(fault)) from fault
    if len(plain) > limit_bytes:
        raise BodyTooLarge(size_bytes=f"> {limit_bytes}", limit_bytes=limit_bytes)
    return plain


def _damaged(reason: str) -> PayloadInvalid:
    return PayloadInvalid(
        reason_en=f"the compressed body is damaged ({reason}).", reason_zh=f"压缩的请求体已损坏（{reason}）。"
    )
