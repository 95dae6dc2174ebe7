"""Retention from its definition: who started in which unit, and the ages at which they came back."""

from __future__ import annotations

from dataclasses import dataclass, field

from bihuan.analytics.calendar import Interval, local_date
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query import DayRange, PropertyMeasure, day_range, resolve
from bihuan.analytics.reference.groups import group_of, kept_values, values_of
from bihuan.analytics.reference.log import EventLog, LogEvent
from bihuan.analytics.reference.reading import read_number, relevant
from bihuan.analytics.reference.time_buckets import all_buckets, bucket_of
from bihuan.analytics.reference.trend import Group
from bihuan.analytics.retention.query import RetentionQuery


@dataclass
class Cell:
    """People and amount of one cohort and column; ``begun`` and ``complete`` as of the project's now."""

    begun: bool
    complete: bool
    people: set[int] = field(default_factory=set)
    amount: float = 0.0


@dataclass
class Cohort:
    """The people who started, and the row's cells."""

    people: set[int]
    cells: list[Cell]
    base: float = 0.0


def retention(ctx: ProjectContext, log: EventLog, query: RetentionQuery) -> dict[tuple[Group, str], Cohort]:
    """Cohorts by (group, label of the unit); without a breakdown also those without people."""
    period = resolve(query.period, ctx)
    timeline, running = timeline_until_now(ctx, query.interval, period)
    cohorts = all_buckets(ctx, query.interval, period)
    starts = first_starts(ctx, log, query)
    values = {at: values_of(ctx, log, event, query.breakdowns) for at, event in starts.items()}
    kept = kept_values([(found, at) for at, found in values.items()], query.breakdowns)
    returns = _returns(ctx, log, query, timeline)
    found: dict[tuple[Group, str], Cohort] = {}
    for (person, label), own in values.items():
        group = group_of(own, query.breakdowns, kept)
        start = timeline.index(label)
        row = found.setdefault((group, label), _empty(query, start, running))
        row.people.add(person)
        for age, amount in ((unit - start, amount) for unit, amount in returns.get(person, ())):
            row.base += amount if age == 0 else 0
            for column, cell in zip(query.returning.columns(), row.cells, strict=True):
                if cell.begun and column.first <= age and (column.last is None or age <= column.last):
                    cell.people.add(person)
                    cell.amount += amount
    if not query.breakdowns:
        for label in cohorts:
            found.setdefault(((), label), _empty(query, timeline.index(label), running))
    return found


def timeline_until_now(ctx: ProjectContext, interval: Interval, period: DayRange) -> tuple[list[str], int]:
    """The units from the period's first to the running one, at least its last; the running one's place."""
    today = local_date(ctx.now_ms, ctx.zone)
    labels = all_buckets(ctx, interval, day_range(period.first_day, max(period.last_day, today), ctx))
    now = bucket_of(ctx, interval, ctx.now_ms)
    running = labels.index(now) if now in labels else -1
    last = labels.index(all_buckets(ctx, interval, period)[-1])
    return labels[: max(running, last) + 1], running


def first_starts(
    ctx: ProjectContext, log: EventLog, query: RetentionQuery
) -> dict[tuple[int, str], LogEvent]:
    """The event that put each person into a cohort."""
    period = resolve(query.period, ctx)
    events = list(relevant(ctx, log, query, query.start, whole_history=True))
    if query.cohort == "first_time":
        firsts: dict[int, LogEvent] = {}
        for event in events:
            firsts.setdefault(event.person, event)
        events = list(firsts.values())
    starts: dict[tuple[int, str], LogEvent] = {}
    for event in events:
        if period.start_ms <= event.time_ms < period.end_ms:
            starts.setdefault((event.person, bucket_of(ctx, query.interval, event.time_ms)), event)
    return starts


def _returns(
    ctx: ProjectContext, log: EventLog, query: RetentionQuery, timeline: list[str]
) -> dict[int, list[tuple[int, float]]]:
    found: dict[int, list[tuple[int, float]]] = {}
    for event in relevant(ctx, log, query, query.back, whole_history=True):
        amount: float | None = 1.0
        if isinstance(query.measure, PropertyMeasure):
            amount = read_number(ctx, log, event, query.measure.property)
        label = bucket_of(ctx, query.interval, event.time_ms)
        if amount is not None and label in timeline:
            found.setdefault(event.person, []).append((timeline.index(label), amount))
    return found


def _empty(query: RetentionQuery, start: int, running: int) -> Cohort:
    cells = [
        Cell(
            begun=start + column.first <= running,
            complete=start + (column.first if column.last is None else column.last) < running,
        )
        for column in query.returning.columns()
    ]
    return Cohort(set(), cells)
