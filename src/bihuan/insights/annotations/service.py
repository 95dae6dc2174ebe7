"""Annotations of a project's time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bihuan.insights.annotations.errors import AnnotationNotFound
from bihuan.insights.annotations.models import Annotation
from bihuan.insights.annotations.schemas import AnnotationChange, AnnotationInput
from bihuan.insights.wire import Author


def recorded(
    project_id: str,
    *,
    kind: str | None = None,
    from_time: datetime | None = None,
    to_time: datetime | None = None,
) -> Select[Annotation]:
    """The annotations of a project; ``to_time`` is not included."""
    statement = select(Annotation).where(Annotation.project_id == project_id)
    if kind is not None:
        statement = statement.where(Annotation.kind == kind)
    if from_time is not None:
        statement = statement.where(Annotation.time >= from_time)
    if to_time is not None:
        statement = statement.where(Annotation.time < to_time)
    return statement


def create_annotation(
    session: Session, project_id: str, author: Author, given: AnnotationInput
) -> Annotation:
    """Write down what happened."""
    row = Annotation(project_id=project_id, created_by=author.model_dump(), **given.model_dump())
    session.add(row)
    session.flush()
    return row


def change_annotation(
    session: Session, project_id: str, annotation_id: str, change: AnnotationChange
) -> Annotation:
    """Give an annotation new values. Raises ``AnnotationNotFound``."""
    row = _get(session, project_id, annotation_id)
    for name, value in change.model_dump(exclude_none=True).items():
        setattr(row, name, value)
    return row


def delete_annotation(session: Session, project_id: str, annotation_id: str) -> None:
    """Delete an annotation. Raises ``AnnotationNotFound``."""
    session.delete(_get(session, project_id, annotation_id))


def _get(session: Session, project_id: str, annotation_id: str) -> Annotation:
    found = session.scalar(recorded(project_id).where(Annotation.id == annotation_id))
    if found is None:
        raise AnnotationNotFound(annotation_id=annotation_id)
    return found
