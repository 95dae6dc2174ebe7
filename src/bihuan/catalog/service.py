"""Verbs of the tracking plan: read, change, import, and what traffic shows."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bihuan.catalog import repository
from bihuan.catalog.checking import PlanChecker, Violation
from bihuan.catalog.errors import CatalogEventNotFound
from bihuan.catalog.models import CatalogEvent, CatalogProperty, CatalogViolation, PlanSettings
from bihuan.catalog.schemas import (
    Description,
    EventOutput,
    EventSummary,
    ImportOutput,
    PlanDocument,
    PlanEvent,
    PlanProperty,
    PlanSettingsChange,
    PropertyOutput,
    Seen,
    plain_choices,
)
from bihuan.database import Database

PROPERTY_RULES = ("status", "type", "required", "pattern", "minimum", "maximum", "owner")


@dataclass(frozen=True)
class PlanChanged:
    """Signal: a project's plan or its settings are different now."""

    project_id: str


def change_settings(session: Session, project_id: str, change: PlanSettingsChange) -> PlanSettings:
    """Set the fields that are given."""
    settings = repository.settings_of(session, project_id, for_update=True)
    for name, value in change.model_dump(exclude_none=True).items():
        setattr(settings, name, value)
    settings.revision += 1
    return settings


def put_event(session: Session, project_id: str, event: PlanEvent) -> ImportOutput:
    """Add or change an event; properties that are not given stay as they are."""
    return import_plan(session, project_id, PlanDocument(events=[event]), with_settings=False)


def import_plan(
    session: Session, project_id: str, plan: PlanDocument, *, with_settings: bool = True
) -> ImportOutput:
    """Add or change what the document has; what it does not name stays as it is."""
    settings = repository.settings_of(session, project_id, for_update=True)
    if with_settings:
        settings.mode = plan.mode
        settings.unknown_events, settings.unknown_properties = plan.unknown_events, plan.unknown_properties
    settings.revision += 1
    rows = repository.events_by_name(session, project_id)
    for event in plan.events:
        if event.name not in rows:
            rows[event.name] = CatalogEvent(project_id=project_id, name=event.name)
            session.add(rows[event.name])
    session.flush()
    properties = repository.properties_of(session, [rows[event.name].id for event in plan.events])
    changed = ImportOutput(events=0, properties=0)
    for event in plan.events:
        row = rows[event.name]
        changed.events += _assign(row, event)
        held = properties[row.id]
        for rule in event.properties:
            if rule.name not in held:
                held[rule.name] = CatalogProperty(event_id=row.id, name=rule.name)
                session.add(held[rule.name])
            changed.properties += _assign_property(held[rule.name], rule)
    return changed


def export_plan(session: Session, project_id: str) -> PlanDocument:
    """The plan as a document: events and properties that are more than seen."""
    settings = repository.find_settings(session, project_id) or PlanSettings(
        mode="observe", unknown_events="allow", unknown_properties="allow"
    )
    rows = sorted(repository.events_by_name(session, project_id).values(), key=lambda row: row.name)
    properties = repository.properties_of(session, [row.id for row in rows])
    return PlanDocument(
        mode=settings.mode,  # type: ignore[arg-type]
        unknown_events=settings.unknown_events,  # type: ignore[arg-type]
        unknown_properties=settings.unknown_properties,  # type: ignore[arg-type]
        events=[_plan_event(row, properties[row.id]) for row in rows],
    )


def get_event(session: Session, project_id: str, name: str) -> EventOutput:
    """One event with its properties.

    Raises:
        CatalogEventNotFound.
    """
    row = repository.find_event(session, project_id, name)
    if row is None:
        raise CatalogEventNotFound(event=name, path="event")
    properties = repository.properties_of(session, [row.id])[row.id]
    outputs = [
        PropertyOutput(
            **_plan_property(each).model_dump(),
            seen=Seen(count=each.seen_count, first_ms=each.first_seen_ms, last_ms=each.last_seen_ms),
            seen_types=each.seen_types,
        )
        for each in sorted(properties.values(), key=lambda each: each.name)
    ]
    return EventOutput(**summary(row).model_dump(), properties=outputs)


def delete_event(session: Session, project_id: str, name: str) -> None:
    """Remove an event; traffic brings it back as a draft. Raises ``CatalogEventNotFound``."""
    row = repository.find_event(session, project_id, name)
    if row is None:
        raise CatalogEventNotFound(event=name, path="event")
    session.delete(row)
    repository.settings_of(session, project_id, for_update=True).revision += 1


def summary(row: CatalogEvent) -> EventSummary:
    """An event as lists show it."""
    return EventSummary(
        name=row.name,
        status=row.status,  # type: ignore[arg-type]
        owner=row.owner,
        description=Description(en=row.description_en, zh=row.description_zh),
        seen=Seen(count=row.seen_count, first_ms=row.first_seen_ms, last_ms=row.last_seen_ms),
    )


def _plan_event(row: CatalogEvent, properties: dict[str, CatalogProperty]) -> PlanEvent:
    return PlanEvent(
        name=row.name,
        status=row.status,  # type: ignore[arg-type]
        owner=row.owner,
        description=Description(en=row.description_en, zh=row.description_zh),
        properties=[_plan_property(properties[name]) for name in sorted(properties)],
    )


def _plan_property(row: CatalogProperty) -> PlanProperty:
    return PlanProperty(
        name=row.name,
        choices=plain_choices(row.choices),
        description=Description(en=row.description_en, zh=row.description_zh),
        **{name: getattr(row, name) for name in PROPERTY_RULES},
    )


def _assign(row: CatalogEvent, event: PlanEvent) -> bool:
    new = {
        "status": event.status,
        "owner": event.owner,
        "description_en": event.description.en,
        "description_zh": event.description.zh,
    }
    return _set(row, new)


def _assign_property(row: CatalogProperty, rule: PlanProperty) -> bool:
    new = {name: getattr(rule, name) for name in PROPERTY_RULES}
    new["choices"] = plain_choices(rule.choices)
    new["description_en"], new["description_zh"] = rule.description.en, rule.description.zh
    return _set(row, new)


def _set(row: CatalogEvent | CatalogProperty, values: Mapping[str, object]) -> bool:
    changed = False
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed = True
    return changed


class Violations:
    """Counts what breaks the plan, in memory until ``flush``; at most ``limit`` kinds between two flushes."""

    def __init__(self, *, limit: int = 1_000, clock_ms: Callable[[], int] | None = None) -> None:
        self._limit = limit
        self._clock_ms = clock_ms or (lambda: time.time_ns() // 1_000_000)
        self._lock = threading.Lock()
        self._counts: dict[tuple[str, str, str], tuple[int, int, int, str]] = {}

    def note(self, violations: Iterable[Violation]) -> None:
        """Count these."""
        now = self._clock_ms()
        with self._lock:
            for each in violations:
                key = (each.event[:255], each.path[:275], each.reason)
                held = self._counts.get(key)
                if held is not None:
                    self._counts[key] = (held[0] + 1, held[1], now, held[3])
                elif len(self._counts) < self._limit:
                    self._counts[key] = (1, now, now, each.example)

    def flush(self, database: Database, project_id: str) -> int:
        """Add the counts to the database; returns how many kinds there were."""
        with self._lock:
            counts, self._counts = self._counts, {}
        if not counts:
            return 0
        with database.session() as session:
            # Locked, so that two processes that flush add up.
            repository.settings_of(session, project_id, for_update=True)
            held = {
                (row.event, row.path, row.reason): row
                for row in session.scalars(repository.violations(project_id))
            }
            for key, (count, first_ms, last_ms, example) in counts.items():
                row = held.get(key)
                if row is None:
                    event, path, reason = key
                    row = CatalogViolation(
                        project_id=project_id,
                        event=event,
                        path=path,
                        reason=reason,
                        count=0,
                        first_seen_ms=first_ms,
                    )
                    session.add(row)
                row.count += count
                row.last_seen_ms, row.example = last_ms, example
        return len(counts)


class PlanKeeper:
    """The compiled plan of one project, compiled anew when its revision has changed.

    ``checker`` is what collection asks for at every request; ``refresh`` reads one row, and is called
    every few seconds and after every change in this process.
    """

    def __init__(self, database: Database, project_id: str) -> None:
        self._database = database
        self._project_id = project_id
        self._revision = -1
        self.violations = Violations()
        self.checker = PlanChecker(PlanDocument())
        self.refresh()

    def refresh(self) -> None:
        """Compile the plan when it has changed."""
        with self._database.read_session() as session:
            settings = repository.find_settings(session, self._project_id)
            if settings is None or settings.revision == self._revision:
                return
            revision, plan = settings.revision, export_plan(session, self._project_id)
        self.checker = PlanChecker(plan, noted=self.violations.note)
        self._revision = revision
