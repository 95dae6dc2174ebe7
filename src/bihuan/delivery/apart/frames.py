"""What goes between a process and the one that sends for it: pieces of MessagePack, each with its length."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec

from bihuan.delivery.port import (
    Call,
    Content,
    Mail,
    Outgoing,
    Post,
    Push,
    Rejected,
    Result,
    Retry,
    Sent,
    Sms,
    Uncertain,
)

_LENGTH_BYTES = 4


def _decoders(*types: type[Any]) -> dict[str, msgspec.msgpack.Decoder[Any]]:
    return {each.__name__: msgspec.msgpack.Decoder(each) for each in types}


_ENCODER = msgspec.msgpack.Encoder()
_CONTENTS = _decoders(Mail, Sms, Push, Post, Call)
_RESULTS = _decoders(Sent, Retry, Rejected, Uncertain)
_SHARE = msgspec.msgpack.Decoder(tuple[int, list[tuple[str, str, str, msgspec.Raw]]])
_ANSWER = msgspec.msgpack.Decoder(tuple[int, list[tuple[str, msgspec.Raw]]])
_OPENING = msgspec.msgpack.Decoder(tuple[str, dict[str, Any], dict[str, Any], bool])


def opening(kind: str, settings: dict[str, Any], secrets: dict[str, Any], private: bool) -> bytes:
    """The first frame: what ``open_channel`` takes."""
    return _frame((kind, settings, secrets, private))


def read_opening(body: bytes) -> tuple[str, dict[str, Any], dict[str, Any], bool]:
    """The same, read."""
    return _OPENING.decode(body)


def share(number: int, batch: Sequence[Outgoing]) -> bytes:
    """Messages to send; the answer has the same number."""
    messages = [(each.message_id, each.address, type(each.content).__name__, each.content) for each in batch]
    return _frame((number, messages))


def read_share(body: bytes) -> tuple[int, list[Outgoing]]:
    """The same, read."""
    number, messages = _SHARE.decode(body)
    return number, [Outgoing(key, address, _content(name, raw)) for key, address, name, raw in messages]


def answer(number: int, results: Sequence[Result]) -> bytes:
    """A result for each message of a share."""
    return _frame((number, [(type(each).__name__, each) for each in results]))


def read_answer(body: bytes) -> tuple[int, list[Result]]:
    """The same, read."""
    number, results = _ANSWER.decode(body)
    return number, [_result(name, raw) for name, raw in results]


async def next_frame(reader: asyncio.StreamReader) -> bytes | None:
    """The next frame's body; None where the other side has ended."""
    try:
        length = int.from_bytes(await reader.readexactly(_LENGTH_BYTES), "big")
        return await reader.readexactly(length)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


def _frame(said: Any) -> bytes:
    body = _ENCODER.encode(said)
    return len(body).to_bytes(_LENGTH_BYTES, "big") + body


def _content(name: str, raw: msgspec.Raw) -> Content:
    found: Content = _CONTENTS[name].decode(raw)
    return found


def _result(name: str, raw: msgspec.Raw) -> Result:
    found: Result = _RESULTS[name].decode(raw)
    return found
