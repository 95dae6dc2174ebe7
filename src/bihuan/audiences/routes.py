"""``/api/projects/{project_id}/audiences``."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from bihuan.access import CallerSight, ControlDatabase, Exporter, InsightEditor, Viewer, record_act
from bihuan.audiences import repository, service
from bihuan.audiences.models import Audience
from bihuan.audiences.schemas import AudienceCreated, AudienceInput, AudienceOutput
from bihuan.database import Page
from bihuan.insights import (
    TABLE_FILE,
    Cursor,
    Format,
    ForSpreadsheets,
    Identifier,
    Limit,
    PersonBehind,
    Properties,
    Search,
    author_of,
    context,
    newest_first,
    table_file,
    table_of_statement,
    table_options,
)
from bihuan.people import People

router = APIRouter(prefix="/api/projects/{project_id}/audiences", tags=["audiences"])


@router.get("")
def list_audiences(
    caller: Viewer,
    database: ControlDatabase,
    request: Request,
    search: Search = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[AudienceOutput]:
    """The audiences, the newest first; ``search`` looks in names."""
    wanted = repository.audiences(caller.project.id, search=search)
    with database.read_session() as session:
        rows, after = newest_first(session, wanted, Audience.id, cursor, limit)
    return Page(items=service.outputs(_people(request, caller.project.id).store, rows), next_cursor=after)


@router.post("", status_code=201)
def create_audience(
    caller: InsightEditor, database: ControlDatabase, request: Request, body: AudienceInput
) -> AudienceCreated:
    """Keep the people behind a number, or those with some ids, as a list."""
    people = _people(request, caller.project.id)
    queries = request.app.state.queries
    return service.create_audience(database, queries, caller.project, people, author_of(caller), body)


@router.get("/{audience_id}")
def get_audience(
    caller: Viewer, database: ControlDatabase, request: Request, audience_id: Identifier
) -> AudienceOutput:
    """One audience."""
    with database.read_session() as session:
        row = service.get_audience(session, caller.project.id, audience_id)
    return service.outputs(_people(request, caller.project.id).store, [row])[0]


@router.get("/{audience_id}/people")
def audience_people(
    caller: Viewer,
    database: ControlDatabase,
    request: Request,
    sight: CallerSight,
    audience_id: Identifier,
    cursor: Annotated[str | None, Query(pattern=r"^[0-9]{1,20}$")] = None,
    limit: Limit = 100,
) -> Page[PersonBehind]:
    """Who is in an audience, by person id."""
    with database.read_session() as session:
        service.get_audience(session, caller.project.id, audience_id)
    people = _people(request, caller.project.id)
    after = int(cursor) if cursor else None
    ids = repository.page_of(people.store, audience_id, after=after, limit=limit + 1)
    shown = people.summaries(ids[:limit])
    sight.saw("audience", audience_id, of=[each.seen() for each in shown])
    items = [PersonBehind.of(each, sight.mask) for each in shown]
    return Page(items=items, next_cursor=str(ids[limit - 1]) if len(ids) > limit else None)


@router.get("/{audience_id}/export", response_class=StreamingResponse, responses=TABLE_FILE)
def export_audience(
    caller: Exporter,
    database: ControlDatabase,
    request: Request,
    sight: CallerSight,
    audience_id: Identifier,
    format: Format = "csv",
    properties: Properties = None,
    spreadsheet: ForSpreadsheets = False,
) -> StreamingResponse:
    """Everybody in an audience, streamed."""
    with database.read_session() as session:
        service.get_audience(session, caller.project.id, audience_id)
    store = _people(request, caller.project.id).store
    sql = repository.export_sql(context(caller.project, store), store, audience_id, properties or ())
    options = table_options(caller.project, "people", spreadsheet=spreadsheet)
    pieces = table_of_statement(store, sql, format, options, sight.mask)
    sight.exported("audience", audience=audience_id, format=format)
    return table_file(pieces, f"{caller.project.id}-audience", format)


@router.delete("/{audience_id}", status_code=204)
def delete_audience(
    caller: InsightEditor, database: ControlDatabase, request: Request, audience_id: Identifier
) -> None:
    """Delete an audience; the people stay."""
    store = _people(request, caller.project.id).store
    name = service.delete_audience(database, store, caller.project.id, audience_id)
    target, before = ("audience", audience_id), {"name": name}
    record_act(database, caller, "audience.deleted", target, project_id=caller.project.id, before=before)


def _people(request: Request, project_id: str) -> People:
    people: People = request.app.state.people(project_id)
    return people
