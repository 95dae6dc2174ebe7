"""Who is calling: permission is a type in a route's signature.

``caller: Viewer`` on a route below ``/api/projects/{project_id}`` admits whoever may view that project;
``Exporter``, ``Unmasker`` and so on likewise, one type for each permission. ``InstanceAdmin`` admits admins
of the whole instance, ``AnyCaller`` every valid member or key, and ``Public`` marks a route that needs
neither.

The database is found at ``request.app.state.database``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Path, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from bihuan.access.callers import Caller, Holder, authenticate, caller_of
from bihuan.access.errors import ApiKeyMissing, InstanceKeyNeeded, PermissionMissing
from bihuan.access.roles import Permission
from bihuan.access.schemas import PROJECT_ID_PATTERN
from bihuan.database import Database

_bearer = HTTPBearer(auto_error=False, scheme_name="API key", description="An API key: bk_…")


def database_of(request: Request) -> Database:
    """The database the server was started with."""
    database: Database = request.app.state.database
    return database


ControlDatabase = Annotated[Database, Depends(database_of)]
ProjectPath = Annotated[str, Path(pattern=PROJECT_ID_PATTERN)]


def _holder(
    request: Request,
    database: ControlDatabase,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Holder:
    if credentials is None:
        raise ApiKeyMissing
    return authenticate(database, credentials.credentials, address=_address(request))


def _address(request: Request) -> str:
    return request.client.host if request.client else "local"


def _instance_admin(holder: Annotated[Holder, Depends(_holder)]) -> Holder:
    if not holder.instance:
        if holder.only_project_id is not None:
            raise InstanceKeyNeeded
        raise PermissionMissing(needed="admin")
    return holder


def _public() -> None:
    """Nobody is asked."""


def _may(permission: Permission) -> Any:
    """A dependency that gives the caller of a project's route, if they have the permission."""

    def caller(database: ControlDatabase, holder: AnyCaller, project_id: ProjectPath) -> Caller:
        return caller_of(database, holder, project_id, permission)

    caller.__name__ = permission
    DECLARED[caller] = permission
    return Depends(caller)


DECLARED: dict[Callable[..., Any], str] = {
    _holder: "any",
    _instance_admin: "instance",
    _public: "public",
}
"""What each dependency asks for: a permission in a project, or any, instance, public."""

AnyCaller = Annotated[Holder, Depends(_holder)]
InstanceAdmin = Annotated[Holder, Depends(_instance_admin)]
Public = Annotated[None, Depends(_public)]

Viewer = Annotated[Caller, _may("view")]
InsightEditor = Annotated[Caller, _may("edit_insights")]
Exporter = Annotated[Caller, _may("export")]
Unmasker = Annotated[Caller, _may("unmask")]
DataEditor = Annotated[Caller, _may("edit_data")]
Eraser = Annotated[Caller, _may("erase")]
ProjectManager = Annotated[Caller, _may("manage_project")]
MemberManager = Annotated[Caller, _may("manage_members")]
Auditor = Annotated[Caller, _may("read_audit")]
