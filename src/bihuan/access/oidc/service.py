"""From an identity to a member."""

from __future__ import annotations

from sqlalchemy import Select, select

from bihuan.access.actors import Actor, Visitor
from bihuan.access.audit import service as audit
from bihuan.access.members import links, repository, service
from bihuan.access.members.models import AccessLink, Member, Membership
from bihuan.access.oidc.errors import OidcMemberUnknown
from bihuan.access.oidc.provider import Identity
from bihuan.database import Database, utc_now


def member_of(database: Database, visitor: Visitor, identity: Identity) -> Member:
    """The member of an identity: known from before, or by a checked e-mail address that is a member's or
    has been invited.

    Raises:
        OidcMemberUnknown: also for a member who is disabled.
    """
    with database.session() as session:
        audit.lock(session)
        member = session.scalar(select(Member).where(Member.oidc_subject == identity.subject))
        email = service.plain_email(identity.email or "")
        if member is None and email:
            member = repository.member_by_email(session, email)
            if member is not None and member.oidc_subject is not None:
                # The address is somebody else's now.
                member = None
            invitations = session.scalars(_open_to(email)).all()
            if member is None and invitations and repository.member_by_email(session, email) is None:
                member = service.add_member(
                    session, email=email, name=identity.name or email.partition("@")[0], language="zh"
                )
            if member is not None:
                member.oidc_subject = identity.subject
                who = Visitor(Actor("member", member.id, member.name), visitor.address)
                target, after = ("member", member.id), {"email": email, "subject": identity.subject}
                audit.record(session, who, "member.oidc_linked", target, after=after)
                for link in invitations:
                    links.use(session, link)
                    if session.get(Membership, (member.id, link.project_id)) is None:
                        service.join(session, member, str(link.project_id), str(link.role))
        if member is None or member.disabled_at is not None:
            raise OidcMemberUnknown
    return member


def _open_to(email: str) -> Select[AccessLink]:
    return select(AccessLink).where(
        AccessLink.kind == "invitation",
        AccessLink.email == email,
        AccessLink.used_at.is_(None),
        AccessLink.expires_at > utc_now(),
    )
