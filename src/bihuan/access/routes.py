"""``/api/projects`` and what belongs to a project; ``/api/keys`` for keys of the whole instance."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from sqlalchemy.orm import Session

from bihuan.access import repository, service
from bihuan.access.actors import Acting
from bihuan.access.audit.service import changed, record
from bihuan.access.callers import Caller
from bihuan.access.models import ApiKey, Project, Source, WriteKey
from bihuan.access.permissions import (
    AnyCaller,
    ControlDatabase,
    InstanceAdmin,
    ProjectManager,
    Viewer,
)
from bihuan.access.schemas import (
    ApiKeyCreated,
    ApiKeyInput,
    ApiKeyOutput,
    ProjectChange,
    ProjectInput,
    ProjectOutput,
    SourceChange,
    SourceInput,
    SourceOutput,
    WriteKeyInput,
    WriteKeyOutput,
)
from bihuan.database import Database, Page, paginate

router = APIRouter(prefix="/api", tags=["access"])

Cursor = Annotated[str | None, Query(max_length=200, description="next_cursor of the page before.")]
Limit = Annotated[int, Query(ge=1, le=1_000)]
Identifier = Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[0-9A-Za-z_]+$")]


@router.get("/projects")
def list_projects(
    caller: AnyCaller, database: ControlDatabase, cursor: Cursor = None, limit: Limit = 100
) -> Page[ProjectOutput]:
    """The projects this key can see."""
    with database.read_session() as session:
        rows, after = paginate(session, repository.projects(caller.projects()), Project.id, cursor, limit)
    return Page(items=[ProjectOutput.model_validate(row) for row in rows], next_cursor=after)


@router.post("/projects", status_code=201)
def create_project(caller: InstanceAdmin, database: ControlDatabase, body: ProjectInput) -> ProjectOutput:
    """Make a project."""
    with database.session() as session:
        made = ProjectOutput.model_validate(service.create_project(session, body))
        after = made.model_dump(exclude={"created_at"})
        record(session, caller, "project.created", ("project", made.id), project_id=made.id, after=after)
        return made


@router.get("/projects/{project_id}")
def get_project(caller: Viewer) -> ProjectOutput:
    """One project."""
    return ProjectOutput.model_validate(caller.project)


@router.patch("/projects/{project_id}")
def change_project(caller: ProjectManager, database: ControlDatabase, body: ProjectChange) -> ProjectOutput:
    """Change a project's settings."""
    project_id = caller.project.id
    with database.session() as session:
        given = body.model_dump(exclude_none=True)
        row = service.get_project(session, project_id)
        before, after = changed({name: getattr(row, name) for name in given}, given)
        shown = ProjectOutput.model_validate(service.change_project(session, project_id, body))
        target = ("project", project_id)
        record(session, caller, "project.changed", target, project_id=project_id, before=before, after=after)
        return shown


@router.delete("/projects/{project_id}", status_code=204)
def delete_project(caller: ProjectManager, admin: InstanceAdmin, database: ControlDatabase) -> None:
    """Delete a project with its sources, keys and events. It cannot be undone."""
    with database.session() as session:
        before = ProjectOutput.model_validate(caller.project).model_dump()
        service.delete_project(session, caller.project.id)
        target = ("project", caller.project.id)
        record(session, caller, "project.deleted", target, project_id=caller.project.id, before=before)


@router.get("/projects/{project_id}/sources")
def list_sources(
    caller: Viewer, database: ControlDatabase, cursor: Cursor = None, limit: Limit = 100
) -> Page[SourceOutput]:
    """The sources of a project."""
    with database.read_session() as session:
        rows, after = paginate(session, repository.sources(caller.project.id), Source.id, cursor, limit)
    return Page(items=[SourceOutput.model_validate(row) for row in rows], next_cursor=after)


@router.post("/projects/{project_id}/sources", status_code=201)
def create_source(caller: ProjectManager, database: ControlDatabase, body: SourceInput) -> SourceOutput:
    """Make a source."""
    with database.session() as session:
        source = service.create_source(session, caller.project.id, body.name, body.protocol)
        _recorded(session, caller, "source.created", ("source", source.id), after=body.model_dump())
        return SourceOutput.model_validate(source)


@router.get("/projects/{project_id}/sources/{source_id}")
def get_source(caller: Viewer, database: ControlDatabase, source_id: Identifier) -> SourceOutput:
    """One source."""
    with database.read_session() as session:
        return SourceOutput.model_validate(service.get_source(session, caller.project.id, source_id))


@router.patch("/projects/{project_id}/sources/{source_id}")
def rename_source(
    caller: ProjectManager, database: ControlDatabase, source_id: Identifier, body: SourceChange
) -> SourceOutput:
    """Give a source another name."""
    with database.session() as session:
        before = {"name": service.get_source(session, caller.project.id, source_id).name}
        source = service.rename_source(session, caller.project.id, source_id, body.name)
        target = ("source", source_id)
        _recorded(session, caller, "source.renamed", target, before=before, after={"name": body.name})
        return SourceOutput.model_validate(source)


@router.delete("/projects/{project_id}/sources/{source_id}", status_code=204)
def delete_source(caller: ProjectManager, database: ControlDatabase, source_id: Identifier) -> None:
    """Delete a source and its write keys; its events stay."""
    with database.session() as session:
        before = {"name": service.get_source(session, caller.project.id, source_id).name}
        service.delete_source(session, caller.project.id, source_id)
        _recorded(session, caller, "source.deleted", ("source", source_id), before=before)


@router.get("/projects/{project_id}/write-keys")
def list_write_keys(
    caller: Viewer, database: ControlDatabase, cursor: Cursor = None, limit: Limit = 100
) -> Page[WriteKeyOutput]:
    """The write keys of a project."""
    with database.read_session() as session:
        rows, after = paginate(session, repository.write_keys(caller.project.id), WriteKey.key, cursor, limit)
    return Page(items=[WriteKeyOutput.model_validate(row) for row in rows], next_cursor=after)


@router.post("/projects/{project_id}/write-keys", status_code=201)
def create_write_key(
    caller: ProjectManager, database: ControlDatabase, body: WriteKeyInput
) -> WriteKeyOutput:
    """Make a write key for a source."""
    with database.session() as session:
        key = service.create_write_key(session, caller.project.id, body.source_id)
        after = {"source_id": body.source_id}
        _recorded(session, caller, "write_key.created", ("write_key", key.key), after=after)
        return WriteKeyOutput.model_validate(key)


@router.delete("/projects/{project_id}/write-keys/{key}")
def revoke_write_key(caller: ProjectManager, database: ControlDatabase, key: Identifier) -> WriteKeyOutput:
    """End a write key. Senders that use it are refused within seconds."""
    with database.session() as session:
        row = service.revoke_write_key(session, caller.project.id, key)
        _recorded(session, caller, "write_key.revoked", ("write_key", key))
        return WriteKeyOutput.model_validate(row)


@router.get("/projects/{project_id}/api-keys")
def list_project_api_keys(
    caller: ProjectManager, database: ControlDatabase, cursor: Cursor = None, limit: Limit = 100
) -> Page[ApiKeyOutput]:
    """The API keys of a project."""
    return _api_key_page(database, caller.project.id, cursor, limit)


@router.post("/projects/{project_id}/api-keys", status_code=201)
def create_project_api_key(
    caller: ProjectManager, database: ControlDatabase, body: ApiKeyInput
) -> ApiKeyCreated:
    """Make an API key for a project; the answer is the only place where its secret is shown."""
    return _create_api_key(database, caller, caller.project.id, body)


@router.delete("/projects/{project_id}/api-keys/{key_id}")
def revoke_project_api_key(
    caller: ProjectManager, database: ControlDatabase, key_id: Identifier
) -> ApiKeyOutput:
    """End an API key of a project, at once."""
    return _revoke_api_key(database, caller, caller.project.id, key_id)


@router.get("/keys")
def list_instance_api_keys(
    caller: InstanceAdmin, database: ControlDatabase, cursor: Cursor = None, limit: Limit = 100
) -> Page[ApiKeyOutput]:
    """The API keys of the whole instance."""
    return _api_key_page(database, None, cursor, limit)


@router.post("/keys", status_code=201)
def create_instance_api_key(
    caller: InstanceAdmin, database: ControlDatabase, body: ApiKeyInput
) -> ApiKeyCreated:
    """Make an API key for the whole instance; the answer is the only place where its secret is shown."""
    return _create_api_key(database, caller, None, body)


@router.delete("/keys/{key_id}")
def revoke_instance_api_key(
    caller: InstanceAdmin, database: ControlDatabase, key_id: Identifier
) -> ApiKeyOutput:
    """End an API key of the whole instance, at once."""
    return _revoke_api_key(database, caller, None, key_id)


def _api_key_page(
    database: Database, project_id: str | None, cursor: str | None, limit: int
) -> Page[ApiKeyOutput]:
    with database.read_session() as session:
        rows, after = paginate(session, repository.api_keys(project_id), ApiKey.id, cursor, limit)
    return Page(items=[ApiKeyOutput.model_validate(row) for row in rows], next_cursor=after)


def _create_api_key(
    database: Database, caller: Acting, project_id: str | None, body: ApiKeyInput
) -> ApiKeyCreated:
    with database.session() as session:
        key, secret = service.create_api_key(session, project_id, body.name, body.scopes, body.expires_at)
        shown = ApiKeyOutput.model_validate(key)
        after = {"name": key.name, "scopes": key.scopes, "expires_at": key.expires_at}
        record(session, caller, "api_key.created", ("api_key", key.id), project_id=project_id, after=after)
    return ApiKeyCreated(**shown.model_dump(), secret=secret)


def _revoke_api_key(database: Database, caller: Acting, project_id: str | None, key_id: str) -> ApiKeyOutput:
    with database.session() as session:
        key = service.revoke_api_key(session, project_id, key_id)
        target, before = ("api_key", key_id), {"name": key.name, "scopes": key.scopes}
        record(session, caller, "api_key.revoked", target, project_id=project_id, before=before)
        return ApiKeyOutput.model_validate(key)


def _recorded(
    session: Session,
    caller: Caller,
    action: str,
    target: tuple[str, str],
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    record(session, caller, action, target, project_id=caller.project.id, before=before, after=after)
