"""Faults of definitions in a project: of what they name there is nothing, or nothing takes what they give."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bihuan.audiences.models import Audience
from bihuan.audiences.tags.models import Tag
from bihuan.catalog import planned_names
from bihuan.journeys.graph.checking import Known, Problem, problems
from bihuan.journeys.graph.definition import Definition
from bihuan.journeys.graph.reading import read_text, read_value
from bihuan.journeys.graph.yaml_text import to_yaml, yaml_of
from bihuan.journeys.ports import NAMED, Services
from bihuan.journeys.schemas import CheckInput, GraphChecked
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.sql import array


def check_draft(
    session: Session, project_id: str, store: ProjectStore, services: Services, given: CheckInput
) -> GraphChecked:
    """All faults of what was written so far; those of the whole graph once every field is filled in."""
    read = read_value(given.definition) if given.yaml is None else read_text(given.yaml)
    if read.definition is None:
        value = read.value if isinstance(read.value, dict) else None
        written = given.yaml if value is None else yaml_of(value)
        return GraphChecked(problems=read.problems, definition=value, yaml=written)
    found = read.located(check(session, project_id, store, services, read.definition))
    return GraphChecked(problems=found, definition=read.definition.stored(), yaml=to_yaml(read.definition))


def check(
    session: Session, project_id: str, store: ProjectStore, services: Services, definition: Definition
) -> list[Problem]:
    """The faults of a definition in this project."""
    return problems(definition, known_names(session, project_id, store, services, definition))


def known_names(
    session: Session, project_id: str, store: ProjectStore, services: Services, definition: Definition
) -> Known:
    """What there is of what a definition names."""
    events, _ = planned_names(session, project_id)
    asked = sorted(_events_in(definition.stored()) - set(events))
    if asked:
        sql = f"SELECT DISTINCT event FROM {store.table('events')} WHERE has({array(asked)}, event)"
        events = set(events) | {row[0] for row in store.engine.rows(sql)}
    kinds = dict(
        session.execute(select(Audience.id, Audience.kind).where(Audience.project_id == project_id)).all()
    )
    tags = session.execute(select(Tag.id, Tag.kind).where(Tag.project_id == project_id)).all()
    names: dict[str, Any] = {
        "event": events,
        "audience": set(kinds),
        "static_audience": {each for each, kind in kinds.items() if kind == "static"},
        "tag": {each for each, kind in tags if kind == "manual"},
    }
    if services.naming is not None:
        for kind in NAMED:
            held = services.naming.names(session, project_id, kind)
            if held is not None:
                names[kind] = held
    present = ("sending", "splitting", "tasks", "rewards", "calling")
    return Known(names, frozenset(each for each in present if getattr(services, each) is not None))


def _events_in(stored: Any) -> set[str]:
    """The names of events that a stored definition asks for, wherever in it."""
    if isinstance(stored, dict):
        listed = stored.get("events")
        own = {each for each in listed if isinstance(each, str)} if isinstance(listed, list) else set()
        return own.union(*(_events_in(value) for value in stored.values())) if stored else own
    if isinstance(stored, list):
        return set().union(*(_events_in(value) for value in stored))
    return set()
