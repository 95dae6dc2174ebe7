"""``/api/projects/{project_id}/query`` and what belongs to it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request, Response
from pydantic import ValidationError

from bihuan.access import CallerSight, Viewer
from bihuan.analytics import Selection
from bihuan.analytics.errors import SelectionInvalid
from bihuan.analytics.registry import AnyQuery, AnyResult, kind_of, kinds
from bihuan.database import Page
from bihuan.insights.schemas import PeopleQuestion, PersonBehind, RunningQueryOutput
from bihuan.insights.service import QueryService
from bihuan.people import People

router = APIRouter(prefix="/api/projects/{project_id}", tags=["insights"])

QueryId = Annotated[str, Path(min_length=1, max_length=100, pattern=r"^[0-9A-Za-z_.:-]+$")]
OwnQueryId = Annotated[
    str | None,
    Header(
        alias="X-Query-Id",
        min_length=1,
        max_length=100,
        pattern=r"^[0-9A-Za-z_.:-]+$",
        description="Your name for the query, with which it can be cancelled.",
    ),
]


@router.post("/query", response_model=AnyResult)
def ask(
    caller: Viewer, request: Request, sight: CallerSight, query: AnyQuery, x_query_id: OwnQueryId = None
) -> Response:
    """Answer an analysis. The answer says the SQL that was run."""
    queries, people = _parts(request, caller.project.id)
    answer = queries.answer(caller.project, people.store, query, query_id=x_query_id)
    headers = {"x-bihuan-cache": "hit" if answer.cached else "miss"}
    if sight.mask.asks_personal(query):
        sight.saw("answer", same=query.model_dump_json())
    body = sight.mask.answer(query, answer.body)
    return Response(body, media_type="application/json", headers=headers)


@router.post("/query/people")
def people_behind(
    caller: Viewer,
    request: Request,
    sight: CallerSight,
    body: PeopleQuestion,
    cursor: Annotated[str | None, Query(pattern=r"^[0-9]{1,20}$")] = None,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
) -> Page[PersonBehind]:
    """The people behind one number of an answer, by person id."""
    queries, people = _parts(request, caller.project.id)
    selection = selection_of(body)
    after = int(cursor) if cursor else None
    ids = queries.people(caller.project, people.store, body.query, selection, after=after, limit=limit + 1)
    shown = people.summaries(ids[:limit])
    sight.saw("people_behind", of=[each.seen() for each in shown])
    items = [PersonBehind.of(summary, sight.mask) for summary in shown]
    return Page(items=items, next_cursor=str(ids[limit - 1]) if len(ids) > limit else None)


@router.get("/query/kinds")
def analysis_kinds(caller: Viewer) -> dict[str, dict[str, Any]]:
    """Every kind of analysis with the JSON schemas of its query, its selection and its result."""
    return {
        kind: {
            "query": analysis.query.model_json_schema(),
            "selection": analysis.selection.model_json_schema(),
            "result": analysis.result.model_json_schema(mode="serialization"),
        }
        for kind, analysis in kinds().items()
    }


@router.get("/queries")
def running_queries(caller: Viewer, request: Request) -> list[RunningQueryOutput]:
    """The queries of this project that the answering process is running."""
    queries, _ = _parts(request, caller.project.id)
    return [RunningQueryOutput.model_validate(query) for query in queries.running(caller.project.id)]


@router.delete("/queries/{query_id}", status_code=204)
def cancel_query(caller: Viewer, request: Request, query_id: QueryId) -> None:
    """Stop a running query, whichever process runs it; one that has ended is left alone."""
    queries, people = _parts(request, caller.project.id)
    queries.cancel(caller.project.id, people.store, query_id)


def selection_of(body: PeopleQuestion) -> Selection:
    """What is selected, as the kind of analysis has it. Raises ``SelectionInvalid``."""
    model: type[Selection] = kind_of(body.query).selection
    try:
        return model.model_validate(body.selection)
    except ValidationError as invalid:
        first = invalid.errors()[0]
        path = ".".join(["selection", *map(str, first["loc"])])
        raise SelectionInvalid(path=path, reason=first["msg"]) from invalid


def _parts(request: Request, project_id: str) -> tuple[QueryService, People]:
    queries: QueryService = request.app.state.queries
    people: People = request.app.state.people(project_id)
    return queries, people
