"""``/api/projects/{project_id}/experiments``."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from bihuan.access import CallerSight, ControlDatabase, InsightEditor, Viewer, record_act, record_change
from bihuan.database import Page
from bihuan.experiments import repository, service
from bihuan.experiments.measuring.from_insights import measure_of
from bihuan.experiments.measuring.metrics import Metric
from bihuan.experiments.models import Experiment, Look
from bihuan.experiments.reading import people_in, read
from bihuan.experiments.schemas import (
    Decision,
    ExperimentChange,
    ExperimentInput,
    ExperimentOutput,
    FromInsight,
    LookOutput,
    Status,
    WeighingOutput,
)
from bihuan.insights import Cursor, Identifier, Limit, PersonBehind, Search, author_of, newest_first
from bihuan.insights.metrics.errors import MetricUnusable
from bihuan.insights.metrics.service import get_metric, output
from bihuan.people import People
from bihuan.warehouse import ProjectStore

router = APIRouter(prefix="/api/projects/{project_id}/experiments", tags=["experiments"])


@router.get("")
def list_experiments(
    caller: Viewer,
    database: ControlDatabase,
    search: Search = None,
    status: Annotated[Status | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[ExperimentOutput]:
    """The experiments, the newest first; ``search`` looks in names."""
    wanted = repository.experiments(caller.project.id, search=search, status=status)
    with database.read_session() as session:
        rows, after = newest_first(session, wanted, Experiment.id, cursor, limit)
        last = repository.last_looks(session, [row.id for row in rows])
        items = [service.output(row, last.get(row.id)) for row in rows]
    return Page(items=items, next_cursor=after)


@router.post("", status_code=201)
def create_experiment(
    caller: InsightEditor, database: ControlDatabase, request: Request, body: ExperimentInput
) -> ExperimentOutput:
    """Declare an experiment: variants, metrics, and who takes part."""
    store = _store(request, caller.project.id)
    with database.session() as session:
        row = service.create_experiment(session, caller.project, store, author_of(caller), body)
        target, after = ("experiment", row.id), {"name": row.name}
        record_change(
            session, caller, "experiment.created", target, project_id=caller.project.id, after=after
        )
        return service.output(row)


@router.post("/metric")
def metric_from_insight(caller: Viewer, database: ControlDatabase, body: FromInsight) -> Metric:
    """A metric of insights as a metric of an experiment, to be put into a plan."""
    with database.read_session() as session:
        found = output(get_metric(session, caller.project.id, body.metric_id))
    if found.query is None:
        raise MetricUnusable(name=found.name, reason="its definition cannot be read", path="metric_id")
    better = "higher" if found.direction == "up" else "lower"
    measure = measure_of(found.name, found.query)
    return Metric.model_validate({"key": body.key, "name": found.name, "better": better, "measure": measure})


@router.get("/{experiment_id}")
def get_experiment(caller: Viewer, database: ControlDatabase, experiment_id: Identifier) -> ExperimentOutput:
    """One experiment."""
    with database.read_session() as session:
        row = service.get_experiment(session, caller.project.id, experiment_id)
        return service.output(row, repository.last_look(session, experiment_id))


@router.patch("/{experiment_id}")
def change_experiment(
    caller: InsightEditor,
    database: ControlDatabase,
    request: Request,
    experiment_id: Identifier,
    body: ExperimentChange,
) -> ExperimentOutput:
    """Change an experiment; its plan only while it is a draft."""
    store = _store(request, caller.project.id)
    with database.session() as session:
        row = service.change_experiment(session, caller.project, store, experiment_id, body)
        target, after = ("experiment", row.id), body.model_dump(mode="json", exclude_none=True)
        record_change(
            session, caller, "experiment.changed", target, project_id=caller.project.id, after=after
        )
        return service.output(row)


@router.delete("/{experiment_id}", status_code=204)
def delete_experiment(
    caller: InsightEditor, database: ControlDatabase, request: Request, experiment_id: Identifier
) -> None:
    """Delete an experiment that does not run, with its readings."""
    store = _store(request, caller.project.id)
    with database.session() as session:
        name = service.delete_experiment(session, store, caller.project.id, experiment_id)
        target, before = ("experiment", experiment_id), {"name": name}
        record_change(
            session, caller, "experiment.deleted", target, project_id=caller.project.id, before=before
        )


@router.post("/{experiment_id}/start")
def start_experiment(
    caller: InsightEditor, database: ControlDatabase, request: Request, experiment_id: Identifier
) -> ExperimentOutput:
    """Let people in; from now on the plan is fixed."""
    store = _store(request, caller.project.id)
    with database.session() as session:
        row = service.start(session, caller.project, store, experiment_id)
        target, after = ("experiment", row.id), {"plan": row.plan}
        record_change(
            session, caller, "experiment.started", target, project_id=caller.project.id, after=after
        )
        shown = service.output(row)
    _forget_flags(request, caller.project.id)
    return shown


@router.post("/{experiment_id}/stop")
def stop_experiment(
    caller: InsightEditor, database: ControlDatabase, request: Request, experiment_id: Identifier
) -> ExperimentOutput:
    """Let nobody in any more; flags serve their next rule. Readings go on while windows are open."""
    with database.session() as session:
        row = service.stop(session, caller.project.id, experiment_id)
        target = ("experiment", row.id)
        record_change(session, caller, "experiment.stopped", target, project_id=caller.project.id)
        shown = service.output(row)
    _forget_flags(request, caller.project.id)
    return shown


@router.post("/{experiment_id}/decide")
def decide_experiment(
    caller: InsightEditor,
    database: ControlDatabase,
    request: Request,
    experiment_id: Identifier,
    body: Decision,
) -> ExperimentOutput:
    """Say which variant stays: flags show it to everybody from now on."""
    author = author_of(caller)
    with database.session() as session:
        row = service.decide(session, caller.project.id, experiment_id, author, body)
        target, after = ("experiment", row.id), body.model_dump(mode="json")
        record_change(
            session, caller, "experiment.decided", target, project_id=caller.project.id, after=after
        )
        shown = service.output(row)
    _forget_flags(request, caller.project.id)
    return shown


@router.post("/{experiment_id}/read", status_code=201)
def read_experiment(
    caller: InsightEditor, database: ControlDatabase, request: Request, experiment_id: Identifier
) -> LookOutput:
    """Take a reading now. Every reading is kept, so that everybody sees how often somebody looked."""
    store = _store(request, caller.project.id)
    look = read(database, caller.project, store, experiment_id, cause="member")
    target = ("experiment", experiment_id)
    record_act(database, caller, "experiment.read", target, project_id=caller.project.id)
    return LookOutput.model_validate(look)


@router.get("/{experiment_id}/looks")
def list_looks(
    caller: Viewer,
    database: ControlDatabase,
    experiment_id: Identifier,
    cursor: Cursor = None,
    limit: Limit = 30,
) -> Page[LookOutput]:
    """The readings that were taken, the newest first."""
    with database.read_session() as session:
        service.get_experiment(session, caller.project.id, experiment_id)
        rows, after = newest_first(session, repository.looks(experiment_id), Look.id, cursor, limit)
    return Page(items=[LookOutput.model_validate(row) for row in rows], next_cursor=after)


@router.get("/{experiment_id}/people")
def experiment_people(
    caller: Viewer,
    database: ControlDatabase,
    request: Request,
    sight: CallerSight,
    experiment_id: Identifier,
    variant: Annotated[str, Query(min_length=1, max_length=60)],
    cursor: Annotated[str | None, Query(pattern=r"^[0-9]{1,20}$")] = None,
    limit: Limit = 100,
) -> Page[PersonBehind]:
    """Who entered a variant, by person id."""
    people: People = request.app.state.people(caller.project.id)
    after = int(cursor) if cursor else None
    asked = (database, caller.project, people.store, experiment_id, variant)
    ids = people_in(*asked, after=after, limit=limit + 1)
    shown = people.summaries(ids[:limit])
    sight.saw("experiment", experiment_id, of=[each.seen() for each in shown])
    items = [PersonBehind.of(each, sight.mask) for each in shown]
    return Page(items=items, next_cursor=str(ids[limit - 1]) if len(ids) > limit else None)


@router.get("/{experiment_id}/weights")
def list_weights(
    caller: Viewer, database: ControlDatabase, experiment_id: Identifier
) -> list[WeighingOutput]:
    """A bandit's weights, the oldest first."""
    with database.read_session() as session:
        service.get_experiment(session, caller.project.id, experiment_id)
        return [WeighingOutput.model_validate(row) for row in repository.weighings(session, experiment_id)]


def _store(request: Request, project_id: str) -> ProjectStore:
    store: ProjectStore = request.app.state.people(project_id).store
    return store


def _forget_flags(request: Request, project_id: str) -> None:
    request.app.state.flags.kept.forget(project_id)
