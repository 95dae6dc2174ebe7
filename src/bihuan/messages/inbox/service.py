"""What somebody finds in the app, and what they do with it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bihuan.access import instance_secret
from bihuan.database import Database
from bihuan.messages.inbox.models import InboxMessage

Act = Literal["seen", "clicked", "dismissed"]
MOST = 100


def inbox_secret(database: Database, project_id: str) -> str:
    """The secret with which a company's server signs ids: derived, so that there is nothing to keep."""
    master = instance_secret(database, "inbox")
    return hmac.new(master, project_id.encode(), hashlib.sha256).hexdigest()


def signature_of(secret: str, distinct_id: str) -> str:
    """What whoever fetches the messages of an id shows: HMAC-SHA256 in hex."""
    return hmac.new(secret.encode(), distinct_id.encode(), hashlib.sha256).hexdigest()


def inbox_of(session: Session, project_id: str, person_id: int, now_ms: int) -> list[InboxMessage]:
    """What is shown to a person: not dismissed, not expired, the newest first, up to a hundred."""
    wanted = select(InboxMessage).where(
        InboxMessage.project_id == project_id,
        InboxMessage.person_id == person_id,
        InboxMessage.dismissed_ms.is_(None),
        or_(InboxMessage.expires_ms.is_(None), InboxMessage.expires_ms > now_ms),
    )
    newest = wanted.order_by(InboxMessage.created_ms.desc(), InboxMessage.id.desc()).limit(MOST)
    return list(session.scalars(newest))


def act_on(
    session: Session, project_id: str, person_id: int, ids: Sequence[str], act: Act, now_ms: int
) -> list[str]:
    """Note that a person saw, clicked or dismissed messages of theirs; returns those of which that is new."""
    wanted = select(InboxMessage).where(
        InboxMessage.project_id == project_id,
        InboxMessage.person_id == person_id,
        InboxMessage.id.in_(ids),
    )
    changed = []
    for row in session.scalars(wanted.with_for_update()):
        if getattr(row, f"{act}_ms") is None:
            setattr(row, f"{act}_ms", now_ms)
            changed.append(row.id)
            # Whoever clicks or dismisses it has seen it.
            row.seen_ms = row.seen_ms if row.seen_ms is not None else now_ms
    return changed


def shown(row: InboxMessage) -> dict[str, Any]:
    """A message as the SDK gets it."""
    times = {name: getattr(row, name) for name in ("created_ms", "expires_ms", "seen_ms", "clicked_ms")}
    return {"id": row.id, **row.content, **times}
