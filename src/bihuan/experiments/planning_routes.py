"""``/api/projects/{project_id}/experiments``: sizes, before anything is declared."""

from __future__ import annotations

from fastapi import APIRouter, Request

from bihuan.access import ControlDatabase, Viewer
from bihuan.audiences.subjects import check_definition, log_context
from bihuan.experiments.planning import (
    BaselineInput,
    BaselineOutput,
    SizeInput,
    SizeOutput,
    baseline_of,
    sizes,
)
from bihuan.people import People

router = APIRouter(prefix="/api/projects/{project_id}/experiments", tags=["experiments"])


@router.post("/size")
def experiment_size(caller: Viewer, body: SizeInput) -> SizeOutput:
    """How many people show an effect, and which effect so many people show."""
    return sizes(body)


@router.post("/baseline")
def experiment_baseline(
    caller: Viewer, database: ControlDatabase, request: Request, body: BaselineInput
) -> BaselineOutput:
    """What a metric was lately among people who came, to plan an experiment with."""
    people: People = request.app.state.people(caller.project.id)
    if body.eligible is not None:
        with database.read_session() as session:
            check_definition(session, caller.project, people.store, "", body.eligible, "eligible")
    return baseline_of(people.store, log_context(caller.project, people.store), body)
