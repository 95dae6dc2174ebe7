"""``/api/projects/{project_id}/stages``: the lifecycle, before it is made a tag."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from bihuan.access import Viewer
from bihuan.analytics import stages
from bihuan.analytics.stages import Returns, ReturnsQuery, StageDefinition
from bihuan.audiences.studies.asking import Asking

router = APIRouter(prefix="/api/projects/{project_id}/stages", tags=["studies"])


class StageSize(BaseModel):
    """How many people are in a stage now."""

    stage: stages.Stage
    people: int


@router.post("/returns")
def ask_returns(caller: Viewer, asking: Asking, body: ReturnsQuery) -> Returns:
    """After how long people still come back, and the definition of stages that follows from it."""
    asking.check(body, "query")
    return stages.read_returns(body, asking.rows(stages.returns_sql(asking.context, body)))


@router.post("/sizes")
def ask_stages(caller: Viewer, asking: Asking, body: StageDefinition) -> list[StageSize]:
    """How many people a definition puts into each stage now."""
    asking.check(body, "definition")
    people = {row[0]: row[1] for row in asking.rows(stages.sizes_sql(asking.context, body))}
    return [StageSize(stage=stage, people=people.get(stage, 0)) for stage in stages.STAGES]
