"""Callers: members and keys alike, and what they may do where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from bihuan.access import repository
from bihuan.access.errors import ApiKeyMissing, PermissionMissing, ProjectNotFound
from bihuan.access.models import Project
from bihuan.access.roles import (
    PERMISSIONS,
    ROLE_PERMISSIONS,
    SCOPES,
    Permission,
    Role,
    permissions_of_scopes,
)
from bihuan.access.service import API_KEY_PREFIX, secret_sha256
from bihuan.database import Database, utc_now

# last_used_at is for people who tidy up: a write a minute and key is precise enough.
LAST_USED_STEP = timedelta(minutes=1)
EVERYTHING: frozenset[Permission] = frozenset(PERMISSIONS)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, for records of it: a member, or an API key."""

    kind: Literal["member", "key"]
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Holder:
    """A valid member or key, before any project is named.

    Attributes:
        address: where the request came from.
        limit: the most that may be done anywhere (a key's or token's scopes).
        everywhere: whether every project is open to them, with ``limit`` as permissions.
        only_project_id: the one project a key is for.
        roles: a member's role by project.
        member_id: of a member.
        session_id: of a member in a browser; None for tokens and keys.
    """

    actor: Actor
    address: str
    limit: frozenset[Permission] = EVERYTHING
    everywhere: bool = False
    only_project_id: str | None = None
    roles: Mapping[str, Role] = field(default_factory=dict)
    member_id: str | None = None
    session_id: str | None = None

    @property
    def instance(self) -> bool:
        """Whether they administer the whole instance."""
        return self.everywhere and self.limit == EVERYTHING

    def permissions_in(self, project_id: str) -> frozenset[Permission] | None:
        """What they may do in a project; None when they may not even learn of it."""
        if self.everywhere or project_id == self.only_project_id:
            return self.limit
        role = self.roles.get(project_id)
        return None if role is None else ROLE_PERMISSIONS[role] & self.limit


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller of a project's route, who has the permission that the route asks for.

    Attributes:
        project: the project of the path; detached from its session, so read its columns only.
        actor: who they are, for records of who did what.
        address: where the request came from.
        permissions: what they may do in this project.
        holder: they themselves, with what they may do elsewhere.
    """

    project: Project
    actor: Actor
    address: str
    permissions: frozenset[Permission]
    holder: Holder

    def may(self, permission: Permission) -> bool:
        """Whether they may do that in this project."""
        return permission in self.permissions


def authenticate(database: Database, secret: str, *, address: str = "local") -> Holder:
    """The holder of an API key.

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
    return Holder(
        actor=Actor("key", key.id, key.name),
        address=address,
        limit=permissions_of_scopes(frozenset(scope for scope in SCOPES if scope in key.scopes)),
        everywhere=key.project_id is None,
        only_project_id=key.project_id,
    )


def caller_of(database: Database, holder: Holder, project_id: str, needed: Permission) -> Caller:
    """The caller, when the holder may do ``needed`` in this project.

    Raises:
        ProjectNotFound: no such project, or one that the holder may not learn of.
        PermissionMissing: the holder may not do that.
    """
    permissions = holder.permissions_in(project_id)
    if permissions is None:
        raise ProjectNotFound(project_id=project_id)
    with database.read_session() as session:
        project = session.get(Project, project_id)
    if project is None:
        raise ProjectNotFound(project_id=project_id)
    if needed not in permissions:
        raise PermissionMissing(needed=needed)
    return Caller(project, holder.actor, holder.address, permissions, holder)
