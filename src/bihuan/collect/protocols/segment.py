"""The Segment HTTP API, which is also Bihuan's own (`/v1/*`).

Batches are the hot path: one typed decode of the body, then one pass over the messages. Only when that
decode finds a field of the wrong type, or the body is large enough to hide a message over the limit, are
the messages looked at one by one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import msgspec

from bihuan.collect.errors import BatchTooLong
from bihuan.collect.incoming import IncomingEvent, Item, Parsed
from bihuan.collect.protocols.base import CollectProtocol, Outcome, Reply, Request
from bihuan.collect.protocols.encoding import (
    basic_user,
    decode_json,
    payload_invalid,
    repair_json,
    unwrap_json,
)
from bihuan.collect.protocols.rejection import ItemInvalid, type_invalid
from bihuan.collect.protocols.replies import ok_reply, pixel_reply
from bihuan.collect.protocols.segment_context import Context, read_context
from bihuan.collect.protocols.segment_messages import Message, MessageReader, Scalar
from bihuan.collect.protocols.timestamps import read_sent_at_ms
from bihuan.collect.protocols.visitor import request_ip, request_user_agent, visitor_id
from bihuan.kernel.errors import BihuanError, Language

# The last path part of a single call: the HTTP API's words and the browser SDK's letters.
_METHODS: dict[str, str] = {
    "identify": "identify",
    "track": "track",
    "page": "page",
    "screen": "screen",
    "group": "group",
    "alias": "alias",
    "i": "identify",
    "t": "track",
    "p": "page",
    "s": "screen",
    "g": "group",
    "a": "alias",
}
MAX_MESSAGE_BYTES = 32 * 1024
MAX_BATCH_MESSAGES = 2_500
_POSITIONS = tuple(f"batch[{index}]" for index in range(MAX_BATCH_MESSAGES))


class _Batch(msgspec.Struct, rename="camel"):
    batch: list[Message]
    sent_at: Scalar = None
    write_key: str | None = None
    context: msgspec.Raw = msgspec.Raw(b"")


class _Single(Message, rename="camel", gc=False):
    write_key: str | None = None


class _RawBatch(msgspec.Struct):
    batch: list[msgspec.Raw]


_BATCH = msgspec.json.Decoder(_Batch)
_SINGLE = msgspec.json.Decoder(_Single)
_RAW_BATCH = msgspec.json.Decoder(_RawBatch)
_MESSAGE = msgspec.json.Decoder(Message)
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

_TEXTS = ("type", "event", "name", "category")
_OBJECTS = ("properties", "traits", "context")
_SCALARS = (
    "userId",
    "anonymousId",
    "messageId",
    "timestamp",
    "originalTimestamp",
    "sentAt",
    "groupId",
    "previousId",
)


class SegmentProtocol(CollectProtocol):
    """Segment SDKs and plain HTTP. 32 KB a message, 500 KB and 2,500 messages a batch.

    The write key is the user of HTTP Basic, ``writeKey`` in the body, or ``writeKey`` in the query. A request
    with ``Origin`` is a browser's, whose address tells the place; servers name a person's in ``context.ip``.
    """

    name: ClassVar[str] = "segment"
    title: ClassVar[str] = "Segment"
    paths: ClassVar[tuple[tuple[str, str], ...]] = (
        *(("POST", f"/v1/{method}") for method in (*_METHODS, "batch", "b")),
        ("GET", "/v1/pixel/{method}"),
    )
    max_body_bytes: ClassVar[int] = 500 * 1024
    max_message_bytes: ClassVar[int] = MAX_MESSAGE_BYTES
    batch_paths: ClassVar[frozenset[str]] = frozenset(("/v1/batch", "/v1/b"))
    replay_path: ClassVar[str] = "/v1/batch"
    replay_member: ClassVar[str] = "batch"
    methods: ClassVar[dict[str, str]] = _METHODS

    def parse(self, request: Request) -> Parsed:
        """Read a batch, a single call or a pixel. Raises ``PayloadInvalid``, ``BatchTooLong``."""
        path = request.path.rstrip("/")
        if path in self.batch_paths:
            parsed = self._parse_batch(request, request.body)
        elif request.method == "GET":
            parsed = self._parse_single(request, path, pixel_payload(request))
        else:
            parsed = self._parse_plain(request, path) or self._parse_single(
                request, path, decode_json(request.body)
            )
        parsed.write_key = _write_key(request, parsed.write_key)
        if request.client_ip and "origin" in request.headers:
            _place(parsed.items, request.client_ip)
        return parsed

    def accepted(self, request: Request, outcome: Outcome) -> Reply:
        """A GIF for pixels, else status 200 with JSON."""
        return pixel_reply() if request.method == "GET" else ok_reply(outcome)

    def refused(self, request: Request, error: BihuanError, language: Language) -> Reply:
        """A GIF for pixels, always; else the error with ``code`` and ``message`` where the SDKs read them."""
        if request.method == "GET":
            return pixel_reply()
        body = {"code": error.code, "message": error.message(language), **error.as_dict(language)}
        return Reply(status=error.status, body=msgspec.json.encode(body))

    def _parse_batch(self, request: Request, body: bytes) -> Parsed:
        try:
            batch = _BATCH.decode(body)
        except msgspec.ValidationError:
            return self._parse_each(request, body)
        except _UNREADABLE:
            return self._parse_each(request, repair_json(body))
        messages = batch.batch
        if len(messages) > MAX_BATCH_MESSAGES:
            raise BatchTooLong(size=len(messages), limit=MAX_BATCH_MESSAGES)
        if _holds_longer(body, len(messages), self.max_message_bytes):
            return self._parse_each(request, body)
        sent_at = batch.sent_at
        if sent_at is None and messages:
            sent_at = messages[0].sent_at
        parsed = Parsed(write_key=batch.write_key, sent_at_ms=read_sent_at_ms(sent_at))
        reader = MessageReader(_shared_context(bytes(batch.context)), _visitor(request, batch.write_key))
        track, read = reader.track, reader.read
        rejections: list[tuple[str, ItemInvalid]] = []
        for position, message in zip(_POSITIONS, messages, strict=False):
            try:
                if message.type == "track":
                    track(message, position)
                else:
                    read(message, position)
            except ItemInvalid as invalid:
                rejections.append((position, invalid))
        parsed.items = reader.items
        if rejections:
            originals = dict(zip(_POSITIONS, decode_json(body)["batch"], strict=False))
            parsed.rejected = [bad.as_rejected(where, originals[where]) for where, bad in rejections]
        return parsed

    def _parse_each(self, request: Request, body: bytes) -> Parsed:
        """A batch in which some message has a field of the wrong type or is too large."""
        payload = decode_json(body)
        messages = payload.get("batch") if isinstance(payload, dict) else None
        if not isinstance(messages, list):
            raise payload_invalid("`batch` is not a list.", "`batch` 不是列表。", "batch")
        if len(messages) > MAX_BATCH_MESSAGES:
            raise BatchTooLong(size=len(messages), limit=MAX_BATCH_MESSAGES)
        parsed = _envelope(payload)
        shared = _shared_context(msgspec.json.encode(payload.get("context")))
        reader = MessageReader(shared, _visitor(request, parsed.write_key))
        for position, message in zip(_POSITIONS, messages, strict=False):
            self._read_one(message, position, reader, parsed)
        parsed.items = reader.items
        return parsed

    def _parse_plain(self, request: Request, path: str) -> Parsed | None:
        """A single call in which nothing is wrong; None when anything is, to be looked at closely."""
        body = request.body
        if len(body) > self.max_message_bytes:
            return None
        method = path.rpartition("/")[2]
        try:
            message = _SINGLE.decode(body)
            reader = MessageReader(None, _visitor(request, message.write_key))
            message.type = self.methods.get(method, method)
            reader.read(message, "")
        except (*_UNREADABLE, ItemInvalid):
            return None
        sent_at_ms = read_sent_at_ms(message.sent_at)
        return Parsed(write_key=message.write_key or None, sent_at_ms=sent_at_ms, items=reader.items)

    def _parse_single(self, request: Request, path: str, payload: Any) -> Parsed:
        if not isinstance(payload, dict):
            raise payload_invalid("it is not an object.", "不是 JSON 对象。")
        method = path.rpartition("/")[2]
        payload["type"] = self.methods.get(method, method)
        parsed = _envelope(payload)
        reader = MessageReader(None, _visitor(request, parsed.write_key))
        self._read_one(payload, "", reader, parsed)
        parsed.items = reader.items
        return parsed

    def _read_one(self, value: Any, position: str, reader: MessageReader, parsed: Parsed) -> None:
        try:
            reader.read(typed_message(value, self.max_message_bytes), position)
        except ItemInvalid as invalid:
            parsed.rejected.append(invalid.as_rejected(position, value))


def typed_message(value: Any, limit_bytes: int) -> Message:
    """A message of any JSON value.

    Raises:
        ItemInvalid: ``type_invalid`` with the path of the field, or ``event_too_large``.
    """
    if not isinstance(value, dict):
        raise type_invalid("", "an object", "对象")
    for field in _TEXTS:
        if value.get(field) is not None and not isinstance(value[field], str):
            raise type_invalid(field, "a text", "文本")
    for field in _OBJECTS:
        if value.get(field) is not None and not isinstance(value[field], dict):
            raise type_invalid(field, "an object", "对象")
    for field in _SCALARS:
        member = value.get(field)
        if member is not None and (isinstance(member, bool) or not isinstance(member, str | int | float)):
            raise type_invalid(field, "a text or a number", "文本或数字")
    if not isinstance(value.get("mergeProperties", []), list):
        raise type_invalid("mergeProperties", "a list", "列表")
    encoded = msgspec.json.encode(value)
    if len(encoded) > limit_bytes:
        raise ItemInvalid(
            reason="event_too_large",
            detail_en=f"The event has {len(encoded)} bytes; at most {limit_bytes} are accepted.",
            detail_zh=f"事件大小为 {len(encoded)} 字节，上限为 {limit_bytes} 字节。",
        )
    return _MESSAGE.decode(encoded)


def pixel_payload(request: Request) -> Any:
    """The message of a pixel request: ``data`` (base64 of JSON), or fields with dots for nesting.

    ``?event=Open&userId=u&properties.campaign=May`` is a track call with one property.
    """
    data = request.query_value("data")
    if data:
        return unwrap_json(data)
    payload: dict[str, Any] = {}
    for name, values in request.query.items():
        target = payload
        *sections, last = name.split(".")
        for section in sections:
            inner = target.setdefault(section, {})
            if not isinstance(inner, dict):
                break
            target = inner
        target[last] = values[0] if values else ""
    return payload


def _holds_longer(body: bytes, count: int, limit_bytes: int) -> bool:
    """Whether one of the ``count`` messages in ``body`` is longer than ``limit_bytes``.

    When every message has one ``messageId``, a message lies between those of its neighbours; if no two are
    further apart than half the limit, none can be longer. Anything else is measured.
    """
    if len(body) <= limit_bytes:
        return False
    pieces = body.split(b'"messageId"')
    if len(pieces) == count + 1 and max(map(len, pieces)) < limit_bytes // 2 - len(b'"messageId"'):
        return False
    return any(len(bytes(raw)) > limit_bytes for raw in _RAW_BATCH.decode(body).batch)


def _shared_context(raw: bytes) -> Context | None:
    """The context beside ``batch``, which holds for all its messages; an unreadable one says nothing."""
    try:
        return read_context(raw) if raw else None
    except ItemInvalid:
        return None


def _write_key(request: Request, in_body: str | None) -> str | None:
    return basic_user(request.headers) or in_body or request.query_value("writeKey")


def _visitor(request: Request, in_body: str | None) -> Callable[[], str] | None:
    """Who sends this, for a day; None where nothing is known of the sender, as in a replay."""
    if request.client_ip is None:
        return None
    return lambda: visitor_id(
        _write_key(request, in_body),
        request_ip(request),
        request_user_agent(request),
        request.received_ms,
        "day",
    )


def _place(items: list[Item], ip: str) -> None:
    """Let the address of a browser tell where it is; that of a server tells nothing of people."""
    for item in items:
        if type(item) is IncomingEvent and item.ip is None:
            item.ip = ip


def _envelope(payload: dict[str, Any]) -> Parsed:
    key = payload.get("writeKey")
    return Parsed(
        write_key=key if isinstance(key, str) and key else None,
        sent_at_ms=read_sent_at_ms(payload.get("sentAt")),
    )


PROTOCOL = SegmentProtocol()
