"""Which properties are personal: guessed by their names, decided by members."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from bihuan.access import Caller, record_change
from bihuan.access.personal.models import PersonalProperty
from bihuan.access.personal.patterns import Kind, kind_by_name
from bihuan.catalog.models import CatalogEvent, CatalogProperty
from bihuan.catalog.personal.schemas import PersonalPropertyInput, PersonalPropertyOutput


def personal_properties(
    session: Session, project_id: str, of_people: Iterable[str] = ()
) -> list[PersonalPropertyOutput]:
    """Every property that seems personal or was decided on, by name.

    Args:
        of_people: the names of properties that people have; those of events are in the catalog.
    """
    statement = (
        select(CatalogProperty.name)
        .join(CatalogEvent, CatalogEvent.id == CatalogProperty.event_id)
        .where(CatalogEvent.project_id == project_id)
        .distinct()
    )
    found = {
        name: PersonalPropertyOutput(name=name, kind=kind, state="guessed", decided_by=None, decided_at=None)
        for name in {*session.scalars(statement), *of_people}
        if (kind := kind_by_name(name)) is not None
    }
    rows = session.scalars(select(PersonalProperty).where(PersonalProperty.project_id == project_id))
    found |= {row.name: _shown(row) for row in rows}
    return [found[name] for name in sorted(found)]


def decide(session: Session, caller: Caller, given: PersonalPropertyInput) -> PersonalPropertyOutput:
    """Keep a decision on a property, whatever its name suggests."""
    project_id = caller.project.id
    before = session.get(PersonalProperty, (project_id, given.name))
    was = None if before is None else {"personal": before.personal, "kind": before.kind}
    row = PersonalProperty(
        project_id=project_id,
        name=given.name,
        kind=given.kind or kind_by_name(given.name) or "other",
        personal=given.personal,
        decided_by=caller.actor.name,
    )
    row = session.merge(row)
    after = {"personal": row.personal, "kind": row.kind}
    target = ("property", given.name)
    record_change(
        session, caller, "personal_data.decided", target, project_id=project_id, before=was, after=after
    )
    return _shown(row)


def forget(session: Session, caller: Caller, name: str) -> None:
    """Take a decision back: the name counts again."""
    project_id = caller.project.id
    row = session.get(PersonalProperty, (project_id, name))
    if row is not None:
        before = {"personal": row.personal, "kind": row.kind}
        session.delete(row)
        target = ("property", name)
        record_change(
            session, caller, "personal_data.forgotten", target, project_id=project_id, before=before
        )


def _kind(row: PersonalProperty) -> Kind:
    return row.kind  # type: ignore[return-value]


def _shown(row: PersonalProperty) -> PersonalPropertyOutput:
    return PersonalPropertyOutput(
        name=row.name,
        kind=_kind(row),
        state="confirmed" if row.personal else "rejected",
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )
