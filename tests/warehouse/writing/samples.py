"""Rows for the tests of the write path."""

from __future__ import annotations

import uuid
from collections import Counter

from bihuan.warehouse import EventRow, ProjectStore, event_row

NOON_MS = 1_760_000_000_000


def sample_id(number: int) -> uuid.UUID:
    """An id that looks like a random one and is the same in every run."""
    return uuid.uuid5(uuid.NAMESPACE_OID, str(number))


def sample_row(
    number: int, *, time_ms: int = NOON_MS, event: str = "buy", received_ms: int = NOON_MS
) -> EventRow:
    """A row whose id follows from ``number``."""
    return event_row(
        event_id=sample_id(number),
        event=event,
        time_ms=time_ms,
        received_ms=received_ms,
        distinct_id=f"user-{number % 7}",
        source="web",
        properties={"number": number, "$os": "iOS"},
    )


def stored_counts(store: ProjectStore) -> Counter[int]:
    """How often each sample number is in the log."""
    rows = store.engine.rows(
        f"SELECT toUInt64(properties.number.:Float64), count() FROM {store.table('events')} GROUP BY 1"
    )
    return Counter(dict(rows))
