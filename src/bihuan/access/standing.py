"""What somebody who set something up earlier may do now: for work that goes on without them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from bihuan.access.callers import member_holder
from bihuan.access.members.models import Member
from bihuan.access.models import ApiKey
from bihuan.access.roles import Permission, permissions_of_scopes
from bihuan.database import utc_now

_NONE: frozenset[Permission] = frozenset()


def permissions_of_actor(
    session: Session, actor: Mapping[str, Any], project_id: str
) -> frozenset[Permission]:
    """The permissions in a project that an actor (``kind`` and ``id``) has at this moment; maybe none."""
    if actor["kind"] == "member":
        member = session.get(Member, actor["id"])
        if member is None or member.disabled_at is not None:
            return _NONE
        return member_holder(session, member, "").permissions_in(project_id) or _NONE
    key = session.get(ApiKey, actor["id"])
    expired = key is not None and key.expires_at is not None and key.expires_at <= utc_now()
    if key is None or key.revoked_at is not None or expired or key.project_id not in (None, project_id):
        return _NONE
    return permissions_of_scopes(key.scopes)
