"""Callers: members and keys alike, and what they may do where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bihuan.access import repository
from bihuan.access.actors import Actor
from bihuan.access.errors import ApiKeyMissing, PermissionMissing, ProjectNotFound
from bihuan.access.members.models import Member, Membership, PersonalToken
from bihuan.access.models import ApiKey, Project
from bihuan.access.roles import (
    PERMISSIONS,
    ROLE_PERMISSIONS,
    Permission,
    Role,
    permissions_of_scopes,
)
from bihuan.access.service import API_KEY_PREFIX, TOKEN_PREFIX, secret_sha256
from bihuan.database import Database, utc_now

# last_used_at is for people who tidy up: a write a minute and key is precise enough.
LAST_USED_STEP = timedelta(minutes=1)
EVERYTHING: frozenset[Permission] = frozenset(PERMISSIONS)


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

    def projects(self) -> list[str] | None:
        """The projects open to them; None: every one."""
        if self.everywhere:
            return None
        return sorted(self.roles) if self.only_project_id is None else [self.only_project_id]

    def role_in(self, project_id: str) -> Role | None:
        """A member's role in a project; whoever owns the instance is an owner everywhere."""
        if self.member_id is None:
            return None
        return "owner" if self.everywhere else self.roles.get(project_id)

    def owns(self, project_id: str) -> bool:
        """Whether they may make and change owners of a project: its owners, and admins of the instance."""
        return self.instance or self.role_in(project_id) == "owner"


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
    """The holder of an API key or a personal token.

    Raises:
        ApiKeyMissing: neither, or expired or revoked, or of a member who is disabled.
    """
    if secret.startswith(TOKEN_PREFIX):
        return _token_holder(database, secret, address)
    if not secret.startswith(API_KEY_PREFIX):
        raise ApiKeyMissing
    with database.read_session() as session:
        key = repository.find_api_key(session, secret_sha256(secret))
    if key is None:
        raise ApiKeyMissing
    _check_in_force(database, key)
    return Holder(
        actor=Actor("key", key.id, key.name),
        address=address,
        limit=permissions_of_scopes(key.scopes),
        everywhere=key.project_id is None,
        only_project_id=key.project_id,
    )


def member_holder(
    session: Session,
    member: Member,
    address: str,
    *,
    limit: frozenset[Permission] = EVERYTHING,
    session_id: str | None = None,
) -> Holder:
    """A member as a caller, with the roles they have now."""
    rows = session.execute(
        select(Membership.project_id, Membership.role).where(Membership.member_id == member.id)
    )
    return Holder(
        actor=Actor("member", member.id, member.name),
        address=address,
        limit=limit,
        everywhere=member.instance_owner,
        roles={project_id: cast(Role, role) for project_id, role in rows},
        member_id=member.id,
        session_id=session_id,
    )


def _token_holder(database: Database, secret: str, address: str) -> Holder:
    with database.read_session() as session:
        found = session.execute(
            select(PersonalToken, Member)
            .join(Member, Member.id == PersonalToken.member_id)
            .where(PersonalToken.secret_sha256 == secret_sha256(secret), Member.disabled_at.is_(None))
        ).first()
        if found is None:
            raise ApiKeyMissing
        token, member = found
        holder = member_holder(session, member, address, limit=permissions_of_scopes(token.scopes))
    _check_in_force(database, token)
    return holder


def _check_in_force(database: Database, key: ApiKey | PersonalToken) -> None:
    now = utc_now()
    if key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= now):
        raise ApiKeyMissing
    if key.last_used_at is None or now - key.last_used_at > LAST_USED_STEP:
        with database.session() as session:
            kind = type(key)
            session.execute(update(kind).where(kind.id == key.id).values(last_used_at=now))


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
