"""Queries on members, memberships, invitations and tokens."""

from __future__ import annotations

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bihuan.access.members.models import AccessLink, Member, Membership, PersonalToken
from bihuan.database import utc_now


def any_member(session: Session) -> bool:
    """Whether there is a member yet."""
    return session.scalar(select(Member.id).limit(1)) is not None


def member_by_email(session: Session, email: str) -> Member | None:
    """The member with this address, in lower case."""
    return session.scalar(select(Member).where(Member.email == email))


def members_of(project_id: str) -> Select[Member]:
    """The members of a project."""
    return (
        select(Member)
        .join(Membership, Membership.member_id == Member.id)
        .where(Membership.project_id == project_id)
    )


def roles_of(session: Session, project_id: str, member_ids: list[str]) -> dict[str, str]:
    """Their roles in a project."""
    rows = session.execute(
        select(Membership.member_id, Membership.role).where(
            Membership.project_id == project_id, Membership.member_id.in_(member_ids)
        )
    )
    return {row.member_id: row.role for row in rows}


def projects_of(session: Session, member_id: str) -> dict[str, str]:
    """A member's roles by project."""
    rows = session.execute(
        select(Membership.project_id, Membership.role).where(Membership.member_id == member_id)
    )
    return {row.project_id: row.role for row in rows}


def other_owners(session: Session, project_id: str, member_id: str) -> int:
    """How many owners a project has besides this member, who can log in."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Membership)
            .join(Member, Member.id == Membership.member_id)
            .where(
                Membership.project_id == project_id,
                Membership.role == "owner",
                Membership.member_id != member_id,
                Member.disabled_at.is_(None),
            )
        )
        or 0
    )


def other_instance_owners(session: Session, member_id: str) -> int:
    """How many members own the instance besides this one, who can log in."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Member)
            .where(Member.instance_owner, Member.id != member_id, Member.disabled_at.is_(None))
        )
        or 0
    )


def open_invitations(project_id: str) -> Select[AccessLink]:
    """Invitations to a project that still work."""
    return select(AccessLink).where(
        AccessLink.kind == "invitation",
        AccessLink.project_id == project_id,
        AccessLink.used_at.is_(None),
        AccessLink.expires_at > utc_now(),
    )


def tokens_of(member_id: str) -> Select[PersonalToken]:
    """A member's tokens, revoked ones too."""
    return select(PersonalToken).where(PersonalToken.member_id == member_id)
