"""Readings of experiments and campaigns, the keeping of looks, and the weights of bandits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bihuan.access import Project
from bihuan.analytics import ProjectContext
from bihuan.analytics.query import PropertyRef
from bihuan.audiences.subjects import log_context, log_until_now
from bihuan.database import Database, utc_now
from bihuan.experiments import repository
from bihuan.experiments.bandits import thompson_weights
from bihuan.experiments.errors import NotAttributable
from bihuan.experiments.measuring import (
    HOLDOUT,
    TREATED,
    AnySource,
    ByEvent,
    Frame,
    Groups,
    Metric,
    groups_sql,
)
from bihuan.experiments.measuring.metrics import DAY_MS
from bihuan.experiments.models import Experiment, Look, Weighing
from bihuan.experiments.readings.assessing import Comparing
from bihuan.experiments.readings.schemas import Reading
from bihuan.experiments.readings.taking import LIMITS, Question, take
from bihuan.experiments.schemas import Plan
from bihuan.experiments.service import get_experiment, ms, plan_of
from bihuan.stats.experiments import ONCE, Correction, Inference
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.sql import literal


def question_of(
    row: Experiment, plan: Plan, weighings: Sequence[Weighing], now_ms: int, *, whole_log: bool = False
) -> Question:
    """What to read of an experiment; ``whole_log``: people of all times, for assignments made elsewhere."""
    assert row.started_at is not None
    until_ms = now_ms + 1 if row.stopped_at is None else min(ms(row.stopped_at), now_ms + 1)
    groups = Groups(
        subject_id=row.id,
        source=plan.source,
        variants=tuple(plan.shares),
        from_ms=0 if whole_log else ms(row.started_at),
        to_ms=until_ms,
        segments=plan.segments,
    )
    later = weighings[1:]
    frame = Frame(groups, until_ms, plan.pre_days * DAY_MS, tuple(ms(each.at) for each in later))
    comparing = Comparing(
        control=plan.control,
        treated=tuple(each.key for each in plan.variants if each.key != plan.control),
        # A bandit has no intervals of any time.
        how=Inference(plan.confidence, "once" if plan.bandit else plan.looks, plan.expected_people),
        correction=plan.correction,
        segments=tuple(each.name for each in plan.segments),
        with_covariate=plan.pre_days > 0,
    )
    shares: list[Mapping[str, float]] = [each.weights for each in weighings] or [plan.shares]
    return Question(frame, plan.metrics, comparing, shares)


def _log_of(plan: Plan, project: Project, store: ProjectStore) -> ProjectContext:
    """Until this moment; where others drew the groups, as far as the log goes (decision 8)."""
    drawn_elsewhere = isinstance(plan.source, ByEvent)
    return log_context(project, store) if drawn_elsewhere else log_until_now(project, store)


def read(
    database: Database, project: Project, store: ProjectStore, experiment_id: str, *, cause: str
) -> Look:
    """Take a reading now and keep it.

    Raises:
        ExperimentNotFound, NotAttributable (it has not begun), and what the engine raises.
    """
    with database.read_session() as session:
        row = get_experiment(session, project.id, experiment_id)
        weighings = repository.weighings(session, experiment_id)
        session.expunge_all()
    if row.started_at is None:
        raise NotAttributable
    plan = plan_of(row)
    ctx = _log_of(plan, project, store)
    question = question_of(row, plan, weighings, ctx.now_ms, whole_log=isinstance(plan.source, ByEvent))
    reading = take(store, ctx, question)
    look = Look(experiment_id=experiment_id, at=utc_now(), cause=cause)
    look.reading = reading.model_dump(mode="json")
    with database.session() as session:
        session.add(look)
        session.flush()
        session.expunge(look)
    return look


def people_in(
    database: Database,
    project: Project,
    store: ProjectStore,
    experiment_id: str,
    variant: str,
    *,
    after: int | None,
    limit: int,
) -> list[int]:
    """A page of the people who entered a variant, ascending by person id; ``after`` continues a page.

    Raises ``ExperimentNotFound`` and what the engine raises; nobody is in one that has not begun.
    """
    with database.read_session() as session:
        row = get_experiment(session, project.id, experiment_id)
        session.expunge(row)
    if row.started_at is None:
        return []
    plan = plan_of(row)
    ctx = _log_of(plan, project, store)
    question = question_of(row, plan, (), ctx.now_ms, whole_log=isinstance(plan.source, ByEvent))
    only = f"variant = {literal(variant)}" + ("" if after is None else f" AND person > {after}")
    sql = f"SELECT person FROM (\n{groups_sql(ctx, question.frame.groups)}\n) WHERE {only}"
    return [row[0] for row in store.engine.rows(f"{sql} ORDER BY person LIMIT {limit}", settings=LIMITS)]


def weigh(database: Database, project: Project, store: ProjectStore, experiment_id: str) -> Weighing | None:
    """Compute a bandit's weights anew, from everybody so far; None where it is not a running bandit.

    Raises what the engine raises.
    """
    with database.read_session() as session:
        row = get_experiment(session, project.id, experiment_id)
        weighings = repository.weighings(session, experiment_id)
        session.expunge_all()
    plan = plan_of(row)
    if plan.bandit is None or row.status != "running":
        return None
    ctx = _log_of(plan, project, store)
    whole = question_of(row, plan, weighings, ctx.now_ms)
    metric = plan.first_primary
    reading = take(store, ctx, Question(whole.frame, [metric], whole.comparing))
    seen = {each.variant: (round(each.total), each.people) for each in reading.metrics[0].figures}
    ordered = {each.key: seen[each.key] for each in plan.variants}
    weights = thompson_weights(ordered, least_share=plan.bandit.least_share, better=metric.better)
    successes: dict[str, Any] = {key: list(counts) for key, counts in ordered.items()}
    made = Weighing(experiment_id=experiment_id, at=utc_now(), weights=weights, successes=successes)
    with database.session() as session:
        held = get_experiment(session, project.id, experiment_id, for_update=True)
        if held.status != "running":
            return None
        held.weights = weights
        session.add(made)
        session.flush()
        session.expunge(made)
    return made


def measure_holdout(
    store: ProjectStore,
    context: ProjectContext,
    source: AnySource,
    metrics: Sequence[Metric],
    *,
    subject_id: str,
    from_ms: int,
    to_ms: int,
    until_ms: int | None = None,
    variants: Sequence[str] = (TREATED,),
    control: str = HOLDOUT,
    shares: Mapping[str, float] | None = None,
    pre_days: int = 0,
    segments: Sequence[PropertyRef] = (),
    how: Inference = ONCE,
    correction: Correction = "holm",
) -> Reading:
    """What a campaign changed: its people against those it held out.

    Args:
        source: ``Assigned(subject_id=campaign_id)`` for groups of ``record_groups``, or ``OfCampaign`` (log).
        metrics: each with its window per person; at least one primary.
        subject_id: the campaign.
        from_ms, to_ms: when people entered, ``[from_ms, to_ms)`` in Unix ms.
        until_ms: when events stop to count for metrics without a window; None: now.
        shares: planned shares by group, for the check of the sample ratio.
        pre_days: days before a person entered whose figures are taken out (CUPED); 0 for none.

    Nobody held out is no error: the verdict says that it cannot be attributed.
    """
    now = context.now_ms + 1
    groups = Groups(
        subject_id=subject_id,
        source=source,
        variants=(control, *variants),
        from_ms=from_ms,
        to_ms=to_ms,
        segments=tuple(segments),
    )
    comparing = Comparing(
        control=control,
        treated=tuple(variants),
        how=how,
        correction=correction,
        segments=tuple(each.name for each in segments),
        with_covariate=pre_days > 0,
    )
    frame = Frame(groups, min(until_ms or now, now), pre_days * DAY_MS)
    return take(store, context, Question(frame, metrics, comparing, (shares,) if shares else ()))


def is_due(row: Experiment, last: datetime | None, hours: int, now: datetime | None = None) -> bool:
    """Whether ``hours`` passed since the last time, or since the start."""
    since = last or row.started_at
    if since is None:
        return False
    return (now or datetime.now(UTC)) - since >= timedelta(hours=hours)
