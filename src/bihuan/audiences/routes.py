"""``/api/projects/{project_id}/audiences``."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from bihuan.access import CallerSight, ControlDatabase, Exporter, InsightEditor, Viewer, record_act
from bihuan.audiences import repository, service
from bihuan.audiences.estimating import estimate
from bihuan.audiences.histories import stays, values_of_person
from bihuan.audiences.models import Audience
from bihuan.audiences.refreshing.jobs import enqueue_refresh
from bihuan.audiences.schemas import (
    AudienceChange,
    AudienceCreated,
    AudienceInput,
    AudienceOutput,
    Estimate,
    EstimateInput,
    PersonAudience,
    PersonName,
    Stay,
)
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
    """Keep the people behind a number, those with some ids, or a condition, whose people a job finds."""
    people = _people(request, caller.project.id)
    queries = request.app.state.queries
    made = service.create_audience(database, queries, caller.project, people, author_of(caller), body)
    if made.kind == "condition":
        enqueue_refresh(request.app.state.jobs, caller.project.id, made.id)
    return made


@router.post("/estimate")
def estimate_audience(
    caller: Viewer, database: ControlDatabase, request: Request, body: EstimateInput
) -> Estimate:
    """How many people a condition has now."""
    store = _people(request, caller.project.id).store
    return estimate(database, caller.project, store, body)


@router.get("/of-person")
def audiences_of_person(
    caller: Viewer, database: ControlDatabase, request: Request, person: PersonName
) -> list[PersonAudience]:
    """The audiences that a person is or was in, and when."""
    people = _people(request, caller.project.id)
    with database.read_session() as session:
        names = {row.id: row.name for row in session.scalars(repository.audiences(caller.project.id))}
    person_id = people.get(person).summary.person_id
    found = {key: stays(past) for key, past in values_of_person(people.store, person_id, names).items()}
    return [
        PersonAudience(
            audience_id=audience_id,
            name=names[audience_id],
            inside=times[-1][1] is None,
            stays=[Stay(entered=entered, left=left) for entered, left in times],
        )
        for audience_id, times in found.items()
        if times
    ]


@router.get("/{audience_id}")
def get_audience(
    caller: Viewer, database: ControlDatabase, request: Request, audience_id: Identifier
) -> AudienceOutput:
    """One audience."""
    with database.read_session() as session:
        row = service.get_audience(session, caller.project.id, audience_id)
    return service.outputs(_people(request, caller.project.id).store, [row])[0]


@router.patch("/{audience_id}")
def change_audience(
    caller: InsightEditor,
    database: ControlDatabase,
    request: Request,
    audience_id: Identifier,
    body: AudienceChange,
) -> AudienceOutput:
    """Give an audience new values; a new condition has its people found out anew, by a job."""
    store = _people(request, caller.project.id).store
    author = author_of(caller)
    if service.change_audience(database, caller.project, store, audience_id, author, body):
        enqueue_refresh(request.app.state.jobs, caller.project.id, audience_id)
    with database.read_session() as session:
        row = service.get_audience(session, caller.project.id, audience_id)
    return service.outputs(store, [row])[0]


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
