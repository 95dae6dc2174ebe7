"""The verbs on members and their roles. Each runs in the caller's transaction, except those with passwords:
hashing takes long, and nobody should wait for it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bihuan.access.actors import Acting
from bihuan.access.audit import service as audit
from bihuan.access.callers import Holder
from bihuan.access.members import repository
from bihuan.access.members.errors import (
    LastOwner,
    MemberBeyondReach,
    MemberExists,
    MemberNotFound,
    OwnerNeeded,
    TokenNotFound,
)
from bihuan.access.members.models import Member, Membership, PersonalToken
from bihuan.access.models import Project
from bihuan.access.roles import SCOPES, Role, Scope
from bihuan.access.service import TOKEN_PREFIX, secret_sha256
from bihuan.access.sessions import limits
from bihuan.access.sessions import service as sessions
from bihuan.database import utc_now


def plain_email(email: str) -> str:
    """The form in which addresses are kept and compared."""
    return email.strip().lower()


def get_member(session: Session, member_id: str) -> Member:
    """The member. Raises ``MemberNotFound``."""
    member = session.get(Member, member_id)
    if member is None:
        raise MemberNotFound
    return member


def get_project_member(session: Session, project_id: str, member_id: str) -> tuple[Member, Membership]:
    """The member of this project with their membership. Raises ``MemberNotFound``."""
    membership = session.get(Membership, (member_id, project_id))
    if membership is None:
        raise MemberNotFound
    return get_member(session, member_id), membership


def add_member(session: Session, *, email: str, name: str, language: str, **more: Any) -> Member:
    """Make a member. Raises ``MemberExists``."""
    member = Member(email=email, name=name, language=language, **more)
    try:
        with session.begin_nested():
            session.add(member)
    except IntegrityError as error:
        raise MemberExists(email=email, path="email") from error
    return member


def join(session: Session, member: Member, project_id: str, role: str) -> None:
    """Make the member one of the project, or give another role there."""
    session.merge(Membership(member_id=member.id, project_id=project_id, role=role))
    session.flush()


def own_every_project(session: Session, member: Member) -> None:
    """Make the member an owner of each project there is."""
    for project_id in session.scalars(select(Project.id)):
        join(session, member, project_id, "owner")


def change_role(session: Session, by: Holder, project_id: str, member_id: str, role: Role) -> Member:
    """Give a member another role in a project.

    Raises:
        MemberNotFound, OwnerNeeded, LastOwner.
    """
    audit.lock(session)
    member, membership = get_project_member(session, project_id, member_id)
    before = membership.role
    if "owner" in (before, role) and before != role and not by.owns(project_id):
        raise OwnerNeeded
    if before == "owner" != role:
        _keep_an_owner(session, project_id, member_id)
    if before != role:
        membership.role = role
        sessions.ask_rotation(session, member_id)
        audit.record(
            session,
            by,
            "member.role_changed",
            ("member", member_id),
            project_id=project_id,
            before={"role": before},
            after={"role": role, "email": member.email},
        )
    return member


def remove(session: Session, by: Holder, project_id: str, member_id: str) -> None:
    """Take a member out of a project; the account stays.

    Raises:
        MemberNotFound, OwnerNeeded, LastOwner.
    """
    audit.lock(session)
    member, membership = get_project_member(session, project_id, member_id)
    if membership.role == "owner":
        if not by.owns(project_id):
            raise OwnerNeeded
        _keep_an_owner(session, project_id, member_id)
    before = {"role": membership.role, "email": member.email}
    session.delete(membership)
    sessions.ask_rotation(session, member_id)
    audit.record(session, by, "member.removed", ("member", member_id), project_id=project_id, before=before)


def check_reset(session: Session, by: Holder, project_id: str, member_id: str) -> Member:
    """The member, if ``by`` may let them choose a new password: that opens the whole account.

    Raises:
        MemberNotFound, OwnerNeeded, MemberBeyondReach.
    """
    member, _ = get_project_member(session, project_id, member_id)
    if by.instance:
        return member
    if member.instance_owner:
        raise OwnerNeeded
    for other_id, role in repository.projects_of(session, member_id).items():
        if "manage_members" not in (by.permissions_in(other_id) or ()):
            raise MemberBeyondReach
        if role == "owner" and not by.owns(other_id):
            raise OwnerNeeded
    return member


def set_disabled(session: Session, by: Acting, member: Member, disabled: bool) -> None:
    """Let a member in no more, or again. Raises ``LastOwner``."""
    if disabled == (member.disabled_at is not None):
        return
    audit.lock(session)
    if disabled:
        if member.instance_owner and not repository.other_instance_owners(session, member.id):
            raise LastOwner
        sessions.end_all(session, member.id)
    member.disabled_at = utc_now() if disabled else None
    action = "member.disabled" if disabled else "member.enabled"
    audit.record(session, by, action, ("member", member.id), after={"email": member.email})


def set_instance_owner(session: Session, by: Acting, member: Member, owner: bool) -> None:
    """Make a member own the whole instance, or no more. Raises ``LastOwner``."""
    if owner == member.instance_owner:
        return
    audit.lock(session)
    if not owner and not repository.other_instance_owners(session, member.id):
        raise LastOwner
    member.instance_owner = owner
    if owner:
        own_every_project(session, member)
    sessions.ask_rotation(session, member.id)
    audit.record(
        session,
        by,
        "member.instance_owner_changed",
        ("member", member.id),
        before={"instance_owner": not owner},
        after={"instance_owner": owner, "email": member.email},
    )


def remove_totp(session: Session, by: Acting, member: Member) -> None:
    """Log in without a code from now on."""
    if member.totp_secret is None and member.totp_pending is None:
        return
    member.totp_secret = member.totp_pending = member.totp_step = None
    audit.record(session, by, "member.totp_removed", ("member", member.id), after={"email": member.email})


def set_password(
    session: Session, by: Acting, member: Member, password_hash: str, *, but: str | None
) -> None:
    """Keep the new password; every session ends except ``but``."""
    member.password_hash = password_hash
    sessions.end_all(session, member.id, but=but)
    limits.forget(session, limits.account_limit(member.email))
    audit.record(session, by, "member.password_changed", ("member", member.id), after={"email": member.email})


def create_token(
    session: Session,
    by: Holder,
    member: Member,
    name: str,
    scopes: Sequence[Scope],
    expires_at: datetime | None,
) -> tuple[PersonalToken, str]:
    """Make a personal token; returns it with its secret, which is not kept."""
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = PersonalToken(
        member_id=member.id,
        name=name,
        scopes=[scope for scope in SCOPES if scope in scopes],
        expires_at=expires_at,
        secret_sha256=secret_sha256(secret),
        secret_ending=secret[-4:],
    )
    session.add(token)
    session.flush()
    after = {"name": name, "scopes": token.scopes, "expires_at": expires_at}
    audit.record(session, by, "token.created", ("token", token.id), after=after)
    return token, secret


def revoke_token(session: Session, by: Holder, member_id: str, token_id: str) -> PersonalToken:
    """End a member's token; ending it again changes nothing. Raises ``TokenNotFound``."""
    token = session.get(PersonalToken, token_id)
    if token is None or token.member_id != member_id:
        raise TokenNotFound
    if token.revoked_at is None:
        token.revoked_at = utc_now()
        audit.record(session, by, "token.revoked", ("token", token.id), before={"name": token.name})
    return token


def withdraw_invitations(session: Session, project_id: str, email: str) -> None:
    """Only the newest invitation of an address works."""
    for link in session.scalars(repository.open_invitations(project_id)):
        if link.email == email:
            session.delete(link)


def _keep_an_owner(session: Session, project_id: str, member_id: str) -> None:
    if not repository.other_owners(session, project_id, member_id):
        raise LastOwner
