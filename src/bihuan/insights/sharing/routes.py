"""Public links of insights and dashboards, ``/api/public/{token}``, and who may embed the pages."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Path, Request, Response

from bihuan.access import (
    Caller,
    ControlDatabase,
    InsightEditor,
    Mask,
    ProjectChange,
    ProjectManager,
    Public,
    Viewer,
    change_project,
    mask_for,
    record_change,
)
from bihuan.collect import language_of
from bihuan.database import Database, Page
from bihuan.insights.dashboards.results import BoardAnswers, BoardResult, error_detail
from bihuan.insights.paging import newest_first
from bihuan.insights.sharing import service
from bihuan.insights.sharing.models import PublicLink
from bihuan.insights.sharing.schemas import (
    Embedding,
    LinkInput,
    PublicLinkCreated,
    PublicLinkOutput,
    PublicPage,
)
from bihuan.insights.wire import Cursor, Identifier, Limit, author_of
from bihuan.kernel.errors import Language
from bihuan.people import People

router = APIRouter(prefix="/api", tags=["public links"])

_OF_INSIGHT = "/projects/{project_id}/insights/{insight_id}/links"
_OF_DASHBOARD = "/projects/{project_id}/dashboards/{dashboard_id}/links"
Token = Annotated[str, Path(min_length=1, max_length=100, pattern=r"^[0-9A-Za-z_-]+$")]


@router.get(_OF_INSIGHT)
def list_insight_links(
    caller: Viewer,
    database: ControlDatabase,
    insight_id: Identifier,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[PublicLinkOutput]:
    """The public links of an insight, the newest first."""
    return _listed(database, caller.project.id, cursor, limit, insight_id=insight_id)


@router.post(_OF_INSIGHT, status_code=201)
def create_insight_link(
    caller: InsightEditor, database: ControlDatabase, insight_id: Identifier, body: LinkInput
) -> PublicLinkCreated:
    """Let whoever has the link see an insight; the answer is the only place where its token is shown."""
    return _created(database, caller, body, insight_id=insight_id)


@router.delete(_OF_INSIGHT + "/{link_id}", status_code=204)
def delete_insight_link(
    caller: InsightEditor, database: ControlDatabase, insight_id: Identifier, link_id: Identifier
) -> None:
    """Withdraw a link of an insight."""
    _withdraw(database, caller, link_id, insight_id=insight_id)


@router.get(_OF_DASHBOARD)
def list_dashboard_links(
    caller: Viewer,
    database: ControlDatabase,
    dashboard_id: Identifier,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[PublicLinkOutput]:
    """The public links of a dashboard, the newest first."""
    return _listed(database, caller.project.id, cursor, limit, dashboard_id=dashboard_id)


@router.post(_OF_DASHBOARD, status_code=201)
def create_dashboard_link(
    caller: InsightEditor, database: ControlDatabase, dashboard_id: Identifier, body: LinkInput
) -> PublicLinkCreated:
    """Let whoever has the link see a dashboard; the answer is the only place where its token is shown."""
    return _created(database, caller, body, dashboard_id=dashboard_id)


@router.delete(_OF_DASHBOARD + "/{link_id}", status_code=204)
def delete_dashboard_link(
    caller: InsightEditor, database: ControlDatabase, dashboard_id: Identifier, link_id: Identifier
) -> None:
    """Withdraw a link of a dashboard."""
    _withdraw(database, caller, link_id, dashboard_id=dashboard_id)


@router.get("/public/{token}", response_model=PublicPage)
def public_page(caller: Public, database: ControlDatabase, request: Request, token: Token) -> Response:
    """What a public link shows: names, charts and results of its period, and nothing else of the project."""
    shown = service.shown(database, token)
    people: People = request.app.state.people(shown.project.id)
    answers = BoardAnswers(request.app.state.queries, shown.project, people.store)
    language = language_of({"accept-language": request.headers.get("accept-language", "")})
    mask = mask_for(database, shown.project.id, hides=True)
    results = {each.tile.tile_id: each for each in answers.in_order(shown.asked)}
    page = {
        "kind": "dashboard" if shown.link.insight_id is None else "insight",
        "name": shown.target.name,
        "description": shown.target.description,
        "time_zone": shown.project.time_zone,
        "currency": shown.project.currency,
        "expires_at": shown.link.expires_at.isoformat(),
        "refresh_seconds": getattr(shown.target, "refresh_seconds", None),
        "tiles": [
            {
                "id": tile.id,
                **{name: getattr(tile, name) for name in ("x", "y", "w", "h", "text")},
                **_content(results.get(tile.id), mask, language),
            }
            for tile in shown.tiles
        ],
    }
    headers = {"cache-control": "no-store", "x-robots-tag": "noindex"}
    return Response(msgspec.json.encode(page), media_type="application/json", headers=headers)


@router.get("/projects/{project_id}/embedding")
def get_embedding(caller: Viewer) -> Embedding:
    """Which web origins may show public pages in a frame."""
    return Embedding(origins=service.origins_of(caller.project))


@router.put("/projects/{project_id}/embedding")
def set_embedding(caller: ProjectManager, database: ControlDatabase, body: Embedding) -> Embedding:
    """Say which web origins may show public pages in a frame."""
    origins = list(dict.fromkeys(body.origins))
    settings = {**caller.project.settings, service.EMBED_SETTING: origins}
    with database.session() as session:
        change_project(session, caller.project.id, ProjectChange(settings=settings))
        before, after = {"origins": service.origins_of(caller.project)}, {"origins": origins}
        target, project_id = ("project", caller.project.id), caller.project.id
        record_change(
            session, caller, "embedding.changed", target, project_id=project_id, before=before, after=after
        )
    return Embedding(origins=origins)


def _content(result: BoardResult | None, mask: Mask, language: Language) -> dict[str, Any]:
    if result is None:
        names = ("name", "description", "kind", "chart", "result", "error")
        return {**dict.fromkeys(names), "options": {}}
    insight, answer = result.tile.insight, None
    if result.body is not None:
        answer = msgspec.json.decode(mask.answer(result.tile.query, result.body))
        # Neither how it was asked nor how much there is.
        answer |= {"sql": "", "rows_read": None, "bytes_read": None}
    error = None if result.fault is None else error_detail(result.fault, language).model_dump()
    return {
        "name": insight.name,
        "description": insight.description,
        "kind": insight.kind,
        "chart": insight.chart,
        "options": insight.options,
        "result": answer,
        "error": error,
    }


def _created(database: Database, caller: Caller, body: LinkInput, **target: str) -> PublicLinkCreated:
    project_id = caller.project.id
    with database.session() as session:
        row, token = service.create_link(session, project_id, author_of(caller), body, **target)
        shown = service.output(row)
        after = {**target, "expires_at": row.expires_at.isoformat(), "period": row.period}
        target_row = ("public_link", row.id)
        record_change(session, caller, "public_link.created", target_row, project_id=project_id, after=after)
    return PublicLinkCreated(**shown.model_dump(), token=token, path=f"/public/{token}")


def _withdraw(database: Database, caller: Caller, link_id: str, **target: str) -> None:
    project_id = caller.project.id
    with database.session() as session:
        service.delete_link(session, project_id, link_id, **target)
        row = ("public_link", link_id)
        record_change(session, caller, "public_link.withdrawn", row, project_id=project_id, before=target)


def _listed(
    database: Database, project_id: str, cursor: str | None, limit: int, **target: str
) -> Page[PublicLinkOutput]:
    with database.read_session() as session:
        wanted = service.links(session, project_id, **target)
        rows, after = newest_first(session, wanted, PublicLink.id, cursor, limit)
    return Page(items=[service.output(row) for row in rows], next_cursor=after)
