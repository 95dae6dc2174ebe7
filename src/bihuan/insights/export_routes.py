"""``/api/projects/{project_id}/export/…``: events, people and answers as table files."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import TypeAdapter, ValidationError

from bihuan.access import CallerSight, Exporter
from bihuan.analytics.query.filters import Filter
from bihuan.analytics.registry import AnyQuery
from bihuan.insights.errors import FilterInvalid
from bihuan.insights.export import (
    EventsWanted,
    events_sql,
    people_sql,
    persons_sql,
    table_of_rows,
    table_of_statement,
)
from bihuan.insights.routes import selection_of
from bihuan.insights.schemas import PeopleQuestion
from bihuan.insights.service import QueryService, context
from bihuan.insights.table_files import (
    TABLE_FILE,
    Format,
    ForSpreadsheets,
    Properties,
    table_file,
    table_options,
)
from bihuan.kernel.tables import rows_of, table_of
from bihuan.people import People

router = APIRouter(prefix="/api/projects/{project_id}", tags=["export"])

# What the event store's time type can hold.
Day = Annotated[date | None, Query(ge=date(1970, 1, 2), le=date(2262, 1, 1))]
_filter: TypeAdapter[Filter] = TypeAdapter(Filter)


@router.get("/export/events", response_class=StreamingResponse, responses=TABLE_FILE)
def export_events(
    caller: Exporter,
    request: Request,
    sight: CallerSight,
    format: Format = "csv",
    from_date: Day = None,
    to_date: Day = None,
    event: Annotated[list[str] | None, Query(max_length=500)] = None,
    filter: Annotated[str | None, Query(max_length=20_000, description="As in a query, as JSON.")] = None,
    properties: Properties = None,
    spreadsheet: ForSpreadsheets = False,
) -> StreamingResponse:
    """Events of whole days of the project's calendar, streamed; times in CSV and XLSX are the project's."""
    wanted = EventsWanted(
        from_date, to_date, tuple(event or ()), _read_filter(filter), tuple(properties or ())
    )
    store = _people(request, caller.project.id).store
    sql = events_sql(context(caller.project, store), wanted)
    options = table_options(caller.project, "events", spreadsheet=spreadsheet)
    pieces = table_of_statement(store, sql, format, options, sight.mask)
    sight.exported(
        "events", format=format, from_date=from_date, to_date=to_date, events=event, properties=properties
    )
    return table_file(pieces, f"{caller.project.id}-events", format)


@router.get("/export/people", response_class=StreamingResponse, responses=TABLE_FILE)
def export_people(
    caller: Exporter,
    request: Request,
    sight: CallerSight,
    format: Format = "csv",
    properties: Properties = None,
    spreadsheet: ForSpreadsheets = False,
) -> StreamingResponse:
    """Everyone who has a profile, streamed."""
    store = _people(request, caller.project.id).store
    sql = people_sql(context(caller.project, store), properties or ())
    options = table_options(caller.project, "people", spreadsheet=spreadsheet)
    pieces = table_of_statement(store, sql, format, options, sight.mask)
    sight.exported("people", format=format, properties=properties)
    return table_file(pieces, f"{caller.project.id}-people", format)


@router.post("/query/export", response_class=StreamingResponse, responses=TABLE_FILE)
def export_answer(
    caller: Exporter,
    request: Request,
    sight: CallerSight,
    query: AnyQuery,
    format: Format = "csv",
    spreadsheet: ForSpreadsheets = False,
) -> StreamingResponse:
    """The answer of an analysis as a flat table: a row for each number's place, a column for each measure."""
    queries: QueryService = request.app.state.queries
    store = _people(request, caller.project.id).store
    answer = queries.answer(caller.project, store, query)
    table = table_of(rows_of(msgspec.json.decode(sight.mask.answer(query, answer.body))))
    kind = str(getattr(query, "kind", "answer"))
    sight.exported("answer", format=format, kind=kind)
    pieces = table_of_rows(table, format, table_options(caller.project, kind, spreadsheet=spreadsheet))
    return table_file(pieces, f"{caller.project.id}-{kind}", format)


@router.post("/query/people/export", response_class=StreamingResponse, responses=TABLE_FILE)
def export_people_behind(
    caller: Exporter,
    request: Request,
    sight: CallerSight,
    body: PeopleQuestion,
    format: Format = "csv",
    properties: Properties = None,
    spreadsheet: ForSpreadsheets = False,
) -> StreamingResponse:
    """All the people behind one number of an answer, streamed."""
    queries: QueryService = request.app.state.queries
    store = _people(request, caller.project.id).store
    ctx, behind = queries.people_sql(caller.project, store, body.query, selection_of(body))
    sql = persons_sql(ctx, f"SELECT person FROM ({behind})", properties or ())
    options = table_options(caller.project, "people", spreadsheet=spreadsheet)
    pieces = table_of_statement(store, sql, format, options, sight.mask)
    kind = str(getattr(body.query, "kind", ""))
    sight.exported("people_behind", format=format, kind=kind, properties=properties)
    return table_file(pieces, f"{caller.project.id}-people", format)


def _people(request: Request, project_id: str) -> People:
    people: People = request.app.state.people(project_id)
    return people


def _read_filter(text: str | None) -> Filter | None:
    if text is None:
        return None
    try:
        return _filter.validate_json(text)
    except ValidationError as error:
        fault = error.errors()[0]
        path = ".".join(map(str, ("filter", *fault["loc"])))
        raise FilterInvalid(path=path, reason=fault["msg"]) from error
