"""``/api/projects/{project_id}/annotations``."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from bihuan.access import ControlDatabase, InsightEditor, Viewer
from bihuan.database import Page
from bihuan.insights.annotations import service
from bihuan.insights.annotations.models import Annotation
from bihuan.insights.annotations.schemas import (
    AnnotationChange,
    AnnotationInput,
    AnnotationOutput,
    Moment,
)
from bihuan.insights.paging import newest_first
from bihuan.insights.wire import Cursor, Identifier, Limit, Search, author_of

router = APIRouter(prefix="/api/projects/{project_id}/annotations", tags=["annotations"])


@router.get("")
def list_annotations(
    caller: Viewer,
    database: ControlDatabase,
    kind: Search = None,
    from_time: Annotated[Moment | None, Query(description="At or after this moment.")] = None,
    to_time: Annotated[Moment | None, Query(description="Before this moment.")] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[AnnotationOutput]:
    """What happened, the last written first."""
    wanted = service.recorded(caller.project.id, kind=kind, from_time=from_time, to_time=to_time)
    with database.read_session() as session:
        rows, after = newest_first(session, wanted, Annotation.id, cursor, limit)
    return Page(items=[AnnotationOutput.model_validate(row) for row in rows], next_cursor=after)


@router.post("", status_code=201)
def create_annotation(
    caller: InsightEditor, database: ControlDatabase, body: AnnotationInput
) -> AnnotationOutput:
    """Write down what happened."""
    with database.session() as session:
        row = service.create_annotation(session, caller.project.id, author_of(caller), body)
        return AnnotationOutput.model_validate(row)


@router.patch("/{annotation_id}")
def change_annotation(
    caller: InsightEditor, database: ControlDatabase, annotation_id: Identifier, body: AnnotationChange
) -> AnnotationOutput:
    """Change an annotation."""
    with database.session() as session:
        row = service.change_annotation(session, caller.project.id, annotation_id, body)
        return AnnotationOutput.model_validate(row)


@router.delete("/{annotation_id}", status_code=204)
def delete_annotation(caller: InsightEditor, database: ControlDatabase, annotation_id: Identifier) -> None:
    """Delete an annotation."""
    with database.session() as session:
        service.delete_annotation(session, caller.project.id, annotation_id)
