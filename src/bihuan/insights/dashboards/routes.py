"""``/api/projects/{project_id}/dashboards``."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from bihuan.access import CallerSight, ControlDatabase, InsightEditor, Viewer, record_change
from bihuan.collect import language_of
from bihuan.database import Page
from bihuan.insights import stars
from bihuan.insights.dashboards import repository, service
from bihuan.insights.dashboards.models import Dashboard
from bihuan.insights.dashboards.results import BoardAnswers, board_tiles, line_of
from bihuan.insights.dashboards.schemas import (
    DashboardChange,
    DashboardInput,
    DashboardOutput,
    ResultsQuestion,
    TileResult,
)
from bihuan.insights.paging import newest_first
from bihuan.insights.saved.schemas import CopyInput
from bihuan.insights.wire import Author, Cursor, Identifier, Limit, Search, author_of
from bihuan.people import People

router = APIRouter(prefix="/api/projects/{project_id}/dashboards", tags=["dashboards"])


class Lines(StreamingResponse):
    """A line of JSON for each tile."""

    media_type = "application/x-ndjson"


@router.get("")
def list_dashboards(
    caller: Viewer,
    database: ControlDatabase,
    search: Search = None,
    tag: Search = None,
    starred: Annotated[bool, Query(description="Only those that the caller starred.")] = False,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[DashboardOutput]:
    """The dashboards, the newest first; ``search`` looks in names and descriptions."""
    author = author_of(caller)
    wanted = repository.dashboards(
        caller.project.id, search=search, tag=tag, starred_by=author if starred else None
    )
    with database.read_session() as session:
        rows, after = newest_first(session, wanted, Dashboard.id, cursor, limit)
        return Page(items=service.outputs(session, rows, author), next_cursor=after)


@router.post("", status_code=201)
def create_dashboard(
    caller: InsightEditor, database: ControlDatabase, body: DashboardInput
) -> DashboardOutput:
    """Make a dashboard."""
    author = author_of(caller)
    with database.session() as session:
        row = service.create_dashboard(session, caller.project.id, author, body)
        return service.outputs(session, [row], author)[0]


@router.get("/{dashboard_id}")
def get_dashboard(caller: Viewer, database: ControlDatabase, dashboard_id: Identifier) -> DashboardOutput:
    """One dashboard."""
    with database.read_session() as session:
        row = service.get_dashboard(session, caller.project.id, dashboard_id)
        return service.outputs(session, [row], author_of(caller))[0]


@router.patch("/{dashboard_id}")
def change_dashboard(
    caller: InsightEditor, database: ControlDatabase, dashboard_id: Identifier, body: DashboardChange
) -> DashboardOutput:
    """Change a dashboard; ``tiles`` replace all tiles."""
    author = author_of(caller)
    with database.session() as session:
        row = service.change_dashboard(session, caller.project.id, dashboard_id, author, body)
        return service.outputs(session, [row], author)[0]


@router.delete("/{dashboard_id}", status_code=204)
def delete_dashboard(caller: InsightEditor, database: ControlDatabase, dashboard_id: Identifier) -> None:
    """Delete a dashboard; its insights stay."""
    with database.session() as session:
        name = service.delete_dashboard(session, caller.project.id, dashboard_id)
        target, before = ("dashboard", dashboard_id), {"name": name}
        record_change(
            session, caller, "dashboard.deleted", target, project_id=caller.project.id, before=before
        )


@router.post("/{dashboard_id}/duplicate", status_code=201)
def duplicate_dashboard(
    caller: InsightEditor, database: ControlDatabase, dashboard_id: Identifier, body: CopyInput | None = None
) -> DashboardOutput:
    """Copy a dashboard; the copy shows the same insights."""
    author = author_of(caller)
    name = body.name if body is not None else None
    with database.session() as session:
        row = service.duplicate_dashboard(session, caller.project.id, dashboard_id, author, name)
        return service.outputs(session, [row], author)[0]


@router.put("/{dashboard_id}/star", status_code=204)
def star_dashboard(caller: Viewer, database: ControlDatabase, dashboard_id: Identifier) -> None:
    """Star a dashboard, for the caller alone."""
    _star(caller.project.id, author_of(caller), database, dashboard_id, starred=True)


@router.delete("/{dashboard_id}/star", status_code=204)
def unstar_dashboard(caller: Viewer, database: ControlDatabase, dashboard_id: Identifier) -> None:
    """Take the caller's star away."""
    _star(caller.project.id, author_of(caller), database, dashboard_id, starred=False)


@router.post("/{dashboard_id}/results", response_class=Lines, responses={200: {"model": TileResult}})
def dashboard_results(
    caller: Viewer,
    database: ControlDatabase,
    request: Request,
    sight: CallerSight,
    dashboard_id: Identifier,
    body: ResultsQuestion | None = None,
) -> Lines:
    """The results of the tiles with insights: a line of JSON for each, as it is ready."""
    people: People = request.app.state.people(caller.project.id)
    tiles = board_tiles(database, caller.project.id, dashboard_id, body or ResultsQuestion())
    request.app.state.boards.opened(caller.project.id, dashboard_id)
    answers = BoardAnswers(request.app.state.queries, caller.project, people.store)
    language = language_of({"accept-language": request.headers.get("accept-language", "")})
    if any(tile.query is not None and sight.mask.asks_personal(tile.query) for tile in tiles):
        sight.saw("dashboard", dashboard_id)

    async def lines() -> AsyncIterator[bytes]:
        async for result in answers.each(tiles):
            yield line_of(result.behind(sight.mask), language)

    # Nothing on the way may keep lines back until there are more of them.
    return Lines(lines(), headers={"x-accel-buffering": "no", "cache-control": "no-store"})


def _star(
    project_id: str, author: Author, database: ControlDatabase, dashboard_id: str, *, starred: bool
) -> None:
    with database.session() as session:
        service.get_dashboard(session, project_id, dashboard_id)
        stars.set_star(session, project_id, author, dashboard_id, starred=starred)
