"""What members decided about properties, and the masks made of it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bihuan.access.personal.masking import Decisions, Mask
from bihuan.access.personal.models import PersonalProperty
from bihuan.database import Database


def decisions(session: Session, project_id: str) -> Decisions:
    """What members decided in a project."""
    rows = session.scalars(select(PersonalProperty).where(PersonalProperty.project_id == project_id))
    return {row.name: row.kind if row.personal else None for row in rows}  # type: ignore[misc]


def mask_for(database: Database, project_id: str, *, hides: bool) -> Mask:
    """The mask of a project, hiding or not; one for answers without a caller hides."""
    with database.read_session() as session:
        return Mask(decisions(session, project_id), hides=hides)
