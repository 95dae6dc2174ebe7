"""Who is calling: permission is a type in a route's signature.

``caller: ReadCaller`` on a route below ``/api/projects/{project_id}`` admits API keys that may read that
project; ``WriteCaller`` and ``AdminCaller`` likewise; ``InstanceAdmin`` admits admin keys of the whole
instance and ``AnyCaller`` every valid key. Scopes include one another: admin may write, write may read.

The database is found at ``request.app.state.database``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Path, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from bihuan.access import repository
from bihuan.access.errors import ApiKeyMissing, InstanceKeyNeeded, PermissionMissing, ProjectNotFound
from bihuan.access.models import Project
from bihuan.access.schemas import PROJECT_ID_PATTERN, SCOPES, Scope
from bihuan.access.service import API_KEY_PREFIX, secret_sha256
from bihuan.database import Database, utc_now

# last_used_at is for people who tidy up: a write a minute and key is precise enough.
LAST_USED_STEP = timedelta(minutes=1)

_bearer = HTTPBearer(auto_error=False, scheme_name="API key", description="An API key: bk_…")


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """A valid API key: its id, the one project it is for (None: every project) and what it may do."""

    key_id: str
    only_project_id: str | None
    scopes: frozenset[Scope]

    def may(self, scope: Scope) -> bool:
        """Whether one of the scopes is ``scope`` or includes it."""
        return any(held in self.scopes for held in SCOPES[SCOPES.index(scope) :])


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller of a project's route, who has the scope that the route asks for.

    Attributes:
        project: the project of the path; detached from its session, so read its columns only.
        scopes: what the key may do.
        key_id: the API key's id, for records of who did what.
    """

    project: Project
    scopes: frozenset[Scope]
    key_id: str


def authenticate(database: Database, secret: str) -> KeyHolder:
    """The holder of this secret.

    Raises:
        ApiKeyMissing: not a key, or expired or revoked.
    """
    if not secret.startswith(API_KEY_PREFIX):
        raise ApiKeyMissing
    now = utc_now()
    with database.read_session() as session:
        key = repository.find_api_key(session, secret_sha256(secret))
    if key is None or key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= now):
        raise ApiKeyMissing
    if key.last_used_at is None or now - key.last_used_at > LAST_USED_STEP:
        with database.session() as session:
            repository.touch_api_key(session, key.id, now)
    scopes = frozenset(scope for scope in SCOPES if scope in key.scopes)
    return KeyHolder(key.id, key.project_id, scopes)


def caller_of(database: Database, holder: KeyHolder, project_id: str, needed: Scope) -> Caller:
    """The caller, when the key may do ``needed`` in this project.

    Raises:
        ProjectNotFound: no such project, or the key is of another one (which it may not learn of).
        PermissionMissing: the key lacks the scope.
    """
    if holder.only_project_id not in {None, project_id}:
        raise ProjectNotFound(project_id=project_id)
    with database.read_session() as session:
        project = session.get(Project, project_id)
    if project is None:
        raise ProjectNotFound(project_id=project_id)
    if not holder.may(needed):
        raise PermissionMissing(needed=needed)
    return Caller(project, holder.scopes, holder.key_id)


def database_of(request: Request) -> Database:
    """The database the server was started with."""
    database: Database = request.app.state.database
    return database


def _holder(
    database: Annotated[Database, Depends(database_of)],
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> KeyHolder:
    if credentials is None:
        raise ApiKeyMissing
    return authenticate(database, credentials.credentials)


ControlDatabase = Annotated[Database, Depends(database_of)]
AnyCaller = Annotated[KeyHolder, Depends(_holder)]
ProjectPath = Annotated[str, Path(pattern=PROJECT_ID_PATTERN)]


def _read_caller(database: ControlDatabase, holder: AnyCaller, project_id: ProjectPath) -> Caller:
    return caller_of(database, holder, project_id, "read")


def _write_caller(database: ControlDatabase, holder: AnyCaller, project_id: ProjectPath) -> Caller:
    return caller_of(database, holder, project_id, "write")


def _admin_caller(database: ControlDatabase, holder: AnyCaller, project_id: ProjectPath) -> Caller:
    return caller_of(database, holder, project_id, "admin")


def _instance_admin(holder: AnyCaller) -> KeyHolder:
    if not holder.may("admin"):
        raise PermissionMissing(needed="admin")
    if holder.only_project_id is not None:
        raise InstanceKeyNeeded
    return holder


ReadCaller = Annotated[Caller, Depends(_read_caller)]
WriteCaller = Annotated[Caller, Depends(_write_caller)]
AdminCaller = Annotated[Caller, Depends(_admin_caller)]
InstanceAdmin = Annotated[KeyHolder, Depends(_instance_admin)]
