"""``/api/projects/{project_id}/message-templates``."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from bihuan.access import Caller, CallerSight, ControlDatabase, InsightEditor, Viewer, record_change
from bihuan.database import Page
from bihuan.insights import Cursor, Identifier, Limit, Search, author_of, newest_first
from bihuan.messages.media import Medium
from bihuan.messages.templates import repository, service
from bihuan.messages.templates.bodies import Body
from bihuan.messages.templates.checking import check
from bihuan.messages.templates.models import Template
from bihuan.messages.templates.previewing import designs_shown, previews
from bihuan.messages.templates.rendering import Rendering
from bihuan.messages.templates.schemas import (
    CheckInput,
    DesignOutput,
    ProblemOutput,
    TemplateChange,
    TemplateInput,
    TemplateOutput,
    TemplatePreview,
    TemplatePreviewInput,
    TemplateRow,
    TemplateVersionOutput,
    problem_output,
)
from bihuan.people import People

router = APIRouter(prefix="/api/projects/{project_id}/message-templates", tags=["message templates"])


@router.get("")
def list_templates(
    caller: Viewer,
    database: ControlDatabase,
    search: Search = None,
    medium: Annotated[Medium | None, Query()] = None,
    archived: Annotated[bool | None, Query(description="Left out: both.")] = None,
    sent: Annotated[bool | None, Query(description="Whether any version was sent with.")] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[TemplateRow]:
    """The templates, the newest first."""
    project_id = caller.project.id
    wanted = repository.templates(project_id, search=search, medium=medium, archived=archived, sent=sent)
    with database.read_session() as session:
        rows, after = newest_first(session, wanted, Template.id, cursor, limit)
        return Page(items=service.rows_output(session, rows), next_cursor=after)


@router.get("/designs")
def list_designs(caller: Viewer) -> list[DesignOutput]:
    """Designs to start from, in Chinese and English, as a made-up person would see them."""
    return designs_shown(caller.project)


@router.post("", status_code=201)
def create_template(caller: InsightEditor, database: ControlDatabase, body: TemplateInput) -> TemplateOutput:
    """Keep a template; one that Liquid or MJML cannot read is refused, with line and column."""
    with database.session() as session:
        row = service.create_template(session, caller.project.id, author_of(caller), body)
        _recorded(session, caller, "message_template.created", row, {"name": row.name, "medium": row.medium})
        return service.output(session, row)


@router.post("/check")
def check_body(
    caller: Viewer, database: ControlDatabase, request: Request, body: CheckInput
) -> list[ProblemOutput]:
    """Everything that is wrong with a body that is not saved yet."""
    people = _people(request, caller.project.id)
    with database.read_session() as session:
        known = service.known_of(session, caller.project.id, people)
        stored = repository.stored_snippets(session, caller.project.id)
    return [problem_output(each) for each in check(body.body, stored, body.purpose, known)]


@router.post("/preview")
def preview(
    caller: Viewer,
    database: ControlDatabase,
    request: Request,
    sight: CallerSight,
    body: TemplatePreviewInput,
) -> TemplatePreview:
    """What real people would get, with every value that is missing, by line. Nothing is sent."""
    project = caller.project
    with database.read_session() as session:
        if body.body is not None:
            made = Rendering(body.body, repository.stored_snippets(session, project.id))
        else:
            made = service.rendering(session, project.id, body.template_id or "", body.version)
    people = _people(request, project.id)
    shown, seen = previews(database, project, people, made, body, sight.mask)
    sight.saw("message_preview", body.template_id or "", same=",".join(body.people), of=seen)
    return TemplatePreview(masked=sight.mask.hides, previews=shown)


@router.get("/{template_id}")
def get_template(caller: Viewer, database: ControlDatabase, template_id: Identifier) -> TemplateOutput:
    """One template with the version that is edited now."""
    with database.read_session() as session:
        return service.output(session, service.get_template(session, caller.project.id, template_id))


@router.patch("/{template_id}")
def change_template(
    caller: InsightEditor, database: ControlDatabase, template_id: Identifier, body: TemplateChange
) -> TemplateOutput:
    """Give it new values. A version that was sent with stays as it is: a new body makes the next."""
    with database.session() as session:
        row = service.change_template(session, caller.project, template_id, author_of(caller), body)
        _recorded(
            session,
            caller,
            "message_template.changed",
            row,
            {**body.model_dump(exclude={"body", "revision"}, exclude_none=True), "version": row.version},
        )
        return service.output(session, row)


@router.delete("/{template_id}", status_code=204)
def delete_template(caller: InsightEditor, database: ControlDatabase, template_id: Identifier) -> None:
    """Delete a template that nothing was sent with."""
    with database.session() as session:
        name = service.delete_template(session, caller.project.id, template_id)
        target = ("message_template", template_id)
        record_change(
            session,
            caller,
            "message_template.deleted",
            target,
            project_id=caller.project.id,
            before={"name": name},
        )


@router.get("/{template_id}/versions")
def list_versions(
    caller: Viewer, database: ControlDatabase, template_id: Identifier
) -> list[TemplateVersionOutput]:
    """What it said, the newest first; at most a hundred."""
    with database.read_session() as session:
        service.get_template(session, caller.project.id, template_id)
        rows = session.scalars(repository.versions(caller.project.id, template_id).limit(100))
        return [TemplateVersionOutput.model_validate(row) for row in rows]


@router.post("/{template_id}/versions/{version}/restore")
def restore_version(
    caller: InsightEditor, database: ControlDatabase, template_id: Identifier, version: int
) -> TemplateOutput:
    """Make what an older version says the current one again."""
    with database.session() as session:
        row = service.restore_version(session, caller.project, template_id, author_of(caller), version)
        after = {"restored": version, "version": row.version}
        _recorded(session, caller, "message_template.restored", row, after)
        return service.output(session, row)


@router.get("/{template_id}/check")
def check_template(
    caller: Viewer, database: ControlDatabase, request: Request, template_id: Identifier
) -> list[ProblemOutput]:
    """Everything that is wrong with it: names that nobody knows, what is not translated, too large, …"""
    people = _people(request, caller.project.id)
    with database.read_session() as session:
        row = service.get_template(session, caller.project.id, template_id)
        version = service.get_version(session, caller.project.id, template_id, row.version)
        known = service.known_of(session, caller.project.id, people)
        stored = version.snippets or repository.stored_snippets(session, caller.project.id)
    problems = check(Body.model_validate(version.body), stored, row.purpose, known)
    return [problem_output(each) for each in problems]


def _people(request: Request, project_id: str) -> People:
    people: People = request.app.state.people(project_id)
    return people


def _recorded(session: Any, caller: Caller, action: str, row: Template, after: dict[str, Any]) -> None:
    target = ("message_template", row.id)
    record_change(session, caller, action, target, project_id=caller.project.id, after=after)
