"""``/api/projects/{project_id}/predictions``."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request

from bihuan.access import CallerSight, ControlDatabase, InsightEditor, Viewer
from bihuan.audiences.prediction import repository, showing
from bihuan.audiences.prediction.errors import NothingForetold
from bihuan.audiences.prediction.intervals import with_interval
from bihuan.audiences.prediction.models import Prediction
from bihuan.audiences.prediction.schemas import (
    PersonForetold,
    PredictionInput,
    PredictionOutput,
    PredictionSummary,
    RunOfModel,
)
from bihuan.audiences.refreshing.jobs import enqueue_refresh
from bihuan.audiences.schemas import PersonName
from bihuan.audiences.subjects import tag_adapter
from bihuan.audiences.tags import service as tags
from bihuan.audiences.tags.models import Tag
from bihuan.audiences.tags.schemas import TagInput
from bihuan.database import Page
from bihuan.insights import (
    Cursor,
    Identifier,
    Limit,
    PersonBehind,
    Search,
    author_of,
    newest_first,
)
from bihuan.jobs import JobStatus
from bihuan.people import People
from bihuan.warehouse.scores import score_of, top_scores

router = APIRouter(prefix="/api/projects/{project_id}/predictions", tags=["predictions"])


@router.get("")
def list_predictions(
    caller: Viewer,
    database: ControlDatabase,
    kind: Literal["churn", "value", "outcome"] | None = None,
    search: Search = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[PredictionSummary]:
    """What is foretold in this project, the newest first."""
    wanted = repository.predictions(caller.project.id, kind=kind, search=search)
    with database.read_session() as session:
        rows, after = newest_first(session, wanted, Tag.id, cursor, limit)
        ids = [row.id for row in rows]
        last, ready = repository.latest(session, ids), repository.latest(session, ids, ready=True)
    items = [showing.summary(row, last.get(row.id), ready.get(row.id)) for row in rows]
    return Page(items=items, next_cursor=after)


@router.post("", status_code=201)
def create_prediction(
    caller: InsightEditor,
    database: ControlDatabase,
    request: Request,
    sight: CallerSight,
    body: PredictionInput,
) -> PredictionOutput:
    """Have something foretold: makes a tag, whose model a job trains."""
    store = _people(request, caller.project.id).store
    given = TagInput.model_validate(body.model_dump())
    row = tags.create_tag(database, caller.project, store, author_of(caller), given, sight.mask)
    enqueue_refresh(request.app.state.jobs, caller.project.id, row.id)
    return showing.output(row, None, None, sight.mask)


@router.get("/{tag_id}")
def get_prediction(
    caller: Viewer, database: ControlDatabase, sight: CallerSight, tag_id: Identifier
) -> PredictionOutput:
    """A prediction with the report of its model: figures, calibration and back-test, ready to be drawn."""
    with database.read_session() as session:
        row = repository.get_tag(session, caller.project.id, tag_id)
        last, ready = _runs(session, tag_id)
    return showing.output(row, last, ready, sight.mask)


@router.post("/{tag_id}/train", status_code=202)
def train_prediction(
    caller: InsightEditor, database: ControlDatabase, request: Request, tag_id: Identifier
) -> JobStatus:
    """Train the model anew and foretell, by a job."""
    with database.read_session() as session:
        repository.get_tag(session, caller.project.id, tag_id)
    jobs = request.app.state.jobs
    status: JobStatus = jobs.status(enqueue_refresh(jobs, caller.project.id, tag_id))
    return status


@router.get("/{tag_id}/runs")
def prediction_runs(
    caller: Viewer,
    database: ControlDatabase,
    tag_id: Identifier,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[RunOfModel]:
    """The trainings, the newest first; the latest fifty are kept."""
    with database.read_session() as session:
        repository.get_tag(session, caller.project.id, tag_id)
        rows, after = newest_first(session, repository.runs(tag_id), Prediction.id, cursor, limit)
    return Page(items=[RunOfModel.model_validate(row) for row in rows], next_cursor=after)


@router.get("/{tag_id}/people")
def people_foretold(
    caller: Viewer,
    database: ControlDatabase,
    request: Request,
    sight: CallerSight,
    tag_id: Identifier,
    cursor: Annotated[str | None, Query(pattern=r"^[0-9]{1,9}$")] = None,
    limit: Limit = 100,
) -> Page[PersonForetold]:
    """Who is most at risk, or will be worth most, with the reasons."""
    with database.read_session() as session:
        row = repository.get_tag(session, caller.project.id, tag_id)
        _, ready = _runs(session, tag_id)
    people = _people(request, caller.project.id)
    offset = int(cursor or 0)
    found = top_scores(people.store, tag_id, offset=offset, limit=limit + 1)
    definition, report = tag_adapter.validate_python(row.definition), showing.report_of(ready)
    shown = people.summaries([each.person for each in found[:limit]])
    sight.saw("prediction", tag_id, of=[each.seen() for each in shown])
    behind = {each.person_id: PersonBehind.of(each, sight.mask) for each in shown}
    items = [
        PersonForetold(
            **dict(showing.foretold(each, definition, report, sight.mask)), person=behind[each.person]
        )
        for each in found[:limit]
        if each.person in behind
    ]
    return Page(items=items, next_cursor=str(offset + limit) if len(found) > limit else None)


@router.get("/{tag_id}/of-person")
def person_foretold(
    caller: Viewer,
    database: ControlDatabase,
    request: Request,
    sight: CallerSight,
    tag_id: Identifier,
    person: PersonName,
) -> PersonForetold:
    """What is foretold of one person, and why."""
    with database.read_session() as session:
        row = repository.get_tag(session, caller.project.id, tag_id)
        _, ready = _runs(session, tag_id)
    people = _people(request, caller.project.id)
    summary = people.get(person).summary
    found = score_of(people.store, tag_id, summary.person_id)
    if found is None:
        raise NothingForetold(name=row.name, path="person")
    sight.saw("prediction", tag_id, of=[summary.seen()])
    definition, report = tag_adapter.validate_python(row.definition), showing.report_of(ready)
    shown = with_interval(showing.foretold(found, definition, report, sight.mask), definition, report)
    return PersonForetold(**dict(shown), person=PersonBehind.of(summary, sight.mask))


def _runs(session: Any, tag_id: str) -> tuple[Prediction | None, Prediction | None]:
    """The latest run, and the latest with a report."""
    last = repository.latest(session, [tag_id]).get(tag_id)
    return last, repository.latest(session, [tag_id], ready=True).get(tag_id)


def _people(request: Request, project_id: str) -> People:
    people: People = request.app.state.people(project_id)
    return people
