"""Taking a reading: one statement a metric, then statistics and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bihuan.analytics import ProjectContext
from bihuan.experiments.measuring.groups import OfCampaign
from bihuan.experiments.measuring.metrics import Metric, Quantile
from bihuan.experiments.measuring.statement import (
    ALL,
    PERIOD,
    SUMS,
    Frame,
    entered_sql,
    sums_sql,
    values_sql,
)
from bihuan.experiments.readings.assessing import Comparing, MetricSums, assess
from bihuan.experiments.readings.checking import check_before, check_several, check_shares
from bihuan.experiments.readings.schemas import GroupCount, Reading
from bihuan.experiments.readings.words import Telling, verdict_of
from bihuan.stats.experiments import Moments
from bihuan.warehouse import ProjectStore

LIMITS: dict[str, Any] = {"max_execution_time": 300, "timeout_overflow_mode": "throw"}


@dataclass(frozen=True)
class Question:
    """What is read: whom, which metrics, and how variants are compared.

    Args:
        shares: planned shares by variant, for each period of weights one; empty if nobody planned any.
    """

    frame: Frame
    metrics: Sequence[Metric]
    comparing: Comparing
    shares: Sequence[Mapping[str, float]] = field(default=())


def take(store: ProjectStore, ctx: ProjectContext, question: Question) -> Reading:
    """Read everything now. Raises what the engine raises."""
    frame, comparing = question.frame, question.comparing
    rows = store.engine.rows(entered_sql(ctx, frame.groups, frame.periods), settings=LIMITS)
    counts = _counts(rows, len(frame.periods) + 1)
    people = {each: sum(period.get(each, 0) for period in counts) for each in comparing.variants}
    several = {each: sum(row[3] for row in rows if row[0] == each) for each in comparing.variants}
    first = question.shares[0] if len(question.shares) == 1 else {}
    groups = [
        GroupCount(variant=each, people=people[each], several=several[each], share=first.get(each))
        for each in comparing.variants
    ]
    sums = [sums_of(store, ctx, frame, metric) for metric in question.metrics]
    checks = [check_several(sum(several.values()), sum(people.values()))]
    any_time = comparing.how.looks == "any_time"
    if question.shares:
        checks.insert(0, check_shares(list(zip(counts, question.shares, strict=True)), any_time=any_time))
    checks += check_before(sums, comparing)
    metrics = assess(sums, comparing)
    waiting = max((sum(people.values()) - _people(each) for each in sums), default=0)
    telling = Telling(
        comparing.control,
        comparing.how.confidence,
        any_time,
        max(0, waiting),
        isinstance(frame.groups.source, OfCampaign),
    )
    return Reading(
        at_ms=ctx.now_ms,
        control=comparing.control,
        looks=comparing.how.looks,
        confidence=comparing.how.confidence,
        groups=groups,
        checks=checks,
        metrics=metrics,
        verdict=verdict_of(groups, checks, metrics, telling),
    )


def _counts(rows: Sequence[Sequence[Any]], periods: int) -> list[dict[str, int]]:
    found: list[dict[str, int]] = [{} for _ in range(periods)]
    for variant, period, people, _ in rows:
        found[period][variant] = people
    return found


def _people(sums: MetricSums) -> int:
    return sum(each.people for each in sums.everybody.values())


def sums_of(store: ProjectStore, ctx: ProjectContext, frame: Frame, metric: Metric) -> MetricSums:
    """What the statement of a metric gives. Raises what the engine raises."""
    sql = sums_sql(ctx, frame, metric)
    everybody: dict[str, Moments] = {}
    segments: dict[tuple[int, str], dict[str, Moments]] = {}
    periods: list[dict[str, Moments]] = [{} for _ in range(len(frame.periods) + 1)]
    for cut, value, variant, people, *numbers in store.engine.rows(sql, settings=LIMITS):
        moments = Moments(people, **dict(zip(SUMS, numbers, strict=True)))
        if cut == ALL:
            everybody[variant] = moments
        elif cut == PERIOD:
            periods[int(value)][variant] = moments
        else:
            segments.setdefault((cut, value), {})[variant] = moments
    values = None
    if isinstance(metric.measure, Quantile):
        values = _values(store, ctx, frame, metric)
    return MetricSums(metric, everybody, segments, periods if frame.periods else (), sql, values)


def _values(
    store: ProjectStore, ctx: ProjectContext, frame: Frame, metric: Metric
) -> dict[str, list[tuple[float, int]]]:
    found: dict[str, list[tuple[float, int]]] = {}
    for variant, value, people in store.engine.rows(values_sql(ctx, frame, metric), settings=LIMITS):
        found.setdefault(variant, []).append((value, people))
    return found
