"""Links that work once and for a while. Only the hash of what stands in them is kept."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Literal

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bihuan.access.members.errors import LinkInvalid
from bihuan.access.members.models import AccessLink
from bihuan.access.service import secret_sha256
from bihuan.database import utc_now

LinkKind = Literal["setup", "invitation", "password_reset"]
LIFETIMES: dict[LinkKind, timedelta] = {
    "setup": timedelta(hours=24),
    "invitation": timedelta(days=7),
    "password_reset": timedelta(hours=24),
}
_PAGES: dict[LinkKind, str] = {
    "setup": "/setup",
    "invitation": "/invitation",
    "password_reset": "/password-reset",
}


def create(
    session: Session,
    kind: LinkKind,
    created_by: str,
    *,
    email: str | None = None,
    role: str | None = None,
    project_id: str | None = None,
    member_id: str | None = None,
) -> tuple[AccessLink, str]:
    """A new link; returns it with its path, whose secret part is after ``#``: no log ever sees that."""
    now, token = utc_now(), secrets.token_urlsafe(32)
    session.execute(delete(AccessLink).where(AccessLink.expires_at < now - LIFETIMES["invitation"]))
    link = AccessLink(
        kind=kind,
        token_sha256=secret_sha256(token),
        email=email,
        role=role,
        project_id=project_id,
        member_id=member_id,
        created_by=created_by[:200],
        created_at=now,
        expires_at=now + LIFETIMES[kind],
    )
    session.add(link)
    session.flush()
    return link, f"{_PAGES[kind]}#{token}"


def find(session: Session, kind: LinkKind, token: str) -> AccessLink:
    """The link, if it still works. Raises ``LinkInvalid``."""
    link = session.scalar(
        select(AccessLink).where(
            AccessLink.kind == kind,
            AccessLink.token_sha256 == secret_sha256(token),
            AccessLink.used_at.is_(None),
            AccessLink.expires_at > utc_now(),
        )
    )
    if link is None:
        raise LinkInvalid
    return link


def use(session: Session, link: AccessLink) -> None:
    """Use it up, once whatever comes at the same moment. Raises ``LinkInvalid``."""
    used = session.execute(
        update(AccessLink)
        .where(AccessLink.id == link.id, AccessLink.used_at.is_(None))
        .values(used_at=utc_now())
        .returning(AccessLink.id)
    ).first()
    if used is None:
        raise LinkInvalid
