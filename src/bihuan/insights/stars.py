"""Stars of callers on insights and dashboards."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session

from bihuan.insights.models import Star
from bihuan.insights.wire import Author


def actor_key(author: Author) -> str:
    """Whose stars they are."""
    return f"{author.kind}:{author.id}"


def set_star(session: Session, project_id: str, author: Author, target_id: str, *, starred: bool) -> None:
    """Star something, or take the star away; done twice it is done once."""
    key = actor_key(author)
    held = session.get(Star, (key, target_id))
    if starred and held is None:
        # Somebody who clicks twice may do so in two processes.
        with suppress(IntegrityError), session.begin_nested():
            session.add(Star(actor=key, target_id=target_id, project_id=project_id))
    if not starred and held is not None:
        session.delete(held)


def starred_among(session: Session, author: Author, target_ids: Iterable[str]) -> set[str]:
    """Which of these the caller has starred."""
    wanted = list(target_ids)
    mine = select(Star.target_id).where(Star.actor == actor_key(author), Star.target_id.in_(wanted))
    return set(session.scalars(mine))


def is_starred(target_id: InstrumentedAttribute[str], author: Author) -> ColumnElement[bool]:
    """Whether the row has the caller's star."""
    return exists().where(Star.target_id == target_id, Star.actor == actor_key(author))


def forget_stars(session: Session, target_id: str) -> None:
    """Take away everybody's star from something that is deleted."""
    session.execute(delete(Star).where(Star.target_id == target_id))
