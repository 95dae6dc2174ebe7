"""``/api/projects/{project_id}/persona`` and ``/overlap``: what an audience is like, and what it shares."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from pydantic import Field

from bihuan.access import Viewer
from bihuan.analytics import persona
from bihuan.analytics.persona import MOST_SETS, Overlap, Persona, PersonaQuery, Sets
from bihuan.audiences.studies.asking import Asking, PersonCursor
from bihuan.audiences.studies.persona_parts import PersonaPart, persona_parts
from bihuan.database import Page
from bihuan.insights import Input, Limit, PersonBehind
from bihuan.warehouse.assignments import value_sql
from bihuan.warehouse.sql import literal

router = APIRouter(prefix="/api/projects/{project_id}", tags=["studies"])

SubjectId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[0-9A-Za-z_]+$")]


class Lines(StreamingResponse):
    """Lines of JSON."""

    media_type = "application/x-ndjson"


class SetOfPeople(Input):
    """The people of an audience, or those with a value of a tag."""

    subject_id: SubjectId
    value: str = Field(default="1", min_length=1, max_length=200)


class PersonaInput(Input):
    """An audience, compared with everyone, or with ``against``."""

    query: PersonaQuery
    of: SetOfPeople
    against: SetOfPeople | None = None


class OverlapInput(Input):
    """Sets whose intersections are asked for."""

    sets: list[SetOfPeople] = Field(min_length=1, max_length=MOST_SETS)


class OverlapPeople(OverlapInput):
    """Who is in the sets at these places, and in no other."""

    within: list[Annotated[int, Field(ge=0, lt=MOST_SETS)]] = Field(min_length=1, max_length=MOST_SETS)


@router.post("/persona")
def ask_persona(caller: Viewer, asking: Asking, body: PersonaInput) -> Persona:
    """In what an audience differs, with intervals, and in what most."""
    ctx = asking.context
    sets = _sets(asking, body)
    rows = [asking.rows(persona.facet_sql(ctx, facet, sets)) for facet in body.query.facets]
    sizes = asking.rows(persona.sizes_sql(ctx, sets))
    return persona.read_persona(body.query, sizes, rows, against_everyone=sets.other is None)


@router.post("/persona/parts", response_class=Lines, responses={200: {"model": PersonaPart}})
def ask_persona_by_parts(caller: Viewer, asking: Asking, body: PersonaInput) -> Lines:
    """The same, with a line of JSON for each facet as soon as it is known; the last line is the whole."""
    sets = _sets(asking, body)
    sizes = asking.rows(persona.sizes_sql(asking.context, sets))
    parts = persona_parts(asking, body.query, sets, sizes)
    lines = (f"{part.model_dump_json()}\n" for part in parts)
    # Nothing on the way may keep lines back until there are more of them.
    return Lines(lines, headers={"x-accel-buffering": "no", "cache-control": "no-store"})


@router.post("/overlap")
def ask_overlap(caller: Viewer, asking: Asking, body: OverlapInput) -> Overlap:
    """How many people are in exactly which of the sets."""
    sets = [_people_sql(asking, each, f"sets[{index}]") for index, each in enumerate(body.sets)]
    return persona.read_overlap(len(sets), asking.rows(persona.overlap_sql(sets)))


@router.post("/overlap/people")
def overlap_people(
    caller: Viewer, asking: Asking, body: OverlapPeople, cursor: PersonCursor = None, limit: Limit = 100
) -> Page[PersonBehind]:
    """Who is in exactly some of the sets."""
    sets = [_people_sql(asking, each, f"sets[{index}]") for index, each in enumerate(body.sets)]
    return asking.page(persona.overlap_people_sql(sets, body.within), cursor, limit, "overlap")


def _sets(asking: Asking, given: PersonaInput) -> Sets:
    asking.check(given.query, "query")
    other = None if given.against is None else _people_sql(asking, given.against, "against")
    return Sets(audience=_people_sql(asking, given.of, "of"), other=other)


def _people_sql(asking: Asking, given: SetOfPeople, path: str) -> str:
    asking.subject(given.subject_id, f"{path}.subject_id")
    held = value_sql(asking.people.store.table, given.subject_id)
    return f"SELECT person FROM ({held}) WHERE value = {literal(given.value)}"
