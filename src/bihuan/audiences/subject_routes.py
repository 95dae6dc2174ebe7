"""``/api/projects/{project_id}/subjects``: what audiences and tags have in common."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bihuan.access import CallerSight, ControlDatabase, InsightEditor, Viewer
from bihuan.audiences import moves
from bihuan.audiences.errors import NothingToRefresh, SubjectNotFound
from bihuan.audiences.models import Audience
from bihuan.audiences.refreshing import Run, Version
from bihuan.audiences.refreshing.jobs import enqueue_backfill, enqueue_refresh
from bihuan.audiences.refreshing.references import references
from bihuan.audiences.refreshing.schemas import (
    BackfillInput,
    Graph,
    Link,
    Move,
    Moves,
    Node,
    RunOutput,
    VersionOutput,
)
from bihuan.audiences.subjects import Row, find_row, has_history, has_numbers, rows_of, subject_of
from bihuan.database import Page, utc_now
from bihuan.insights import Cursor, Identifier, Limit, PersonBehind, newest_first
from bihuan.jobs import JobStatus
from bihuan.people import People
from bihuan.warehouse.assignments import changes

router = APIRouter(prefix="/api/projects/{project_id}/subjects", tags=["audiences"])

After = Annotated[datetime | None, Query(description="Only moves later than this; a day ago if not given.")]
Until = Annotated[datetime | None, Query(description="Only moves until then; now if not given.")]
ValueName = Annotated[
    str | None, Query(max_length=200, description="A value; empty for none, left out for any.")
]


@router.get("/graph")
def subject_graph(caller: Viewer, database: ControlDatabase) -> Graph:
    """Which audiences and tags refer to which."""
    with database.read_session() as session:
        rows = rows_of(session, caller.project.id)
    nodes = [
        Node.model_validate(
            {
                "id": row.id,
                "name": row.name,
                "type": "audience" if isinstance(row, Audience) else "tag",
                "refresh": row.refresh,
                "failed": row.error is not None,
                "numeric": has_numbers(row),
            }
        )
        for row in rows.values()
    ]
    links = [
        Link(user=row.id, used=used)
        for row in rows.values()
        for used in sorted(references(row.definition) & set(rows))
    ]
    return Graph(nodes=nodes, links=links)


@router.post("/{subject_id}/refresh", status_code=202)
def refresh_subject(
    caller: InsightEditor, database: ControlDatabase, request: Request, subject_id: Identifier
) -> JobStatus:
    """Find out anew who has which value, by a job."""
    with database.read_session() as session:
        row = _row(session, caller.project.id, subject_id)
        if subject_of(database, row, caller.project, _people(request, caller.project.id).store) is None:
            raise NothingToRefresh(name=row.name)
    jobs = request.app.state.jobs
    status: JobStatus = jobs.status(enqueue_refresh(jobs, caller.project.id, subject_id))
    return status


@router.post("/{subject_id}/backfill", status_code=202)
def backfill_subject(
    caller: InsightEditor,
    database: ControlDatabase,
    request: Request,
    subject_id: Identifier,
    body: BackfillInput,
) -> JobStatus:
    """Replace the history by what the definition gives as of past days, weeks or months, by a job."""
    with database.read_session() as session:
        row = _row(session, caller.project.id, subject_id)
    if not has_history(row):
        raise NothingToRefresh(name=row.name)
    jobs = request.app.state.jobs
    job_id = enqueue_backfill(jobs, caller.project.id, subject_id, body.from_date, body.unit)
    status: JobStatus = jobs.status(job_id)
    return status


@router.get("/{subject_id}/runs")
def subject_runs(
    caller: Viewer,
    database: ControlDatabase,
    subject_id: Identifier,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[RunOutput]:
    """The refreshes, the newest first, with sizes: the history of a distribution."""
    with database.read_session() as session:
        _row(session, caller.project.id, subject_id)
        wanted: Select[Any] = select(Run).where(Run.subject_id == subject_id)
        rows, after = newest_first(session, wanted, Run.id, cursor, limit)
    return Page(items=[RunOutput.model_validate(row) for row in rows], next_cursor=after)


@router.get("/{subject_id}/versions")
def subject_versions(
    caller: Viewer, database: ControlDatabase, subject_id: Identifier
) -> list[VersionOutput]:
    """What the definition was, the newest first."""
    with database.read_session() as session:
        _row(session, caller.project.id, subject_id)
        wanted = select(Version).where(Version.subject_id == subject_id).order_by(Version.version.desc())
        return [VersionOutput.model_validate(row) for row in session.scalars(wanted.limit(1_000))]


@router.get("/{subject_id}/moves")
def subject_moves(
    caller: Viewer,
    database: ControlDatabase,
    request: Request,
    subject_id: Identifier,
    after: After = None,
    until: Until = None,
) -> Moves:
    """How many people went from which value to which: those who entered an audience, or left it."""
    with database.read_session() as session:
        _row(session, caller.project.id, subject_id)
    end = until or utc_now()
    start = after or end - timedelta(days=1)
    store = _people(request, caller.project.id).store
    found, ways = changes(store, subject_id, after_ms=_ms(start), until_ms=_ms(end))
    moved = [Move(before=each.before or None, value=each.value or None, people=each.people) for each in found]
    return Moves(after=start, until=end, moves=moved, ways=ways)


@router.get("/{subject_id}/moved")
def people_moved(
    caller: Viewer,
    database: ControlDatabase,
    request: Request,
    sight: CallerSight,
    subject_id: Identifier,
    after: After = None,
    until: Until = None,
    before: ValueName = None,
    value: ValueName = None,
    cursor: Annotated[str | None, Query(pattern=r"^[0-9]{1,20}$")] = None,
    limit: Limit = 100,
) -> Page[PersonBehind]:
    """Who went from one value to another: ``before=`` (empty) are those who entered, ``value=`` who left."""
    with database.read_session() as session:
        _row(session, caller.project.id, subject_id)
    end = until or utc_now()
    start = after or end - timedelta(days=1)
    people = _people(request, caller.project.id)
    wanted = moves.Wanted(_ms(start), _ms(end), before, value)
    ids = moves.page_of(
        people.store, subject_id, wanted, after=int(cursor) if cursor else None, limit=limit + 1
    )
    shown = people.summaries(ids[:limit])
    sight.saw("subject_moves", subject_id, of=[each.seen() for each in shown])
    items = [PersonBehind.of(each, sight.mask) for each in shown]
    return Page(items=items, next_cursor=str(ids[limit - 1]) if len(ids) > limit else None)


def _row(session: Session, project_id: str, subject_id: str) -> Row:
    row = find_row(session, project_id, subject_id)
    if row is None:
        raise SubjectNotFound(subject_id=subject_id)
    return row


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _people(request: Request, project_id: str) -> People:
    people: People = request.app.state.people(project_id)
    return people
