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


@dataclass(frozen=True, slots=True)
class HeldItem:
    """One item; ``raw`` is its payload as JSON text, ``path`` the field at fault."""

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
class Filter:
    """Which items; None does not narrow. Received from ``since_ms`` and before ``until_ms``."""

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
        """The filter as SQL."""
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
    """How many items there are of a reason, event, source and status, and when the first and last came."""

    reason: str
    event: str
    source: str
    status: ItemStatus
    count: int
    first_ms: int
    last_ms: int


def select_items(store: ProjectStore, condition: str, *, limit: int) -> list[HeldItem]:
    """Items that meet the condition, the latest first, each in its newest version."""
    columns = ", ".join(
        f"toUnixTimestamp64Milli({name})" if name == "received_at" else name for name in COLUMNS
    )
    rows = store.engine.rows(
        f"SELECT {columns} FROM {store.table('quarantine')} FINAL WHERE {condition} "
        f"ORDER BY received_at DESC, item_id DESC LIMIT {limit}",
        settings={"max_query_size": 64 << 20},
    )
    return [HeldItem(*row) for row in rows]


def before(received_ms: int, item_id: uuid.UUID) -> str:
    """The items after this one in the order of the list."""
    return f"(received_at, item_id) < ({time_ms(received_ms)}, {literal(item_id)})"


def count_by_reason(store: ProjectStore, condition: str) -> list[ReasonCount]:
    """Counts, the most frequent first."""
    rows = store.engine.rows(
        "SELECT reason, event, source, status, count() AS items, toUnixTimestamp64Milli(min(received_at)), "
        f"toUnixTimestamp64Milli(max(received_at)) FROM {store.table('quarantine')} FINAL WHERE {condition} "
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
