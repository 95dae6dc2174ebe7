"""``/api/projects/{project_id}/insights``: saved questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session

from bihuan.access import ControlDatabase, InsightEditor, Viewer, record_change
from bihuan.database import Page
from bihuan.insights import stars
from bihuan.insights.paging import newest_first
from bihuan.insights.saved import repository, service
from bihuan.insights.saved.errors import InsightUnreadable
from bihuan.insights.saved.models import Insight, InsightVersion
from bihuan.insights.saved.schemas import (
    CopyInput,
    InsightChange,
    InsightInput,
    InsightOutput,
    InsightVersionOutput,
    TagOutput,
    Unreadable,
)
from bihuan.insights.wire import Author, Cursor, Identifier, Limit, Number, Search, author_of

router = APIRouter(prefix="/api/projects/{project_id}/insights", tags=["insights"])
tags_router = APIRouter(prefix="/api/projects/{project_id}", tags=["insights"])


@tags_router.get("/insight-tags")
def list_tags(caller: Viewer, database: ControlDatabase) -> list[TagOutput]:
    """The tags of insights and dashboards, the most used first."""
    with database.read_session() as session:
        found = repository.tags(session, caller.project.id)
    ordered = sorted(found.items(), key=lambda each: (-each[1], each[0]))
    return [TagOutput(tag=tag, count=count) for tag, count in ordered]


@router.get("")
def list_insights(
    caller: Viewer,
    database: ControlDatabase,
    search: Search = None,
    tag: Search = None,
    starred: Annotated[bool, Query(description="Only those that the caller starred.")] = False,
    kind: Search = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[InsightOutput]:
    """The saved insights, the newest first; ``search`` looks in names and descriptions."""
    author = author_of(caller)
    wanted = repository.insights(
        caller.project.id, search=search, tag=tag, kind=kind, starred_by=author if starred else None
    )
    with database.read_session() as session:
        rows, after = newest_first(session, wanted, Insight.id, cursor, limit)
        return Page(items=outputs(session, rows, author), next_cursor=after)


@router.post("", status_code=201)
def create_insight(caller: InsightEditor, database: ControlDatabase, body: InsightInput) -> InsightOutput:
    """Save a question."""
    author = author_of(caller)
    with database.session() as session:
        row = service.create_insight(session, caller.project.id, author, body)
        return outputs(session, [row], author)[0]


@router.get("/{insight_id}")
def get_insight(caller: Viewer, database: ControlDatabase, insight_id: Identifier) -> InsightOutput:
    """One insight."""
    with database.read_session() as session:
        row = service.get_insight(session, caller.project.id, insight_id)
        return outputs(session, [row], author_of(caller))[0]


@router.patch("/{insight_id}")
def change_insight(
    caller: InsightEditor, database: ControlDatabase, insight_id: Identifier, body: InsightChange
) -> InsightOutput:
    """Change an insight; what it was stays in its versions."""
    author = author_of(caller)
    with database.session() as session:
        row = service.change_insight(session, caller.project.id, insight_id, author, body)
        return outputs(session, [row], author)[0]


@router.delete("/{insight_id}", status_code=204)
def delete_insight(caller: InsightEditor, database: ControlDatabase, insight_id: Identifier) -> None:
    """Delete an insight with its versions; dashboards lose its tiles."""
    with database.session() as session:
        name = service.delete_insight(session, caller.project.id, insight_id)
        target, before = ("insight", insight_id), {"name": name}
        record_change(session, caller, "insight.deleted", target, project_id=caller.project.id, before=before)


@router.post("/{insight_id}/duplicate", status_code=201)
def duplicate_insight(
    caller: InsightEditor, database: ControlDatabase, insight_id: Identifier, body: CopyInput | None = None
) -> InsightOutput:
    """Copy an insight."""
    author = author_of(caller)
    name = body.name if body is not None else None
    with database.session() as session:
        row = service.duplicate_insight(session, caller.project.id, insight_id, author, name)
        return outputs(session, [row], author)[0]


@router.put("/{insight_id}/star", status_code=204)
def star_insight(caller: Viewer, database: ControlDatabase, insight_id: Identifier) -> None:
    """Star an insight, for the caller alone."""
    _star(caller.project.id, author_of(caller), database, insight_id, starred=True)


@router.delete("/{insight_id}/star", status_code=204)
def unstar_insight(caller: Viewer, database: ControlDatabase, insight_id: Identifier) -> None:
    """Take the caller's star away."""
    _star(caller.project.id, author_of(caller), database, insight_id, starred=False)


@router.get("/{insight_id}/versions")
def list_versions(
    caller: Viewer,
    database: ControlDatabase,
    insight_id: Identifier,
    cursor: Annotated[str | None, Query(pattern=r"^[0-9]{1,9}$")] = None,
    limit: Limit = 100,
) -> Page[InsightVersionOutput]:
    """What an insight was, the newest version first."""
    with database.read_session() as session:
        service.get_insight(session, caller.project.id, insight_id)
        wanted = repository.versions(insight_id).order_by(InsightVersion.version.desc()).limit(limit + 1)
        if cursor is not None:
            wanted = wanted.where(InsightVersion.version < int(cursor))
        rows = list(session.scalars(wanted))
    items = [InsightVersionOutput(**_content(row)) for row in rows[:limit]]
    return Page(items=items, next_cursor=str(rows[limit - 1].version) if len(rows) > limit else None)


@router.post("/{insight_id}/versions/{version}/restore")
def restore_version(
    caller: InsightEditor, database: ControlDatabase, insight_id: Identifier, version: Number
) -> InsightOutput:
    """Make an insight what it was; that is a version of its own."""
    author = author_of(caller)
    with database.session() as session:
        row = service.restore_version(session, caller.project.id, insight_id, author, version)
        return outputs(session, [row], author)[0]


def outputs(session: Session, rows: Sequence[Insight], author: Author) -> list[InsightOutput]:
    """Insights as one caller sees them."""
    starred = stars.starred_among(session, author, [row.id for row in rows])
    return [
        InsightOutput(
            **_content(row),
            id=row.id,
            starred=row.id in starred,
            updated_by=Author(**row.updated_by),
            updated_at=row.updated_at,
        )
        for row in rows
    ]


def _content(row: Insight | InsightVersion) -> dict[str, Any]:
    content = {name: getattr(row, name) for name in service.CONTENT if name != "query"}
    content |= {"version": row.version, "created_by": row.created_by, "created_at": row.created_at}
    try:
        return {**content, "query": service.read_query(row.query)}
    except InsightUnreadable as error:
        unreadable = Unreadable(stored=row.query, reason=error.params["reason"])
        return {**content, "query": None, "unreadable": unreadable}


def _star(
    project_id: str, author: Author, database: ControlDatabase, insight_id: str, *, starred: bool
) -> None:
    with database.session() as session:
        service.get_insight(session, project_id, insight_id)
        stars.set_star(session, project_id, author, insight_id, starred=starred)
