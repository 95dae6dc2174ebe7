"""Queries on what has just arrived."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import Any

from bihuan.people import People
from bihuan.people.profiles.repository import present_properties
from bihuan.people.repository import events_condition, person_key
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.sql import literal, time_ms, tuple_of

_COLUMNS = (
    "event_id, toString(event), toUnixTimestamp64Milli(time), toUnixTimestamp64Milli(received_at), "
    "distinct_key, distinct_id, session_id, toString(source), toString(properties)"
)
_HOUR_MS = 3_600_000
# How far before the last event to look for a page, until it is full.
_REACHES_MS = (_HOUR_MS, 24 * _HOUR_MS, 30 * 24 * _HOUR_MS)
WIDE = {"max_query_size": 64 << 20}


@dataclass(frozen=True)
class Wanted:
    """Which events: of these names (none: of any), of one person (None: of all)."""

    events: tuple[str, ...] = ()
    person: str | None = None

    def condition(self, people: People) -> str:
        """As SQL; a person's ids are those of this moment."""
        conditions = [f"event IN {tuple_of(self.events)}"] if self.events else []
        if self.person is not None:
            key = person_key(people.identities, self.person)
            conditions.append(f"({events_condition(people.identities, key)})")
        return " AND ".join(conditions) or "1"


@dataclass(frozen=True)
class Arrived:
    """An event with the person that it belongs to now."""

    event_id: uuid.UUID
    event: str
    time_ms: int
    received_ms: int
    person_id: int
    distinct_id: str
    session_id: str
    source: str
    properties: dict[str, Any]


def latest(
    people: People, wanted: Wanted, *, before: tuple[int, uuid.UUID] | None, limit: int
) -> list[Arrived]:
    """The events with the latest times, from before a (time, event id)."""
    store, condition = people.store, wanted.condition(people)
    if before is not None:
        moment = time_ms(before[0])
        condition += f" AND time <= {moment} AND (time, event_id) < ({moment}, {literal(before[1])})"
    last = store.engine.rows(
        f"SELECT count(), toUnixTimestamp64Milli(max(time)) FROM {store.table('events')} WHERE {condition}",
        settings=WIDE,
    )
    count, last_ms = last[0]
    found: list[Arrived] = []
    for reach_ms in (*_REACHES_MS, None) if count else ():
        since = "" if reach_ms is None else f" AND time >= {time_ms(last_ms - reach_ms)}"
        tail = f"ORDER BY time DESC, event_id DESC LIMIT {limit}"
        found = _select(people, f"{condition}{since} {tail}")
        if len(found) >= min(limit, count):
            break
    return found


def arrived(people: People, wanted: Wanted, *, since_ms: int, limit: int) -> list[Arrived]:
    """The events received last, since a moment not long ago; the latest first.

    No index knows when a row was received, but what was stored just now is in parts made just now.
    """
    seconds = max(0, time.time_ns() // 1_000_000 - since_ms) // 1000 + 5
    parts = _parts_made(people.store, seconds)
    if not parts:
        return []
    condition = f"_part IN {tuple_of(parts)} AND received_at >= {time_ms(since_ms)}"
    tail = f"ORDER BY received_at DESC, event_id DESC LIMIT {limit}"
    return _select(people, f"{condition} AND {wanted.condition(people)} {tail}")


def _parts_made(store: ProjectStore, seconds: int) -> list[str]:
    cluster = store.layout.cluster
    parts = f"clusterAllReplicas({literal(cluster)}, system.parts)" if cluster else "system.parts"
    table = "events_local" if cluster else "events"
    rows = store.engine.rows(
        f"SELECT DISTINCT name FROM {parts} WHERE active AND database = {literal(store.layout.database)} "
        f"AND table = {literal(table)} AND modification_time >= now() - {seconds}"
    )
    return [row[0] for row in rows]


def _select(people: People, rest: str) -> list[Arrived]:
    store = people.store
    rows = store.engine.rows(f"SELECT {_COLUMNS} FROM {store.table('events')} WHERE {rest}", settings=WIDE)
    return [
        Arrived(
            event_id,
            event,
            moment_ms,
            received_ms,
            people.identities.person_of(key),
            name,
            session,
            source,
            present_properties(properties),
        )
        for event_id, event, moment_ms, received_ms, key, name, session, source, properties in rows
    ]
