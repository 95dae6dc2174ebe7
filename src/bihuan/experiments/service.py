"""Declaring, starting, stopping and deciding experiments."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from pydantic import ValidationError
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bihuan.access import Project
from bihuan.analytics import ProjectContext
from bihuan.analytics.conditions import everyone_sql, people_sql
from bihuan.audiences.subjects import check_definition, log_context, log_until_now
from bihuan.database import new_id, utc_now
from bihuan.experiments import repository
from bihuan.experiments.assignment import PARTS, parts_of
from bihuan.experiments.drawing import Draws
from bihuan.experiments.errors import (
    ExperimentFixed,
    ExperimentInUse,
    ExperimentInvalid,
    ExperimentNotFound,
    ExperimentStatusWrong,
    LayerFull,
    LayerInUse,
    LayerNotFound,
    NameTaken,
)
from bihuan.experiments.flags.models import Flag
from bihuan.experiments.holdouts.service import held_out
from bihuan.experiments.layers import Slots, free_slots
from bihuan.experiments.measuring import Assigned, OfCampaign
from bihuan.experiments.models import Experiment, Layer, Look, Weighing
from bihuan.experiments.readings.returns import Costs
from bihuan.experiments.recording import record_groups_sql
from bihuan.experiments.schemas import (
    Decision,
    ExperimentChange,
    ExperimentInput,
    ExperimentOutput,
    LayerOutput,
    Plan,
    SlotOutput,
    Status,
)
from bihuan.insights import Author
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.assignments import forget

_STATUS = {
    "draft": ("a draft", "仍是草稿"),
    "running": ("running", "正在进行"),
    "stopped": ("stopped", "已停止"),
    "decided": ("decided", "已有结论"),
}
_LIMITS: dict[str, Any] = {"max_execution_time": 600}


def get_experiment(
    session: Session, project_id: str, experiment_id: str, *, for_update: bool = False
) -> Experiment:
    """One experiment. Raises ``ExperimentNotFound``."""
    statement = repository.experiments(project_id).where(Experiment.id == experiment_id)
    found = session.scalar(statement.with_for_update() if for_update else statement)
    if found is None:
        raise ExperimentNotFound(experiment_id=experiment_id)
    return found


def plan_of(row: Experiment) -> Plan:
    """What was declared. Raises ``ExperimentInvalid`` where it cannot be read any more."""
    try:
        return Plan.model_validate(row.plan)
    except ValidationError as error:
        reason = error.errors()[0]["msg"]
        raise ExperimentInvalid(
            reason_en=f"The plan of '{row.name}' cannot be read: {reason}",
            reason_zh=f"实验「{row.name}」的计划无法读取：{reason}",
        ) from error


def create_experiment(
    session: Session, project: Project, store: ProjectStore, author: Author, given: ExperimentInput
) -> Experiment:
    """Declare an experiment. Raises ``LayerNotFound`` and what ``check_definition`` raises."""
    row = Experiment(id=new_id(), project_id=project.id, name=given.name, hypothesis=given.hypothesis)
    row.salt, row.created_by = new_id(), author.model_dump()
    _declare(session, project, store, row, given.plan)
    session.add(row)
    session.flush()
    return row


def change_experiment(
    session: Session, project: Project, store: ProjectStore, experiment_id: str, change: ExperimentChange
) -> Experiment:
    """Give it new values.

    Raises:
        ExperimentNotFound, ExperimentFixed, ExperimentInvalid, LayerNotFound, and what ``check_definition``
        raises.
    """
    row = get_experiment(session, project.id, experiment_id, for_update=True)
    if change.plan is not None:
        if row.status != "draft":
            en, zh = _STATUS[row.status]
            raise ExperimentFixed(name=row.name, status_en=en, status_zh=zh, path="plan")
        _declare(session, project, store, row, change.plan)
    if change.costs is not None:
        row.plan = {**row.plan, "costs": _fitting(plan_of(row), change.costs).model_dump(mode="json")}
    row.name = change.name or row.name
    row.hypothesis = row.hypothesis if change.hypothesis is None else change.hypothesis
    row.updated_at = utc_now()
    session.flush()
    return row


def start(session: Session, project: Project, store: ProjectStore, experiment_id: str) -> Experiment:
    """Let people in from now on; with the source ``assigned`` they are put into their groups at once.

    Raises:
        ExperimentNotFound, ExperimentStatusWrong, LayerFull, and what the engine raises.
    """
    row = _in_status(session, project.id, experiment_id, "draft")
    plan = plan_of(row)
    if plan.layer_id is not None:
        row.slots = list(_slots(session, project.id, row, plan))
    row.status, row.started_at, row.updated_at = "running", utc_now(), utc_now()
    if plan.bandit is not None:
        row.weights = plan.shares
        weighing = Weighing(experiment_id=row.id, at=row.started_at, weights=plan.shares, successes={})
        session.add(weighing)
    session.flush()
    if isinstance(plan.source, Assigned) and plan.source.subject_id is None:
        ctx = log_context(project, store)
        wanted = assigned_sql(session, ctx, row, plan)
        at_ms = log_until_now(project, store).now_ms
        record_groups_sql(store, row.id, wanted, at_ms=at_ms, settings=_LIMITS)
    return row


def assigned_sql(session: Session, ctx: ProjectContext, row: Experiment, plan: Plan) -> str:
    """SELECT of ``person, value``: everybody who is eligible now, with their variant."""
    people = everyone_sql(ctx) if plan.eligible is None else people_sql(ctx, plan.eligible)
    only = ""
    held = held_out(session, row.project_id) if plan.respects_holdout else None
    if held is not None:
        only = f" WHERE NOT {held.sql(ctx)}"
    return f"SELECT person, {Draws.of(row, plan).variant_sql('person')} AS value FROM (\n{people}\n){only}"


def stop(session: Session, project_id: str, experiment_id: str) -> Experiment:
    """Let nobody in any more. Raises ``ExperimentNotFound``, ``ExperimentStatusWrong``."""
    row = _in_status(session, project_id, experiment_id, "running")
    row.status, row.stopped_at, row.slots = "stopped", utc_now(), None
    row.updated_at = utc_now()
    session.flush()
    return row


def decide(
    session: Session, project_id: str, experiment_id: str, author: Author, given: Decision
) -> Experiment:
    """Say which variant stays; flags show it to everybody from now on.

    Raises:
        ExperimentNotFound, ExperimentStatusWrong, ExperimentInvalid.
    """
    row = _in_status(session, project_id, experiment_id, "stopped")
    if given.variant not in plan_of(row).shares:
        raise ExperimentInvalid(
            reason_en=f"There is no variant '{given.variant}'.",
            reason_zh=f"没有名为“{given.variant}”的组。",
            path="variant",
        )
    row.decision = {**given.model_dump(), "by": author.model_dump()}
    row.status, row.decided_at, row.updated_at = "decided", utc_now(), utc_now()
    session.flush()
    return row


def delete_experiment(session: Session, store: ProjectStore, project_id: str, experiment_id: str) -> str:
    """Delete one that does not run, with its readings and groups. Returns its name.

    Raises:
        ExperimentNotFound, ExperimentStatusWrong, ExperimentInUse.
    """
    row = get_experiment(session, project_id, experiment_id, for_update=True)
    if row.status == "running":
        _refuse(row, "stopped")
    flags = session.scalars(select(Flag).where(Flag.project_id == project_id))
    users = [flag.key for flag in flags if row.id in str(flag.definition)]
    if users:
        raise ExperimentInUse(name=row.name, flags=", ".join(sorted(users)))
    session.delete(row)
    session.flush()
    forget(store, experiment_id)
    return row.name


def output(row: Experiment, last: Look | None = None) -> ExperimentOutput:
    """An experiment on the wire, with its last reading."""
    plan = plan_of(row)
    made = {"plan": plan, "shares": row.weights or plan.shares, "last": _in_short(last)}
    values = {name: getattr(row, name) for name in ExperimentOutput.model_fields if name not in made}
    return ExperimentOutput.model_validate({**values, **made})


def _in_short(look: Look | None) -> dict[str, Any] | None:
    if look is None:
        return None
    reading, verdict = look.reading, look.reading["verdict"]
    leading = next((each for each in reading["metrics"] if each["role"] == "primary"), None)
    named = {"metric": "name", "kind": "kind", "better": "better", "effects": "effects"}
    return {
        "at": look.at,
        "outcome": verdict["outcome"],
        "variant": verdict["variant"],
        "people": sum(each["people"] for each in reading["groups"]),
        **{name: leading[of] if leading else "" for name, of in named.items()},
        **({} if leading else {"effects": []}),
    }


def create_layer(session: Session, project_id: str, author: Author, name: str) -> Layer:
    """Make a layer. Raises ``NameTaken``."""
    if session.scalar(repository.layers(project_id).where(Layer.name == name)) is not None:
        raise NameTaken(name=name, path="name")
    row = Layer(project_id=project_id, name=name, created_by=author.model_dump())
    session.add(row)
    session.flush()
    return row


def delete_layer(session: Session, project_id: str, layer_id: str) -> str:
    """Delete a layer without experiments. Returns its name. Raises ``LayerNotFound``, ``LayerInUse``."""
    row = get_layer(session, project_id, layer_id)
    count = len(repository.in_layer(session, layer_id))
    if count:
        raise LayerInUse(layer=row.name, count=count)
    session.execute(delete(Layer).where(Layer.id == layer_id))
    return row.name


def get_layer(session: Session, project_id: str, layer_id: str, *, for_update: bool = False) -> Layer:
    """One layer. Raises ``LayerNotFound``."""
    statement = repository.layers(project_id).where(Layer.id == layer_id)
    found = session.scalar(statement.with_for_update() if for_update else statement)
    if found is None:
        raise LayerNotFound(layer_id=layer_id, path="layer_id")
    return found


def layer_output(session: Session, row: Layer) -> LayerOutput:
    """A layer on the wire."""
    slots = [_slot(each) for each in repository.in_layer(session, row.id)]
    slots.sort(key=lambda each: (each.start is None, each.start or 0, each.name))
    return LayerOutput(
        id=row.id,
        name=row.name,
        taken=sum((each.end or 0) - (each.start or 0) for each in slots),
        slots=slots,
        created_by=Author.model_validate(row.created_by),
        created_at=row.created_at,
    )


def _slot(row: Experiment) -> SlotOutput:
    start, end = (None, None) if row.slots is None else (100 * edge / PARTS for edge in row.slots[:2])
    return SlotOutput(
        experiment_id=row.id,
        name=row.name,
        status=cast("Status", row.status),
        traffic=row.plan.get("traffic", 100),
        start=start,
        end=end,
    )


def _fitting(plan: Plan, costs: Costs) -> Costs:
    try:
        return costs.fits(set(plan.shares), plan.metrics)
    except ValueError as error:
        raise ExperimentInvalid(
            reason_en=f"The costs do not fit: {error}.",
            reason_zh="费用与实验不符：请检查组名、单人费用和收入指标。",
            path="costs",
        ) from error


def _declare(session: Session, project: Project, store: ProjectStore, row: Experiment, plan: Plan) -> None:
    if isinstance(plan.source, OfCampaign):
        raise ExperimentInvalid(
            reason_en="Campaigns are measured by themselves; an experiment has another source.",
            reason_zh="活动由其自身衡量；实验请选择其他来源。",
            path="plan.source",
        )
    if plan.layer_id is not None:
        get_layer(session, project.id, plan.layer_id)
    with session.no_autoflush:
        check_definition(session, project, store, row.id, plan, "plan")
    row.layer_id = plan.layer_id
    row.plan = plan.model_dump(mode="json")


def _slots(session: Session, project_id: str, row: Experiment, plan: Plan) -> Slots:
    layer = get_layer(session, project_id, plan.layer_id or "", for_update=True)
    taken = _taken(session, layer.id)
    wanted = parts_of(plan.traffic / 100)
    found = free_slots(taken, wanted)
    if found is None:
        edges = [0, *(edge for slots in sorted(taken) for edge in slots), PARTS]
        free = max(end - start for start, end in zip(edges[::2], edges[1::2], strict=True))
        raise LayerFull(name=row.name, layer=layer.name, wanted=f"{plan.traffic:g}", free=f"{free / 1e4:g}")
    return found


def _taken(session: Session, layer_id: str) -> list[Slots]:
    rows = repository.in_layer(session, layer_id)
    return [(row.slots[0], row.slots[1]) for row in rows if row.slots is not None]


def _in_status(session: Session, project_id: str, experiment_id: str, needed: str) -> Experiment:
    row = get_experiment(session, project_id, experiment_id, for_update=True)
    if row.status != needed:
        _refuse(row, needed)
    return row


def _refuse(row: Experiment, needed: str) -> None:
    en, zh = _STATUS[row.status]
    needed_en, needed_zh = _STATUS[needed]
    raise ExperimentStatusWrong(
        name=row.name, status_en=en, status_zh=zh, needed_en=needed_en, needed_zh=needed_zh
    )


def ms(moment: datetime) -> int:
    """Unix milliseconds."""
    return round(moment.timestamp() * 1000)
