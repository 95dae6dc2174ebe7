"""``/api/projects/{project_id}/audiences/{audience_id}/levers``."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from bihuan.access import ControlDatabase, Viewer
from bihuan.audiences.prediction.levers import Sources, levers, people_sql, sources_of
from bihuan.audiences.prediction.schemas import LeverPeople, LeversOutput
from bihuan.audiences.service import get_audience
from bihuan.audiences.studies.asking import Asking, PersonCursor
from bihuan.audiences.subjects import log_context
from bihuan.database import Page
from bihuan.insights import Identifier, Limit, PersonBehind
from bihuan.people import People

router = APIRouter(prefix="/api/projects/{project_id}/audiences/{audience_id}", tags=["predictions"])

Chosen = Annotated[
    str | None, Query(max_length=64, description="A tag of stages, value or churn; the newest if not given.")
]


@router.get("/levers")
def audience_levers(
    caller: Viewer,
    database: ControlDatabase,
    request: Request,
    audience_id: Identifier,
    stage: Chosen = None,
    value: Chosen = None,
    risk: Chosen = None,
) -> LeversOutput:
    """Which lever is the next best for whom, from stage × value × risk, and what is at stake."""
    with database.read_session() as session:
        get_audience(session, caller.project.id, audience_id)
        sources = sources_of(session, caller.project.id, Sources(stage, value, risk))
    people: People = request.app.state.people(caller.project.id)
    return levers(log_context(caller.project, people.store), people.store, audience_id, sources)


@router.post("/levers/people")
def lever_people(
    caller: Viewer,
    asking: Asking,
    audience_id: Identifier,
    body: LeverPeople,
    cursor: PersonCursor = None,
    limit: Limit = 100,
) -> Page[PersonBehind]:
    """Whose next best lever it is."""
    with asking.database.read_session() as session:
        get_audience(session, caller.project.id, audience_id)
        sources = sources_of(session, caller.project.id, Sources(body.stage, body.value, body.risk))
    ctx = asking.context
    groups = levers(ctx, asking.people.store, audience_id, sources).groups
    own = [group for group in groups if group.lever == body.lever]
    return asking.page(people_sql(ctx, audience_id, sources, own), cursor, limit, "levers")
