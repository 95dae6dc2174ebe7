"""Before the start: what is known of a metric, and how many people show which effect."""

from __future__ import annotations

from math import ceil, sqrt
from typing import Self

from pydantic import BaseModel, Field, model_validator

from bihuan.analytics import ProjectContext
from bihuan.analytics.conditions import AnyCondition, Condition, people_sql
from bihuan.analytics.sql import EventsSource
from bihuan.experiments.measuring import Frame, Groups, Metric, OfSelect
from bihuan.experiments.measuring.metrics import DAY_MS
from bihuan.experiments.readings.assessing import plain_arm, quantile_arms
from bihuan.experiments.readings.taking import sums_of
from bihuan.insights import Input
from bihuan.stats.experiments import Baseline, Inference, Looks, Moments, adjusted_arms
from bihuan.stats.experiments.power import Plan as PowerPlan
from bihuan.stats.experiments.power import needed_people, power_of, smallest_effect
from bihuan.warehouse import ProjectStore

_EVERYBODY = "everybody"
POINTS = 41


class SizeInput(Input):
    """A metric as it is, how it will be read, and the effect or the number of people to try.

    ``value`` and ``deviation`` (of one person's value; not for shares of people) without treatment; ``kept``:
    the share of the variance that CUPED leaves. ``control_share``: of the people of one comparison, and
    ``pair_share``: those two variants' share of all who take part. ``effect``: in the metric's unit.
    """

    is_share: bool
    value: float = Field(ge=-1e15, le=1e15)
    deviation: float = Field(default=0, ge=0, le=1e15)
    kept: float = Field(default=1, gt=0, le=1)
    control_share: float = Field(default=0.5, gt=0, lt=1)
    pair_share: float = Field(default=1, gt=0, le=1)
    comparisons: int = Field(default=1, ge=1, le=400)
    confidence: float = Field(default=0.95, ge=0.5, le=0.999)
    power: float = Field(default=0.8, ge=0.1, le=0.99)
    looks: Looks = "any_time"
    effect: float | None = Field(default=None, ge=-1e15, le=1e15)
    people: int = Field(default=10_000, ge=4, le=1_000_000_000)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.is_share and not 0 <= self.value <= 1:
            raise ValueError("a share lies between 0 and 1")
        return self


class SizePoint(BaseModel):
    """With so many people: the smallest effect that is found, and the chance to find the one asked for."""

    people: int
    smallest: float | None
    power: float | None


class SizeOutput(BaseModel):
    """``needed``: people (of all who take part) for the effect; null without one, or if there are too few.

    ``here``: with the people that were asked for; ``points``: with fewer and more.
    """

    needed: int | None
    here: SizePoint
    points: list[SizePoint]


class BaselineInput(Input):
    """A metric to be looked up in the log, of people who come (``eligible`` ones) in ``days`` days."""

    metric: Metric
    eligible: Condition | None = None
    days: int = Field(default=14, ge=1, le=90)
    pre_days: int = Field(default=14, ge=0, le=365)


class BaselineOutput(BaseModel):
    """What a metric was, as if everybody who came had been let into an experiment with their first event.

    ``people`` came in ``days`` days. ``value`` is null where nothing can be said.
    """

    people: int
    days: int
    from_ms: int
    to_ms: int
    is_share: bool
    value: float | None
    deviation: float
    kept: float


def sizes(given: SizeInput) -> SizeOutput:
    """How many people an effect needs, and what fewer or more would show."""
    variance = given.value * (1 - given.value) if given.is_share else given.deviation**2
    baseline = Baseline(given.value, variance, given.is_share, given.kept)
    needed = None
    if given.effect:
        pair = needed_people(baseline, given.effect, _plan(given, given.people))
        needed = None if pair is None else ceil(pair / given.pair_share)
    middle = max(given.people, needed or 0)
    # From a hundredth of the larger number to its tenfold, evenly by ratio.
    steps = [middle / 100 * 10 ** (3 * place / (POINTS - 1)) for place in range(POINTS)]
    points = [_point(given, baseline, people) for people in sorted({max(4, round(step)) for step in steps})]
    return SizeOutput(needed=needed, here=_point(given, baseline, given.people), points=points)


def _plan(given: SizeInput, people: int) -> PowerPlan:
    how = Inference(given.confidence, given.looks, max(1, people))
    return PowerPlan(given.control_share, how, given.power, given.comparisons)


def _point(given: SizeInput, baseline: Baseline, people: int) -> SizePoint:
    pair = max(4, round(people * given.pair_share))
    plan = _plan(given, pair)
    power = power_of(baseline, given.effect, pair, plan) if given.effect else None
    return SizePoint(people=people, smallest=smallest_effect(baseline, pair, plan), power=power)


def baseline_of(store: ProjectStore, ctx: ProjectContext, given: BaselineInput) -> BaselineOutput:
    """Measure a metric of people who came lately. Raises what the engine raises."""
    metric = given.metric
    to_ms = ctx.now_ms - metric.start_ms - (metric.length_ms or 0)
    from_ms = to_ms - given.days * DAY_MS
    source = OfSelect(sql=_came_sql(ctx, given.eligible, from_ms, to_ms))
    groups = Groups(
        subject_id="", source=source, variants=(_EVERYBODY,), from_ms=from_ms, to_ms=ctx.now_ms + 1
    )
    frame = Frame(groups, ctx.now_ms + 1, given.pre_days * DAY_MS)
    sums = sums_of(store, ctx, frame, metric)
    moments = sums.everybody.get(_EVERYBODY, Moments(0))
    is_quantile = metric.measure.kind == "quantile"
    arm = quantile_arms(sums, (_EVERYBODY,))[_EVERYBODY] if is_quantile else plain_arm(metric, moments)
    kept = None
    if not is_quantile and given.pre_days:
        kept = adjusted_arms([moments], ratio=metric.measure.kind == "ratio")[0].kept
    return BaselineOutput(
        people=moments.people,
        days=given.days,
        from_ms=from_ms,
        to_ms=to_ms,
        is_share=metric.is_share,
        value=arm.value,
        deviation=sqrt(arm.variance),
        kept=min(1.0, kept) if kept else 1.0,
    )


def _came_sql(ctx: ProjectContext, eligible: AnyCondition | None, from_ms: int, to_ms: int) -> str:
    rows = EventsSource(ctx).between(from_ms, to_ms).where("e.source != 'bihuan'")
    rows.column("person", rows.person).column("at", "toUnixTimestamp64Milli(e.time)")
    only = "" if eligible is None else f" WHERE person IN ({people_sql(ctx, eligible)})"
    came = f"SELECT person, '{_EVERYBODY}' AS variant, min(at) AS since"
    return f"{came} FROM (\n{rows.sql()}\n){only} GROUP BY person"
