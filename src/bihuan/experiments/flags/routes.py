"""``/api/projects/{project_id}/flags``."""

from __future__ import annotations

from fastapi import APIRouter, Request

from bihuan.access import ControlDatabase, InsightEditor, Viewer, record_change
from bihuan.database import Page
from bihuan.experiments.flags import service
from bihuan.experiments.flags.models import Flag
from bihuan.experiments.flags.schemas import (
    FlagChange,
    FlagInput,
    FlagOutput,
    FlagPath,
    SwitchInput,
    TryInput,
    TryOutput,
)
from bihuan.experiments.flags.serving import FlagServer
from bihuan.insights import Cursor, Limit, author_of, newest_first
from bihuan.warehouse import ProjectStore

router = APIRouter(prefix="/api/projects/{project_id}/flags", tags=["experiments"])


@router.get("")
def list_flags(
    caller: Viewer, database: ControlDatabase, cursor: Cursor = None, limit: Limit = 100
) -> Page[FlagOutput]:
    """The feature flags, the newest first."""
    with database.read_session() as session:
        rows, after = newest_first(session, service.flags(caller.project.id), Flag.id, cursor, limit)
    return Page(items=[FlagOutput.model_validate(row) for row in rows], next_cursor=after)


@router.post("", status_code=201)
def create_flag(
    caller: InsightEditor, database: ControlDatabase, request: Request, body: FlagInput
) -> FlagOutput:
    """Define a flag, which software then asks for by its key."""
    store = _store(request, caller.project.id)
    with database.session() as session:
        row = service.create_flag(session, caller.project, store, author_of(caller), body)
        target, after = ("flag", row.key), {"definition": row.definition}
        record_change(session, caller, "flag.created", target, project_id=caller.project.id, after=after)
        made = FlagOutput.model_validate(row)
    _server(request).kept.forget(caller.project.id)
    return made


@router.get("/{key}")
def get_flag(caller: Viewer, database: ControlDatabase, key: FlagPath) -> FlagOutput:
    """One flag."""
    with database.read_session() as session:
        return FlagOutput.model_validate(service.get_flag(session, caller.project.id, key))


@router.patch("/{key}")
def change_flag(
    caller: InsightEditor, database: ControlDatabase, request: Request, key: FlagPath, body: FlagChange
) -> FlagOutput:
    """Define a flag anew; software is told within seconds."""
    store = _store(request, caller.project.id)
    with database.session() as session:
        before = {"definition": service.get_flag(session, caller.project.id, key).definition}
        row = service.change_flag(session, caller.project, store, key, author_of(caller), body)
        target, after = ("flag", key), {"definition": row.definition}
        record_change(
            session,
            caller,
            "flag.changed",
            target,
            project_id=caller.project.id,
            before=before,
            after=after,
        )
        changed = FlagOutput.model_validate(row)
    _server(request).kept.forget(caller.project.id)
    return changed


@router.delete("/{key}", status_code=204)
def delete_flag(caller: InsightEditor, database: ControlDatabase, request: Request, key: FlagPath) -> None:
    """Delete a flag; software that asks for it falls back to its own default."""
    with database.session() as session:
        row = service.get_flag(session, caller.project.id, key, for_update=True)
        target, before = ("flag", key), {"definition": row.definition}
        session.delete(row)
        record_change(session, caller, "flag.deleted", target, project_id=caller.project.id, before=before)
    _server(request).kept.forget(caller.project.id)


@router.post("/{key}/switch")
def switch_flag(
    caller: InsightEditor, database: ControlDatabase, request: Request, key: FlagPath, body: SwitchInput
) -> FlagOutput:
    """Switch a flag on or off in an environment, and leave everything else of it as it is."""
    with database.session() as session:
        given = (author_of(caller), body.environment, body.enabled)
        row = service.switch_flag(session, caller.project.id, key, *given)
        target, after = ("flag", key), body.model_dump(mode="json")
        record_change(session, caller, "flag.switched", target, project_id=caller.project.id, after=after)
        changed = FlagOutput.model_validate(row)
    _server(request).kept.forget(caller.project.id)
    return changed


@router.post("/{key}/try")
def try_flag(caller: Viewer, request: Request, key: FlagPath, body: TryInput) -> TryOutput:
    """What software with this context would be told; nobody counts as exposed."""
    found = _server(request).one(
        caller.project.id, key, body.context, environment=body.environment, expose=False
    )
    return TryOutput.model_validate(found)


def _store(request: Request, project_id: str) -> ProjectStore:
    store: ProjectStore = request.app.state.people(project_id).store
    return store


def _server(request: Request) -> FlagServer:
    server: FlagServer = request.app.state.flags
    return server
