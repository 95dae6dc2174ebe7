"""``/api/projects/{project_id}/campaigns/{campaign_id}/tasks`` and ``…/files``."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse

from bihuan.access import Caller, ControlDatabase, InsightEditor, Viewer
from bihuan.campaigns.service import get_campaign
from bihuan.campaigns.work import service
from bihuan.campaigns.work.errors import FileNotFound
from bihuan.campaigns.work.files import CampaignFiles, files, find_file, read_limited
from bihuan.campaigns.work.models import CampaignFile
from bihuan.campaigns.work.schemas import FileOutput, TaskChange, TaskInput, TaskOutput
from bihuan.database import Database, Page
from bihuan.insights import Cursor, Identifier, Limit, newest_first

router = APIRouter(prefix="/api/projects/{project_id}/campaigns/{campaign_id}", tags=["campaigns"])
_BODY = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
}
FileName = Annotated[
    str,
    Query(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f/\\]+$", description="With its ending."),
]
TaskId = Annotated[str | None, Query(max_length=64)]


@router.get("/tasks")
def list_tasks(caller: Viewer, database: ControlDatabase, campaign_id: Identifier) -> list[TaskOutput]:
    """All tasks, in the order of their making."""
    with database.read_session() as session:
        row = get_campaign(session, caller.project.id, campaign_id)
        return service.outputs(list(session.scalars(service.tasks(row.id))))


@router.post("/tasks", status_code=201)
def create_task(
    caller: InsightEditor, database: ControlDatabase, campaign_id: Identifier, body: TaskInput
) -> TaskOutput:
    """Add a task."""
    with database.session() as session:
        campaign = get_campaign(session, caller.project.id, campaign_id, for_update=True)
        row = service.create_task(session, caller, campaign, body)
        return _one(list(session.scalars(service.tasks(campaign.id))), row.id)


@router.patch("/tasks/{task_id}")
def change_task(
    caller: InsightEditor,
    database: ControlDatabase,
    campaign_id: Identifier,
    task_id: Identifier,
    body: TaskChange,
) -> TaskOutput:
    """Give a task new values, tick it off, hand it to somebody else."""
    with database.session() as session:
        campaign = get_campaign(session, caller.project.id, campaign_id, for_update=True)
        service.change_task(session, caller, campaign, task_id, body)
        return _one(list(session.scalars(service.tasks(campaign.id))), task_id)


@router.delete("/tasks/{task_id}", status_code=204)
def delete_task(
    caller: InsightEditor, database: ControlDatabase, campaign_id: Identifier, task_id: Identifier
) -> None:
    """Delete a task."""
    with database.session() as session:
        campaign = get_campaign(session, caller.project.id, campaign_id, for_update=True)
        service.delete_task(session, caller, campaign, task_id)


@router.get("/files")
def list_files(
    caller: Viewer,
    database: ControlDatabase,
    campaign_id: Identifier,
    task_id: TaskId = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[FileOutput]:
    """The files, the newest first; ``task_id``: those of a task."""
    with database.read_session() as session:
        row = get_campaign(session, caller.project.id, campaign_id)
        rows, after = newest_first(session, files(row.id, task_id), CampaignFile.id, cursor, limit)
    return Page(items=[FileOutput.model_validate(each) for each in rows], next_cursor=after)


@router.post("/files", status_code=201, openapi_extra={"requestBody": {"required": True, **_BODY}})
async def upload_file(
    request: Request,
    caller: InsightEditor,
    database: ControlDatabase,
    campaign_id: Identifier,
    name: FileName,
    task_id: TaskId = None,
) -> FileOutput:
    """Send a file as the request's body: pictures, PDF, office files, text; its content is checked."""
    content = await read_limited(request.stream())
    kept = _files(request)
    return await asyncio.to_thread(_keep, kept, database, caller, campaign_id, name, content, task_id)


@router.get("/files/{file_id}", response_class=FileResponse, responses=_FILE)
def download_file(
    caller: Viewer, database: ControlDatabase, request: Request, campaign_id: Identifier, file_id: Identifier
) -> FileResponse:
    """The file itself, to be saved."""
    with database.read_session() as session:
        campaign = get_campaign(session, caller.project.id, campaign_id)
        row = find_file(session, campaign.id, file_id)
    path = _files(request).path(campaign, row.id)
    if not path.is_file():
        raise FileNotFound(file_id=file_id)
    headers = {"x-content-type-options": "nosniff"}
    # Never shown by the browser as a page of this site.
    return FileResponse(path, media_type="application/octet-stream", filename=row.name, headers=headers)


@router.delete("/files/{file_id}", status_code=204)
def delete_file(
    caller: InsightEditor,
    database: ControlDatabase,
    request: Request,
    campaign_id: Identifier,
    file_id: Identifier,
) -> None:
    """Delete a file."""
    with database.session() as session:
        campaign = get_campaign(session, caller.project.id, campaign_id, for_update=True)
        _files(request).remove(session, caller, campaign, file_id)


def _keep(
    kept: CampaignFiles,
    database: Database,
    caller: Caller,
    campaign_id: str,
    name: str,
    content: bytes,
    task_id: str | None,
) -> FileOutput:
    with database.session() as session:
        campaign = get_campaign(session, caller.project.id, campaign_id, for_update=True)
        row = kept.keep(session, caller, campaign, name, content, task_id=task_id)
        return FileOutput.model_validate(row)


def _files(request: Request) -> CampaignFiles:
    found: CampaignFiles = request.app.state.campaign_files
    return found


def _one(rows: list[Any], task_id: str) -> TaskOutput:
    return next(each for each in service.outputs(rows) if each.id == task_id)
