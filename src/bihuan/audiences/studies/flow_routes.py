"""``/api/projects/{project_id}/flows``: how people move between values and audiences over time."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from bihuan.access import Viewer
from bihuan.analytics import persona, stages
from bihuan.analytics.stages import STAGES, DayFlow, Link, Transitions
from bihuan.audiences.models import Audience
from bihuan.audiences.studies.asking import Asking, PersonCursor, milliseconds
from bihuan.audiences.studies.persona_routes import SubjectId
from bihuan.database import Page, utc_now
from bihuan.insights import Identifier, Input, Limit, PersonBehind
from bihuan.warehouse.assignments import size_changes

router = APIRouter(prefix="/api/projects/{project_id}/flows", tags=["studies"])

MOST_TIMES = 12


class FlowInput(Input):
    """A tag, or several audiences (of which the first counts that a person is in), at several times."""

    subject_ids: list[SubjectId] = Field(min_length=1, max_length=persona.MOST_SETS)
    times: list[datetime] = Field(min_length=2, max_length=MOST_TIMES)


class FlowPeople(FlowInput):
    """Who is behind a link."""

    step: int = Field(ge=0, lt=MOST_TIMES)
    before: str = Field(max_length=200)
    value: str = Field(max_length=200)


class Flow(BaseModel):
    """The links between neighbouring times; '' is no value. ``names``: what audiences are called."""

    links: list[Link]
    names: dict[str, str]


class SizeOnDay(BaseModel):
    """How many people had a value at the end of a day of the project's calendar."""

    day: date
    value: str
    people: int


@router.post("")
def ask_flow(caller: Viewer, asking: Asking, body: FlowInput) -> Flow:
    """How many people went from where to where, for a Sankey diagram."""
    names = _names(asking, body.subject_ids)
    rows = asking.rows(stages.links_sql(_values_at(asking, body)))
    return Flow(links=list(stages.read_links(rows)), names=names)


@router.post("/people")
def flow_people(
    caller: Viewer, asking: Asking, body: FlowPeople, cursor: PersonCursor = None, limit: Limit = 100
) -> Page[PersonBehind]:
    """Who went that way."""
    _names(asking, body.subject_ids)
    link = Link(step=body.step, before=body.before, value=body.value, people=0)
    return asking.page(stages.link_people_sql(_values_at(asking, body), link), cursor, limit, "flow")


@router.get("/{subject_id}/transitions")
def ask_transitions(
    caller: Viewer, asking: Asking, subject_id: Identifier, after: datetime, until: datetime | None = None
) -> Transitions:
    """The matrix of who had which value at ``after`` and has which at ``until`` (now, if not given)."""
    row = asking.subject(subject_id)
    times = [milliseconds(after), milliseconds(until or utc_now())]
    values = stages.assigned_sql(asking.context, subject_id, times)
    known = STAGES if getattr(row, "kind", "") == "stages" else ()
    return stages.transitions(stages.read_links(asking.rows(stages.links_sql(values))), known)


@router.get("/{subject_id}/days")
def ask_day_flows(
    caller: Viewer, asking: Asking, subject_id: Identifier, after: datetime, until: datetime | None = None
) -> list[DayFlow]:
    """How many people took up and gave up each value, day by day."""
    asking.subject(subject_id)
    span = {"after_ms": milliseconds(after), "until_ms": milliseconds(until or utc_now())}
    sql = stages.moves_sql(asking.context, subject_id, **span)
    return list(stages.day_flows(stages.read_moves(asking.rows(sql))))


@router.get("/{subject_id}/sizes")
def ask_sizes(
    caller: Viewer,
    asking: Asking,
    subject_id: Identifier,
    days: Annotated[int, Query(ge=1, le=1_000)] = 90,
) -> list[SizeOnDay]:
    """How many people had each value at the end of the last days that changed anything."""
    asking.subject(subject_id)
    rows = asking.rows(size_changes(asking.people.store.table, subject_id, caller.project.time_zone))
    return _cumulated([(row[0], row[1], row[2]) for row in rows], days)


def _values_at(asking: Asking, body: FlowInput) -> list[str]:
    times = [milliseconds(each) for each in body.times]
    if len(body.subject_ids) == 1:
        return stages.assigned_sql(asking.context, body.subject_ids[0], times)
    return [persona.held_sql(asking.context, body.subject_ids, each) for each in times]


def _names(asking: Asking, subject_ids: list[str]) -> dict[str, str]:
    rows = [asking.subject(each, f"subject_ids[{index}]") for index, each in enumerate(subject_ids)]
    return {row.id: row.name for row in rows if isinstance(row, Audience)}


def _cumulated(changes: list[tuple[date, str, int]], days: int) -> list[SizeOnDay]:
    sizes: dict[str, int] = {}
    by_day: dict[date, dict[str, int]] = {}
    for day, value, gained in changes:
        sizes[value] = sizes.get(value, 0) + gained
        by_day[day] = dict(sizes)
    return [
        SizeOnDay(day=day, value=value, people=people)
        for day, held in sorted(by_day.items())[-days:]
        for value, people in sorted(held.items())
    ]
