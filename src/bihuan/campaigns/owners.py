"""Who answers for a campaign or a task: members of the project."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bihuan.access.members.models import Member, Membership
from bihuan.campaigns.models import Campaign
from bihuan.campaigns.work.errors import OwnerNotMember


def owner_of(session: Session, project_id: str, owner_id: str | None) -> Member | None:
    """A member of a project by id; None for nobody. Raises ``OwnerNotMember``."""
    if owner_id is None:
        return None
    joined = select(Member).join(Membership, Membership.member_id == Member.id)
    found: Member | None = session.scalar(
        joined.where(Membership.project_id == project_id, Member.id == owner_id)
    )
    if found is None:
        raise OwnerNotMember(owner_id=owner_id, path="owner_id")
    return found


def hand_to(session: Session, row: Campaign, owner_id: str | None) -> None:
    """Make a member answer for a campaign. Raises ``OwnerNotMember``."""
    member = owner_of(session, row.project_id, owner_id)
    row.owner_id = None if member is None else member.id
    row.owner_name = "" if member is None else member.name
