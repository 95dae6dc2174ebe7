"""Queries on tags by models and their runs."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bihuan.audiences.prediction.definitions import KINDS
from bihuan.audiences.prediction.errors import PredictionNotFound
from bihuan.audiences.prediction.models import Prediction
from bihuan.audiences.tags.models import Tag
from bihuan.audiences.tags.repository import tags


def predictions(project_id: str, *, kind: str | None = None, search: str | None = None) -> Select[Tag]:
    """The tags by models of a project."""
    return tags(project_id, search=search).where(Tag.kind.in_(KINDS if kind is None else [kind]))


def get_tag(session: Session, project_id: str, tag_id: str) -> Tag:
    """One of them. Raises ``PredictionNotFound``."""
    found = session.scalar(predictions(project_id).where(Tag.id == tag_id))
    if found is None:
        raise PredictionNotFound(tag_id=tag_id)
    return found


def latest(session: Session, tag_ids: Iterable[str], *, ready: bool = False) -> dict[str, Prediction]:
    """The latest run of each tag that has one; ``ready``: the latest one with a report."""
    chosen = select(func.max(Prediction.id)).where(Prediction.tag_id.in_(list(tag_ids)))
    if ready:
        chosen = chosen.where(Prediction.state == "ready")
    wanted = select(Prediction).where(Prediction.id.in_(chosen.group_by(Prediction.tag_id)))
    return {run.tag_id: run for run in session.scalars(wanted)}


def runs(tag_id: str) -> Select[Prediction]:
    """The runs of a tag."""
    return select(Prediction).where(Prediction.tag_id == tag_id)
