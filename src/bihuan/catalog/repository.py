"""Queries on the tracking plan."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bihuan.catalog.models import CatalogBatch, CatalogEvent, CatalogProperty, CatalogViolation, PlanSettings


def settings_of(session: Session, project_id: str, *, for_update: bool = False) -> PlanSettings:
    """The project's settings, made on first use."""
    statement = select(PlanSettings).where(PlanSettings.project_id == project_id)
    if for_update:
        statement = statement.with_for_update()
    found = session.scalar(statement)
    if found is not None:
        return found
    try:
        with session.begin_nested():
            session.add(PlanSettings(project_id=project_id))
    except IntegrityError:
        # Another process made it at the same moment; it is there now.
        pass
    return session.execute(statement).scalar_one()


def find_settings(session: Session, project_id: str) -> PlanSettings | None:
    """The project's settings; None before first use."""
    return session.get(PlanSettings, project_id)


def events(project_id: str, *, status: str | None = None, search: str | None = None) -> Select[CatalogEvent]:
    """The events of a project's catalog."""
    statement = select(CatalogEvent).where(CatalogEvent.project_id == project_id)
    if status is not None:
        statement = statement.where(CatalogEvent.status == status)
    if search:
        escaped = search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        statement = statement.where(CatalogEvent.name.ilike(f"%{escaped}%", escape="\\"))
    return statement


def planned_names(session: Session, project_id: str) -> tuple[set[str], set[str]]:
    """The names of all events and of all their properties that the catalog has."""
    named = session.scalars(select(CatalogEvent.name).where(CatalogEvent.project_id == project_id))
    of_events = select(CatalogProperty.name).join(CatalogEvent, CatalogEvent.id == CatalogProperty.event_id)
    properties = session.scalars(of_events.where(CatalogEvent.project_id == project_id).distinct())
    return set(named), set(properties)


def find_event(session: Session, project_id: str, name: str) -> CatalogEvent | None:
    """One event by its name."""
    return session.scalar(events(project_id).where(CatalogEvent.name == name))


def events_by_name(session: Session, project_id: str) -> dict[str, CatalogEvent]:
    """All events of a project."""
    return {row.name: row for row in session.scalars(events(project_id))}


def properties_of(session: Session, event_ids: Iterable[str]) -> dict[str, dict[str, CatalogProperty]]:
    """The properties of some events: event id to name to row."""
    wanted = list(event_ids)
    found: dict[str, dict[str, CatalogProperty]] = {event_id: {} for event_id in wanted}
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        for row in session.scalars(select(CatalogProperty).where(CatalogProperty.event_id.in_(part))):
            found[row.event_id][row.name] = row
    return found


def violations(project_id: str) -> Select[CatalogViolation]:
    """What broke the plan."""
    return select(CatalogViolation).where(CatalogViolation.project_id == project_id)


def batches(session: Session, project_id: str) -> list[tuple[str, int]]:
    """Source and moment of the rows that are learned apart."""
    statement = select(CatalogBatch.source, CatalogBatch.received_ms)
    rows = session.execute(statement.where(CatalogBatch.project_id == project_id))
    return sorted((source, received_ms) for source, received_ms in rows)
