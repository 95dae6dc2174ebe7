"""Who is calling: permission is a type in a route's signature.

``caller: Viewer`` on a route below ``/api/projects/{project_id}`` admits whoever may view that project;
``Exporter``, ``Unmasker`` and so on likewise, one type for each permission. ``InstanceAdmin`` admits admins
of the whole instance, ``AnyCaller`` every valid member or key, ``SignedIn`` members in a browser, and
``Public`` marks a route that needs none of them.

The database is found at ``request.app.state.database``.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Path, Request
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from bihuan.access.actors import Visitor
from bihuan.access.callers import Caller, Holder, authenticate, caller_of, member_holder
from bihuan.access.errors import ApiKeyMissing, InstanceKeyNeeded, PermissionMissing
from bihuan.access.requests import SAFE_METHODS, address_of, check_origin
from bihuan.access.roles import Permission
from bihuan.access.schemas import PROJECT_ID_PATTERN
from bihuan.access.sessions import service as sessions
from bihuan.access.sessions.errors import RequestForged, SessionEnded, SessionNeeded
from bihuan.access.sessions.service import COOKIE
from bihuan.database import Database
from bihuan.kernel.errors import BihuanError

CSRF_HEADER = "x-csrf-token"
_bearer = HTTPBearer(
    auto_error=False, scheme_name="API key", description="An API key (bk_…) or a personal token (bt_…)."
)
_cookie = APIKeyCookie(
    name=COOKIE,
    auto_error=False,
    scheme_name="Session",
    description=f"A member who is logged in. Changes need the header {CSRF_HEADER}, too.",
)


# What is no more than a look is asynchronous: FastAPI has everything else done by a thread, and each of these
# costs a request two waits for the event loop.
async def database_of(request: Request) -> Database:
    """The database the server was started with."""
    database: Database = request.app.state.database
    return database


ControlDatabase = Annotated[Database, Depends(database_of)]
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
SessionCookie = Annotated[str | None, Depends(_cookie)]
# In the scope, which no other request shares.
_HOLDER = "bihuan.holder"
ProjectPath = Annotated[str, Path(pattern=PROJECT_ID_PATTERN)]


def _holder(
    request: Request, database: ControlDatabase, credentials: Bearer, cookie: SessionCookie
) -> Holder:
    """Found once for a request, of which several dependencies ask for it."""
    holder: Holder | None = request.scope.get(_HOLDER)
    if holder is None:
        holder = request.scope[_HOLDER] = _found_holder(request, database, credentials, cookie)
    return holder


def _found_holder(
    request: Request, database: Database, credentials: HTTPAuthorizationCredentials | None, cookie: str | None
) -> Holder:
    if credentials is not None:
        return authenticate(database, credentials.credentials, address=address_of(request))
    if cookie is None:
        raise ApiKeyMissing
    return _session_holder(request, database, cookie)


def _session_holder(request: Request, database: Database, cookie: str) -> Holder:
    with database.read_session() as session:
        found = sessions.find(session, cookie)
        if found is None:
            raise SessionEnded
        row, member = found
        holder = member_holder(session, member, address_of(request), session_id=row.id)
    if request.method not in SAFE_METHODS:
        check_origin(request)
        sent = request.headers.get(CSRF_HEADER, "").encode("utf-8", "replace")
        if not hmac.compare_digest(sent, sessions.csrf_token(database, row.id).encode()):
            raise RequestForged
    # Put on the answer by browser.BrowserSecurity.
    request.state.new_session_token = sessions.keep_up(database, row, cookie)
    return holder


async def _instance_admin(holder: Annotated[Holder, Depends(_holder)]) -> Holder:
    if not holder.instance:
        if holder.only_project_id is not None:
            raise InstanceKeyNeeded
        raise PermissionMissing(needed="admin")
    return holder


async def _signed_in(holder: Annotated[Holder, Depends(_holder)]) -> Holder:
    if holder.session_id is None:
        raise SessionNeeded
    return holder


async def _public(request: Request) -> Visitor:
    if request.method not in SAFE_METHODS:
        check_origin(request)
    return Visitor.named("", address_of(request))


def _may(permission: Permission) -> Any:
    """A dependency that gives the caller of a project's route, if they have the permission."""

    # The holder is found here, not by a dependency: each has a thread of its own, and a wait for it.
    def caller(
        request: Request,
        database: ControlDatabase,
        credentials: Bearer,
        cookie: SessionCookie,
        project_id: ProjectPath,
    ) -> Caller:
        holder = _holder(request, database, credentials, cookie)
        return caller_of(database, holder, project_id, permission)

    caller.__name__ = permission
    DECLARED[caller] = permission
    return Depends(caller)


DECLARED: dict[Callable[..., Any], str] = {
    _holder: "any",
    _instance_admin: "instance",
    _signed_in: "session",
    _public: "public",
}
"""What each dependency asks for: a permission in a project, or any, instance, session, public."""

Viewer = Annotated[Caller, _may("view")]


def _still(
    caller: Viewer,
    database: ControlDatabase,
    credentials: Bearer,
) -> Callable[[], bool]:
    def same() -> bool:
        try:
            if credentials is not None:
                holder = authenticate(database, credentials.credentials, address=caller.address)
            else:
                with database.read_session() as session:
                    member = sessions.member_of(session, caller.holder.session_id or "")
                    if member is None:
                        return False
                    holder = member_holder(session, member, caller.address)
            now = caller_of(database, holder, caller.project.id, "view")
        except BihuanError:
            return False
        return now.permissions == caller.permissions

    return same


AnyCaller = Annotated[Holder, Depends(_holder)]
InstanceAdmin = Annotated[Holder, Depends(_instance_admin)]
SignedIn = Annotated[Holder, Depends(_signed_in)]
Public = Annotated[Visitor, Depends(_public)]

SameRights = Annotated[Callable[[], bool], Depends(_still)]
"""Asks anew whether the caller may do what they might at the beginning; for answers that go on for long."""

InsightEditor = Annotated[Caller, _may("edit_insights")]
Exporter = Annotated[Caller, _may("export")]
Unmasker = Annotated[Caller, _may("unmask")]
DataEditor = Annotated[Caller, _may("edit_data")]
Eraser = Annotated[Caller, _may("erase")]
ProjectManager = Annotated[Caller, _may("manage_project")]
MemberManager = Annotated[Caller, _may("manage_members")]
Auditor = Annotated[Caller, _may("read_audit")]
