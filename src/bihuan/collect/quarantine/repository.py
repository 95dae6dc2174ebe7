"""Queries on the table of items kept aside."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from bihuan.warehouse import ProjectStore
from bihuan.warehouse.sql import literal, time_ms, tuple_of

ItemStatus = Literal["held", "replayed", "discarded"]
COLUMNS = (
    "item_id", "received_at", "source", "protocol", "event", "reason", "path", "detail_en", "detail_zh",
    "raw", "status", "version",
)  # fmt: skip


_READ = {"received_at": "toUnixTimestamp64Milli(received_at)"}


@dataclass(frozen=True, slots=True)
class HeldItem:
    """One occurrence of an item; ``raw`` is its payload as JSON text, ``path`` the field at fault."""

    item_id: uuid.UUID
    received_ms: int
    source: str
    protocol: str
    event: str
    reason: str
    path: str
    detail_en: str
    detail_zh: str
    raw: str
    status: ItemStatus
    version: int


@dataclass(frozen=True, slots=True)
class SeenItem:
    """An item as it was seen last, with how often and since when.

    The same payload refused for the same reason is one item. It is held while any of its occurrences is: one
    that comes again after it was discarded or replayed is there again.
    """

    item: HeldItem
    times: int
    first_ms: int
    last_ms: int


@dataclass(frozen=True, slots=True)
class Filter:
    """Which items; None does not narrow. Received from ``since_ms`` and before ``until_ms``.

    ``condition`` is for occurrences; of those that it finds, ``status`` is that of the item as a whole in a
    list of items.
    """

    status: ItemStatus | None = None
    reason: str | None = None
    source: str | None = None
    protocol: str | None = None
    event: str | None = None
    since_ms: int | None = None
    until_ms: int | None = None
    search: str | None = None
    item_ids: tuple[uuid.UUID, ...] | None = None

    def condition(self) -> str:
        """The filter as SQL, for occurrences."""
        conditions = ["1"]
        for name in ("status", "reason", "source", "protocol", "event"):
            value = getattr(self, name)
            if value is not None:
                conditions.append(f"{name} = {literal(value)}")
        if self.since_ms is not None:
            conditions.append(f"received_at >= {time_ms(self.since_ms)}")
        if self.until_ms is not None:
            conditions.append(f"received_at < {time_ms(self.until_ms)}")
        if self.search:
            conditions.append(f"positionCaseInsensitiveUTF8(raw, {literal(self.search)}) > 0")
        if self.item_ids is not None:
            conditions.append(f"item_id IN {tuple_of(self.item_ids)}" if self.item_ids else "0")
        return " AND ".join(conditions)


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many items there are of a reason, event, source and status, and when the first and last came.

    ``times``: how often they were seen in all.
    """

    reason: str
    event: str
    source: str
    status: ItemStatus
    count: int
    times: int
    first_ms: int
    last_ms: int


def select_items(store: ProjectStore, condition: str, *, limit: int) -> list[HeldItem]:
    """Occurrences that meet the condition, the latest first, each in its newest version."""
    columns = ", ".join(_READ.get(name, name) for name in COLUMNS)
    rows = store.engine.rows(
        f"SELECT {columns} FROM {store.table('quarantine')} FINAL WHERE {condition} "
        f"ORDER BY received_at DESC, item_id DESC LIMIT {limit}",
        settings={"max_query_size": 64 << 20},
    )
    return [HeldItem(*row) for row in rows]


def list_items(
    store: ProjectStore, wanted: Filter, *, before: tuple[int, uuid.UUID] | None = None, limit: int
) -> list[SeenItem]:
    """Items, those seen last first; each once, however often it was seen."""
    # Of a held item the last that is held: an older occurrence may have been mended since.
    last = "(status = 'held', received_at, version)"
    columns = [
        f"argMax({_READ.get(name, name)}, {last}) AS {name}_of"
        for name in COLUMNS
        if name not in ("item_id", "status")
    ]
    having = ["1"]
    if wanted.status is not None:
        having.append(f"status_of = {literal(wanted.status)}")
    if before is not None:
        having.append(f"(last_at, item_id) < ({time_ms(before[0])}, {literal(before[1])})")
    rows = store.engine.rows(
        f"SELECT item_id, {', '.join(columns)}, "
        f"if(countIf(status = 'held') > 0, 'held', argMax(toString(status), received_at)) AS status_of, "
        "count() AS times, min(received_at) AS first_at, max(received_at) AS last_at, "
        "toUnixTimestamp64Milli(first_at), toUnixTimestamp64Milli(last_at) "
        f"FROM {store.table('quarantine')} FINAL WHERE {replace(wanted, status=None).condition()} "
        f"GROUP BY item_id HAVING {' AND '.join(having)} ORDER BY last_at DESC, item_id DESC LIMIT {limit}",
        settings={"max_query_size": 64 << 20},
    )
    return [SeenItem(HeldItem(*(*row[:10], row[11], row[10])), row[12], row[15], row[16]) for row in rows]


def count_by_reason(store: ProjectStore, condition: str) -> list[ReasonCount]:
    """Counts, the most frequent first."""
    rows = store.engine.rows(
        "SELECT reason, event, source, status, uniqExact(item_id) AS items, count(), "
        "toUnixTimestamp64Milli(min(received_at)), toUnixTimestamp64Milli(max(received_at)) "
        f"FROM {store.table('quarantine')} FINAL WHERE {condition} "
        "GROUP BY reason, event, source, status ORDER BY items DESC, reason, event, source, status"
    )
    return [ReasonCount(*row) for row in rows]


def insert_items(store: ProjectStore, items: Sequence[HeldItem]) -> None:
    """Write items, or newer versions of them."""
    rows = [
        (
            item.item_id, datetime.fromtimestamp(item.received_ms / 1000, UTC), item.source, item.protocol,
            item.event, item.reason, item.path, item.detail_en, item.detail_zh, item.raw, item.status,
            item.version,
        )
        for item in items
    ]  # fmt: skip
    store.engine.insert_rows(store.table("quarantine"), COLUMNS, rows)


def with_status(items: Iterable[HeldItem], status: ItemStatus) -> list[HeldItem]:
    """The items in this status, as newer versions."""
    return [replace(item, status=status, version=item.version + 1) for item in items]
