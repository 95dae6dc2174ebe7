"""What traffic shows: counts, first and last times and types of events and properties.

Rows of the log are read once each, by windows of ``received_at``; the end of the last window is kept in
the same transaction as the counts, so a kill loses nothing and counts nothing twice. A window ends
``settle_seconds`` in the past: a row is stored within that time of being received, or never. Rows of imports
come later; they are set apart (``batches.py``) and learned when the import ends.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from bihuan.catalog import repository
from bihuan.catalog.models import NAME_LIMIT, CatalogEvent, CatalogProperty
from bihuan.catalog.schemas import PropertyType
from bihuan.database import Database
from bihuan.kernel.vocabulary import STANDARD, StandardType
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.sql import json_path, literal, time_ms, tuple_of

# More names than this are a sender's mistake (an id in the name); further ones are not learned.
MAX_EVENTS = 2_000
MAX_PROPERTIES = 1_000
ROWS_AT_ONCE = 2_000_000

_ENGINE_TYPES: dict[str, PropertyType] = {
    "String": "text",
    "Float64": "number",
    "Int64": "number",
    "Bool": "flag",
    "Array(Nullable(String))": "text_list",
    "Array(Nullable(Float64))": "number_list",
}
_STANDARD_TYPES: dict[StandardType, PropertyType] = {
    "text": "text",
    "category": "text",
    "number": "number",
    "flag": "flag",
}


@dataclass
class SeenOf:
    """Count and span of one thing in a window; ``types`` counts by type."""

    count: int = 0
    first_ms: int = 1 << 62
    last_ms: int = -(1 << 62)
    types: dict[str, int] = field(default_factory=dict)

    def add(self, count: int, first_ms: int, last_ms: int, kind: str | None = None) -> None:
        """Add an observation."""
        self.count += count
        self.first_ms, self.last_ms = min(self.first_ms, first_ms), max(self.last_ms, last_ms)
        if kind is not None:
            self.types[kind] = self.types.get(kind, 0) + count


@dataclass
class Window:
    """What the rows of a window showed: events, and properties by (event, name)."""

    events: dict[str, SeenOf]
    properties: dict[tuple[str, str], SeenOf]


def learn(
    database: Database,
    project_id: str,
    store: ProjectStore,
    *,
    settle_seconds: float,
    now_ms: int | None = None,
    rows_at_once: int = ROWS_AT_ONCE,
) -> int:
    """Learn from one window of new rows; returns how many there were (0: nothing new)."""
    with database.session() as session:
        since_ms = repository.settings_of(session, project_id).learned_until_ms
        apart = repository.batches(session, project_id)
    present_ms = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    until_ms = _window_end(store, since_ms, present_ms - int(settle_seconds * 1000), rows_at_once)
    if until_ms <= since_ms:
        return 0
    where = f"received_at > {time_ms(since_ms)} AND received_at <= {time_ms(until_ms)}"
    pairs = [each for each in apart if since_ms < each[1] <= until_ms]
    if pairs:
        listed = ", ".join(f"({literal(source)}, {time_ms(moment_ms)})" for source, moment_ms in pairs)
        where += f" AND (source, received_at) NOT IN ({listed})"
    window = read_rows(store, where)
    with database.session() as session:
        settings = repository.settings_of(session, project_id, for_update=True)
        if settings.learned_until_ms != since_ms or repository.batches(session, project_id) != apart:
            # Another process learned from this window in the meantime, or some of it is now set apart.
            return 0
        add_window(session, project_id, window)
        settings.learned_until_ms = until_ms
    return sum(seen.count for seen in window.events.values())


def _window_end(store: ProjectStore, since_ms: int, latest_ms: int, rows_at_once: int) -> int:
    rows = store.engine.rows(
        f"SELECT toUnixTimestamp64Milli(received_at) FROM {store.table('events')} "
        f"WHERE received_at > {time_ms(since_ms)} AND received_at <= {time_ms(latest_ms)} "
        f"ORDER BY received_at LIMIT 1 OFFSET {rows_at_once - 1}"
    )
    return int(rows[0][0]) if rows else latest_ms


def read_rows(store: ProjectStore, where: str) -> Window:
    """What the rows of the log that meet a condition show."""
    table = store.table("events")
    span = "toUnixTimestamp64Milli(min(time)), toUnixTimestamp64Milli(max(time))"
    events: defaultdict[str, SeenOf] = defaultdict(SeenOf)
    properties: defaultdict[tuple[str, str], SeenOf] = defaultdict(SeenOf)
    for event, count, first, last in store.engine.rows(
        f"SELECT event, count(), {span} FROM {table} WHERE {where} GROUP BY event"
    ):
        events[event].add(count, first, last)
    for paths in ("JSONDynamicPathsWithTypes(properties)", "JSONSharedDataPathsWithTypes(properties)"):
        for event, name, kind, count, first, last in store.engine.rows(
            f"SELECT event, name, kind, count(), {span} FROM {table} "
            f"ARRAY JOIN mapKeys({paths}) AS name, mapValues({paths}) AS kind "
            f"WHERE {where} GROUP BY event, name, kind"
        ):
            properties[event, name].add(count, first, last, _ENGINE_TYPES.get(kind, "text"))
    _read_standard(store, where, properties)
    return Window(dict(events), dict(properties))


def _read_standard(store: ProjectStore, where: str, properties: dict[tuple[str, str], SeenOf]) -> None:
    # Declared paths are columns of their own, present in every row.
    columns = ", ".join(
        f"countIf({given}), toUnixTimestamp64Milli(minIf(time, {given})), "
        f"toUnixTimestamp64Milli(maxIf(time, {given}))"
        for given in (f"isNotNull(properties.{json_path(name)})" for name in STANDARD)
    )
    rows = store.engine.rows(
        f"SELECT event, {columns} FROM {store.table('events')} WHERE {where} GROUP BY event"
    )
    for event, *values in rows:
        for index, (name, kind) in enumerate(STANDARD.items()):
            count, first, last = values[index * 3 : index * 3 + 3]
            if count:
                properties[event, name].add(count, first, last, _STANDARD_TYPES[kind])


def add_window(session: Session, project_id: str, window: Window) -> None:
    """Add what rows showed to the catalog; counts may be negative where rows were deleted."""
    rows = repository.events_by_name(session, project_id)
    for name, seen in window.events.items():
        if name not in rows:
            if seen.count < 0 or len(rows) >= MAX_EVENTS or len(name) > NAME_LIMIT:
                continue
            rows[name] = CatalogEvent(project_id=project_id, name=name, seen_count=0)
            session.add(rows[name])
        _add_seen(rows[name], seen)
    session.flush()
    seen_ids = [rows[name].id for name in window.events if name in rows]
    properties = repository.properties_of(session, seen_ids)
    for (event, name), seen in sorted(window.properties.items()):
        if event not in rows or len(name) > NAME_LIMIT:
            continue
        held = properties[rows[event].id]
        if name not in held:
            if seen.count < 0 or len(held) >= MAX_PROPERTIES:
                continue
            held[name] = CatalogProperty(event_id=rows[event].id, name=name, seen_count=0, seen_types={})
            session.add(held[name])
        row = held[name]
        _add_seen(row, seen)
        # A new dict: the column does not notice changes inside one.
        counts = {
            kind: row.seen_types.get(kind, 0) + seen.types.get(kind, 0)
            for kind in sorted({*row.seen_types, *seen.types})
        }
        row.seen_types = {kind: count for kind, count in counts.items() if count > 0 or seen.count == 0}


def learn_names(database: Database, project_id: str, store: ProjectStore, names: Sequence[str]) -> list[str]:
    """Put events of these names into the catalog that are not in it, so that they can be asked about at once.

    Their counts stay 0 until they are learned as all others are. Returns the names that are in the catalog
    now, or will never be.
    """
    with database.read_session() as session:
        held = repository.events_by_name(session, project_id)
    new = [name for name in names if name not in held and len(name) <= NAME_LIMIT]
    if not new or len(held) >= MAX_EVENTS:
        return list(names)
    window = read_rows(store, f"event IN {tuple_of(new)}")
    for seen in (*window.events.values(), *window.properties.values()):
        seen.count, seen.types = 0, dict.fromkeys(seen.types, 0)
    with database.session() as session:
        repository.settings_of(session, project_id, for_update=True)
        known = repository.events_by_name(session, project_id)
        window.events = {name: seen for name, seen in window.events.items() if name not in known}
        window.properties = {key: seen for key, seen in window.properties.items() if key[0] in window.events}
        add_window(session, project_id, window)
    return [name for name in names if name not in new or name in window.events or name in known]


def _add_seen(row: CatalogEvent | CatalogProperty, seen: SeenOf) -> None:
    row.seen_count += seen.count
    row.first_seen_ms = seen.first_ms if row.first_seen_ms is None else min(row.first_seen_ms, seen.first_ms)
    row.last_seen_ms = seen.last_ms if row.last_seen_ms is None else max(row.last_seen_ms, seen.last_ms)
