"""``/api/projects/{project_id}/dashboard-templates``: ready boards."""

from __future__ import annotations

from fastapi import APIRouter

from bihuan.access import ControlDatabase, InsightEditor, Viewer
from bihuan.insights.templates import service
from bihuan.insights.templates.schemas import FromTemplate, Made, TemplateOutput
from bihuan.insights.wire import author_of

router = APIRouter(prefix="/api/projects/{project_id}", tags=["dashboards"])


@router.get("/dashboard-templates")
def list_templates(caller: Viewer, database: ControlDatabase) -> list[TemplateOutput]:
    """The ready boards, with what the project has and lacks for each tile."""
    with database.read_session() as session:
        return service.templates(session, caller.project)


@router.post("/dashboards/from-template", status_code=201)
def make_from_template(caller: InsightEditor, database: ControlDatabase, body: FromTemplate) -> Made:
    """Make a ready board of the events that the catalog knows; says what it left out and why."""
    author = author_of(caller)
    with database.session() as session:
        return service.make(session, caller.project, author, body.template, body.language)
