"""Learning from imports: rows that are stored long after they were received, and may be deleted again."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from bihuan.catalog import repository
from bihuan.catalog.learning import SeenOf, Window, add_window, read_rows
from bihuan.catalog.models import CatalogBatch, CatalogEvent, CatalogProperty
from bihuan.database import Database
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.sql import literal, time_ms, tuple_of


def set_apart(session: Session, project_id: str, source: str, received_ms: int) -> None:
    """Have the rows of this source and moment learned by ``learn_batch`` only; before the first is stored."""
    if session.get(CatalogBatch, (project_id, source, received_ms)) is None:
        session.add(CatalogBatch(project_id=project_id, source=source, received_ms=received_ms, seen={}))


def learn_batch(
    database: Database, project_id: str, store: ProjectStore, source: str, received_ms: int
) -> None:
    """Count the rows of this source and moment as they are now, instead of as they were counted before."""
    where = f"source = {literal(source)} AND received_at = {time_ms(received_ms)}"
    window = read_rows(store, where)
    with database.session() as session:
        repository.settings_of(session, project_id, for_update=True)
        batch = session.get(CatalogBatch, (project_id, source, received_ms))
        if batch is None:
            return
        before = _loaded(batch.seen)
        batch.seen = _dumped(window)
        change = _difference(window, before)
        add_window(session, project_id, change)
        fewer = [name for name, seen in change.events.items() if seen.count < 0]
        if fewer:
            session.flush()
            _tidy(session, project_id, store, fewer)


def _tidy(session: Session, project_id: str, store: ProjectStore, names: list[str]) -> None:
    """Take away what has no rows any more and nobody planned; say anew when the others were seen."""
    spans = {
        row[0]: row[1:]
        for row in store.engine.rows(
            "SELECT event, toUnixTimestamp64Milli(min(time)), toUnixTimestamp64Milli(max(time)) "
            f"FROM {store.table('events')} WHERE event IN {tuple_of(names)} GROUP BY event"
        )
    }
    held = repository.events_by_name(session, project_id)
    rows = [held[name] for name in names if name in held]
    properties = repository.properties_of(session, [row.id for row in rows])
    for row in rows:
        of_event = list(properties[row.id].values())
        for each in of_event:
            _trim(each, spans.get(row.name))
        _trim(row, spans.get(row.name))
        planned = _is_planned(row) or any(_is_planned(each) for each in of_event)
        if row.name not in spans and row.seen_count <= 0 and not planned:
            session.delete(row)
            continue
        for each in of_event:
            if each.seen_count <= 0 and not _is_planned(each):
                session.delete(each)


def _trim(row: CatalogEvent | CatalogProperty, span: tuple[int, int] | None) -> None:
    if row.seen_count <= 0 or span is None:
        row.first_seen_ms = row.last_seen_ms = None
        return
    row.first_seen_ms = max(span[0], span[0] if row.first_seen_ms is None else row.first_seen_ms)
    row.last_seen_ms = min(span[1], span[1] if row.last_seen_ms is None else row.last_seen_ms)


def _is_planned(row: CatalogEvent | CatalogProperty) -> bool:
    said = row.owner or row.description_en or row.description_zh
    rules = isinstance(row, CatalogProperty) and (row.type or row.required or row.choices or row.pattern)
    return bool(row.status != "draft" or said or rules)


def _difference(now: Window, before: Window) -> Window:
    return Window(
        {
            name: _less(now.events.get(name), before.events.get(name))
            for name in {*now.events, *before.events}
        },
        {
            name: _less(now.properties.get(name), before.properties.get(name))
            for name in {*now.properties, *before.properties}
        },
    )


def _less(now: SeenOf | None, before: SeenOf | None) -> SeenOf:
    now, before = now or SeenOf(), before or SeenOf()
    types = {kind: now.types.get(kind, 0) - before.types.get(kind, 0) for kind in {*now.types, *before.types}}
    return SeenOf(now.count - before.count, now.first_ms, now.last_ms, types)


def _dumped(window: Window) -> dict[str, Any]:
    return {
        "events": {name: seen.count for name, seen in window.events.items()},
        "properties": [
            [event, name, seen.count, seen.types] for (event, name), seen in window.properties.items()
        ],
    }


def _loaded(seen: dict[str, Any]) -> Window:
    return Window(
        {name: SeenOf(count) for name, count in seen.get("events", {}).items()},
        {
            (event, name): SeenOf(count, types=types)
            for event, name, count, types in seen.get("properties", [])
        },
    )
