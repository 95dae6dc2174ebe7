"""Rows on their way to the engine, and the batch that one request makes of them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from bihuan.kernel.hashing import key64
from bihuan.warehouse.writing.properties import clean_text, encode_properties
from bihuan.warehouse.writing.rejections import RowRejected

MAX_EVENT_CHARS = 255
MAX_ID_CHARS = 1_024
MAX_TIME_MS = 4_102_444_800_000  # 2100-01-01
# What a row takes besides its texts, for the queue's limit in bytes.
ROW_OVERHEAD_BYTES = 200


class EventRow(msgspec.Struct, frozen=True, gc=False):
    """One row of ``events``. Times are Unix milliseconds; keys are 64-bit; ``properties`` is JSON text.

    Build it with :func:`event_row`, which checks everything that could fail an insert.
    """

    event_id: bytes  # the 16 bytes of the UUID, big-endian
    event: str
    time_ms: int
    received_ms: int
    person_id: int
    distinct_key: int
    distinct_id: str
    session_id: str
    source: str
    properties: bytes


def event_row(
    *,
    event_id: uuid.UUID | bytes,
    event: str,
    time_ms: int,
    received_ms: int,
    distinct_id: str,
    source: str,
    properties: Mapping[str, Any],
    session_id: str = "",
    person_id: int | None = None,
) -> EventRow:
    """A checked row; ``person_id`` is the hash of ``distinct_id`` unless the writer knows better.

    Raises ``RowRejected``, whose ``reason`` and ``path`` go to quarantine.
    """
    if not 0 <= time_ms < MAX_TIME_MS:
        raise RowRejected("time_out_of_range", "time")
    distinct_id = checked_text(distinct_id, "distinct_id", MAX_ID_CHARS)
    distinct_key = key64(distinct_id)
    return EventRow(
        event_id if isinstance(event_id, bytes) else event_id.bytes,
        checked_text(event, "event", MAX_EVENT_CHARS),
        time_ms,
        received_ms,
        distinct_key if person_id is None else person_id,
        distinct_key,
        distinct_id,
        checked_text(session_id, "session_id", MAX_ID_CHARS) if session_id else "",
        source,
        encode_properties(properties),
    )


def checked_text(text: str, path: str, limit: int) -> str:
    """``text`` without NUL characters and lone surrogates; raises ``RowRejected`` when empty or too long."""
    if "\0" in text:
        text = text.replace("\0", "")
    if not text:
        raise RowRejected("text_missing", path)
    if len(text) > limit:
        raise RowRejected("text_too_long", path, actual=len(text), limit=limit)
    return text if text.isascii() else clean_text(text)


@dataclass(frozen=True, slots=True)
class Batch:
    """What one request writes, acknowledged or refused as a whole.

    ``events`` are stored once per event id, ever. ``others`` maps further tables to rows, each a mapping
    with every column of the table; their tables replace rows of the same key, so sending them again is
    harmless. Times in ``others`` are Unix milliseconds.
    """

    events: list[EventRow] = field(default_factory=list)
    others: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def row_count(self) -> int:
        """Rows of all tables."""
        return len(self.events) + sum(map(len, self.others.values()))

    def size_bytes(self) -> int:
        """About how much memory the rows take."""
        events = sum(len(row.properties) for row in self.events)
        others = sum(
            len(value)
            for rows in self.others.values()
            for row in rows
            for value in row.values()
            if isinstance(value, str | bytes)
        )
        return events + others + ROW_OVERHEAD_BYTES * self.row_count()


@dataclass(frozen=True, slots=True)
class WriteOutcome:
    """What became of a batch's events: newly stored, or already there (or twice in the request)."""

    stored: int
    duplicates: int
