"""Which names a project has, as far as a definition asks for them."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel
from sqlalchemy.orm import Session

from bihuan.analytics.query import EventSelector, PropertyRef
from bihuan.audiences.models import Audience
from bihuan.audiences.refreshing import Refreshed
from bihuan.audiences.refreshing.checking import Names, parts_of
from bihuan.catalog import planned_names
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.sql import array


def names_of(
    session: Session, project_id: str, store: ProjectStore, rows: Iterable[Refreshed], given: BaseModel
) -> Names:
    """What there is of what a definition asks for.

    Names that the plan does not have yet are looked for in the log itself, which may be ahead of it.
    """
    rows = list(rows)
    parts = [part for part, _ in parts_of(given, "")]
    refs = [part for part in parts if isinstance(part, PropertyRef)]
    events = {name for part in parts if isinstance(part, EventSelector) for name in part.events}
    planned_events, planned_properties = planned_names(session, project_id)
    of_events = {ref.name for ref in refs if ref.scope == "event"}
    of_people = {ref.name for ref in refs if ref.scope == "person"}
    return Names(
        events=planned_events | _events(store, events - planned_events),
        event_properties=planned_properties | _paths(store, "events", of_events - planned_properties),
        person_properties=_paths(store, "profiles", of_people),
        tags={row.id for row in rows if not isinstance(row, Audience)},
        audiences={row.id for row in rows if isinstance(row, Audience)},
    )


def _events(store: ProjectStore, wanted: set[str]) -> set[str]:
    if not wanted:
        return set()
    listed = array(sorted(wanted))
    rows = store.engine.rows(f"SELECT DISTINCT event FROM {store.table('events')} WHERE has({listed}, event)")
    return {row[0] for row in rows}


def _paths(store: ProjectStore, table: str, wanted: set[str]) -> set[str]:
    if not wanted:
        return set()
    rows = store.engine.rows(f"SELECT arrayJoin(distinctJSONPaths(properties)) FROM {store.table(table)}")
    return {row[0] for row in rows} & wanted
