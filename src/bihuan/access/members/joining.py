"""How members come: the first by the set-up link, others by invitation; and back in by a reset link."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bihuan.access.actors import Acting, Actor, Visitor
from bihuan.access.audit import service as audit
from bihuan.access.callers import Holder
from bihuan.access.members import links, repository, service
from bihuan.access.members.errors import (
    InvitationNotFound,
    LinkInvalid,
    MemberExists,
    OwnerNeeded,
    SetupDone,
)
from bihuan.access.members.models import AccessLink, Member, Membership
from bihuan.access.roles import Role
from bihuan.access.sessions import login
from bihuan.access.sessions.passwords import check_strength, hash_password
from bihuan.database import Database
from bihuan.kernel.errors import Language


def setup_link(session: Session, created_by: str) -> tuple[AccessLink, str]:
    """A link for the first member. Raises ``SetupDone``."""
    if repository.any_member(session):
        raise SetupDone
    return links.create(session, "setup", created_by)


def first_setup_link(database: Database) -> str | None:
    """The path of a link for the first member, for whoever starts the server; None once there is one."""
    try:
        with database.session() as session:
            return setup_link(session, "bihuan serve")[1]
    except SetupDone:
        return None


def set_up(
    database: Database,
    visitor: Visitor,
    token: str,
    *,
    name: str,
    email: str,
    password: str,
    language: Language,
) -> Member:
    """Make the first member, who owns the instance and every project.

    Raises:
        SetupDone, LinkInvalid, PasswordWeak.
    """
    email = service.plain_email(email)
    with database.read_session() as session:
        if repository.any_member(session):
            raise SetupDone
        links.find(session, "setup", token)
    check_strength(password, email=email, name=name)
    hashed = hash_password(password)
    with database.session() as session:
        audit.lock(session)
        if repository.any_member(session):
            raise SetupDone
        links.use(session, links.find(session, "setup", token))
        member = service.add_member(
            session, email=email, name=name, language=language, password_hash=hashed, instance_owner=True
        )
        service.own_every_project(session, member)
        _recorded(session, visitor, "member.set_up", member)
    return member


def invite(session: Session, by: Holder, project_id: str, email: str, role: Role) -> tuple[AccessLink, str]:
    """An invitation to a project; an earlier one of the same address ends.

    Raises:
        OwnerNeeded: only owners invite owners; MemberExists: already of this project.
    """
    if role == "owner" and not by.owns(project_id):
        raise OwnerNeeded
    email = service.plain_email(email)
    audit.lock(session)
    known = repository.member_by_email(session, email)
    if known is not None and session.get(Membership, (known.id, project_id)) is not None:
        raise MemberExists(email=email, path="email")
    service.withdraw_invitations(session, project_id, email)
    link, path = links.create(
        session, "invitation", by.actor.name, email=email, role=role, project_id=project_id
    )
    target = ("invitation", link.id)
    after = {"email": email, "role": role, "expires_at": link.expires_at}
    audit.record(session, by, "invitation.created", target, project_id=project_id, after=after)
    return link, path


def withdraw(session: Session, by: Holder, project_id: str, invitation_id: str) -> None:
    """End an invitation that nobody has used. Raises ``InvitationNotFound``."""
    audit.lock(session)
    wanted = repository.open_invitations(project_id).where(AccessLink.id == invitation_id)
    link = session.scalar(wanted)
    if link is None:
        raise InvitationNotFound
    before = {"email": link.email, "role": link.role}
    session.delete(link)
    target = ("invitation", invitation_id)
    audit.record(session, by, "invitation.withdrawn", target, project_id=project_id, before=before)


def accept(
    database: Database,
    visitor: Visitor,
    token: str,
    *,
    name: str | None,
    password: str,
    totp: str | None,
    language: Language,
) -> Member:
    """Join a project: with a new account, or with the one the address has, whose password is asked.

    Raises:
        LinkInvalid, PasswordWeak; of an existing account what logging in raises.
    """
    with database.read_session() as session:
        link = links.find(session, "invitation", token)
        known = repository.member_by_email(session, link.email or "")
    if known is not None:
        member_id = login.verify(database, visitor, known.email, password, totp).id
        hashed = None
    else:
        member_id = None
        check_strength(password, email=link.email or "", name=name or "")
        hashed = hash_password(password)
    with database.session() as session:
        audit.lock(session)
        link = links.find(session, "invitation", token)
        links.use(session, link)
        if link.project_id is None or link.email is None or link.role is None:
            raise LinkInvalid
        if member_id is not None:
            member = service.get_member(session, member_id)
        else:
            member = service.add_member(
                session,
                email=link.email,
                name=name or link.email.partition("@")[0],
                language=language,
                password_hash=hashed,
            )
        if session.get(Membership, (member.id, link.project_id)) is None:
            service.join(session, member, link.project_id, link.role)
        _recorded(session, visitor, "member.joined", member, project_id=link.project_id, role=link.role)
    return member


def reset_link(
    session: Session, by: Acting, member: Member, project_id: str | None = None
) -> tuple[AccessLink, str]:
    """A link with which a member chooses a new password."""
    link, path = links.create(session, "password_reset", by.actor.name, member_id=member.id)
    audit.record(
        session,
        by,
        "member.reset_link_created",
        ("member", member.id),
        project_id=project_id,
        after={"email": member.email, "expires_at": link.expires_at},
    )
    return link, path


def reset_password(database: Database, visitor: Visitor, token: str, password: str) -> None:
    """Choose a new password with a link; every session of the member ends.

    Raises:
        LinkInvalid, PasswordWeak.
    """
    with database.read_session() as session:
        member = _member_of(session, links.find(session, "password_reset", token))
    check_strength(password, email=member.email, name=member.name)
    hashed = hash_password(password)
    with database.session() as session:
        link = links.find(session, "password_reset", token)
        links.use(session, link)
        member = _member_of(session, link)
        who = Visitor(Actor("member", member.id, member.name), visitor.address)
        service.set_password(session, who, member, hashed, but=None)


def _member_of(session: Session, link: AccessLink) -> Member:
    member = session.get(Member, link.member_id) if link.member_id else None
    if member is None or member.disabled_at is not None:
        raise LinkInvalid
    return member


def _recorded(
    session: Session,
    visitor: Visitor,
    action: str,
    member: Member,
    *,
    project_id: str | None = None,
    role: str | None = None,
) -> None:
    who = Visitor(Actor("member", member.id, member.name), visitor.address)
    after = {"email": member.email, "name": member.name, **({"role": role} if role else {})}
    audit.record(session, who, action, ("member", member.id), project_id=project_id, after=after)
