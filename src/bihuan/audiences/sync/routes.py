"""``/api/projects/{project_id}/audience-syncs``.

Who sets one up sends data out for good: that takes the right to edit data, which includes that to export.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse

from bihuan.access import (
    Caller,
    ControlDatabase,
    DataEditor,
    Exporter,
    PermissionMissing,
    Viewer,
    record_act,
)
from bihuan.audiences.sync import service
from bihuan.audiences.sync.errors import SyncFileGone
from bihuan.audiences.sync.files import file_path
from bihuan.audiences.sync.jobs import SyncOut, enqueue_sync
from bihuan.audiences.sync.models import AudienceSync, Delivery
from bihuan.audiences.sync.schemas import (
    DeliveryOutput,
    NewSecret,
    SendInput,
    SyncChange,
    SyncCreated,
    SyncInput,
    SyncOutput,
)
from bihuan.database import Page
from bihuan.insights import Cursor, Identifier, Limit, author_of, newest_first
from bihuan.jobs import JobStatus

router = APIRouter(prefix="/api/projects/{project_id}/audience-syncs", tags=["audiences"])
_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}


@router.get("")
def list_syncs(
    caller: Viewer, database: ControlDatabase, cursor: Cursor = None, limit: Limit = 100
) -> Page[SyncOutput]:
    """What is sent out, the newest first."""
    with database.read_session() as session:
        wanted = service.syncs(caller.project.id)
        rows, after = newest_first(session, wanted, AudienceSync.id, cursor, limit)
    return Page(items=[service.output(row) for row in rows], next_cursor=after)


@router.post("", status_code=201)
def create_sync(
    caller: DataEditor, database: ControlDatabase, request: Request, body: SyncInput
) -> SyncCreated:
    """Send an audience, or a tag's value, out from now on: everybody who is in it first, then the changes."""
    _may_unmask(caller, body.unmask)
    private = _settings(request).private
    row = service.create_sync(database, caller.project.id, author_of(caller), body, private=private)
    after = body.model_dump(mode="json")
    _record(database, caller, "sync.created", row.id, after=after)
    secret = service.secret_for(database, row) if row.kind == "webhook" else None
    return SyncCreated(**dict(service.output(row)), secret=secret)


@router.get("/{sync_id}")
def get_sync(caller: Viewer, database: ControlDatabase, sync_id: Identifier) -> SyncOutput:
    """One of them."""
    with database.read_session() as session:
        return service.output(service.get_sync(session, caller.project.id, sync_id))


@router.patch("/{sync_id}")
def change_sync(
    caller: DataEditor, database: ControlDatabase, request: Request, sync_id: Identifier, body: SyncChange
) -> SyncOutput:
    """Give it new values, stop it or let it go on."""
    _may_unmask(caller, body.unmask)
    project_id = caller.project.id
    private = _settings(request).private
    before, after = service.change_sync(database, project_id, sync_id, body, private=private)
    _record(database, caller, "sync.changed", sync_id, before=before, after=after)
    with database.read_session() as session:
        return service.output(service.get_sync(session, project_id, sync_id))


@router.delete("/{sync_id}", status_code=204)
def delete_sync(caller: DataEditor, database: ControlDatabase, sync_id: Identifier) -> None:
    """Send nothing any more, and delete its files."""
    row = service.delete_sync(database, caller.project.id, sync_id)
    _record(database, caller, "sync.deleted", sync_id, before={"name": row.name, "kind": row.kind})


@router.post("/{sync_id}/secret")
def new_secret(caller: DataEditor, database: ControlDatabase, sync_id: Identifier) -> NewSecret:
    """Another secret of a webhook; the one before holds no longer."""
    secret = service.new_secret(database, caller.project.id, sync_id)
    _record(database, caller, "sync.secret_changed", sync_id)
    return NewSecret(secret=secret)


@router.post("/{sync_id}/send", status_code=202)
def send_now(
    caller: DataEditor, database: ControlDatabase, request: Request, sync_id: Identifier, body: SendInput
) -> JobStatus:
    """Send now what is to be sent, by a job; or everybody again."""
    with database.read_session() as session:
        service.get_sync(session, caller.project.id, sync_id)
    if body.everyone:
        service.send_everyone_again(database, caller.project.id, sync_id)
    _record(database, caller, "sync.sent", sync_id, after=body.model_dump())
    jobs = request.app.state.jobs
    status: JobStatus = jobs.status(enqueue_sync(jobs, caller.project.id, sync_id))
    return status


@router.get("/{sync_id}/deliveries")
def list_deliveries(
    caller: Viewer, database: ControlDatabase, sync_id: Identifier, cursor: Cursor = None, limit: Limit = 100
) -> Page[DeliveryOutput]:
    """Its messages and files, the newest first."""
    with database.read_session() as session:
        service.get_sync(session, caller.project.id, sync_id)
        wanted = service.deliveries(caller.project.id, sync_id)
        rows, after = newest_first(session, wanted, Delivery.id, cursor, limit)
    return Page(items=[DeliveryOutput.model_validate(row) for row in rows], next_cursor=after)


@router.get("/{sync_id}/files/{delivery_id}", response_class=FileResponse, responses=_FILE)
def download_file(
    caller: Exporter,
    database: ControlDatabase,
    request: Request,
    sync_id: Identifier,
    delivery_id: Identifier,
) -> FileResponse:
    """A file that was written; one with personal data needs the right to see it."""
    project_id = caller.project.id
    with database.read_session() as session:
        wanted = service.deliveries(project_id, sync_id).where(Delivery.id == delivery_id)
        row = session.scalar(wanted)
    if row is None or row.file is None or row.state != "delivered":
        raise SyncFileGone
    _may_unmask(caller, not row.masked)
    path = file_path(_settings(request).directory, project_id, sync_id, row.file)
    if not path.is_file():
        raise SyncFileGone
    after = {"file": row.file, "people": row.people, "masked": row.masked}
    _record(database, caller, "sync.file_downloaded", sync_id, after=after)
    return FileResponse(path, media_type="text/csv", filename=f"{project_id}-{row.file}")


def _settings(request: Request) -> SyncOut:
    settings: SyncOut = request.app.state.sync_out
    return settings


def _may_unmask(caller: Caller, unmask: bool | None) -> None:
    if unmask and not caller.may("unmask"):
        raise PermissionMissing(needed="unmask", path="unmask")


def _record(
    database: ControlDatabase,
    caller: Caller,
    action: str,
    sync_id: str,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    target = ("sync", sync_id)
    record_act(database, caller, action, target, project_id=caller.project.id, before=before, after=after)
