"""Trend from its definition: sort events into buckets and groups, and measure each heap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query import (
    Breakdown,
    Count,
    DayRange,
    FirstEver,
    People,
    PerPerson,
    PropertyMeasure,
    Sessions,
    range_label,
    resolve,
)
from bihuan.analytics.reference.log import EventLog, LogEvent
from bihuan.analytics.reference.reading import read_number, read_text, relevant
from bihuan.analytics.reference.time_buckets import all_buckets, bucket_of
from bihuan.analytics.trend.comparison import compared_period
from bihuan.analytics.trend.query import TrendQuery, TrendSeries

OTHER = object()
Group = tuple[object, ...]


@dataclass(frozen=True)
class Figures:
    """The values by bucket and the total of one series in one group."""

    values: list[float | None]
    total: float | None


def trend(ctx: ProjectContext, log: EventLog, query: TrendQuery) -> dict[tuple[int, int, Group], Figures]:
    """Figures by (series, 0 for the period or 1 for the compared one, group)."""
    kept = [_kept(ctx, log, query, index) for index in range(len(query.breakdowns))]
    spans = [span for span in (resolve(query.period, ctx), compared_period(ctx, query)) if span]
    heaps: dict[tuple[int, int, Group], list[LogEvent]] = {}
    for series in range(len(query.series)):
        for number, span in enumerate(spans):
            for event in series_events(ctx, log, query, query.series[series], span):
                group = tuple(
                    value if (value := breakdown_value(ctx, log, event, breakdown)) in values else OTHER
                    for breakdown, values in zip(query.breakdowns, kept, strict=True)
                )
                heaps.setdefault((series, number, group), []).append(event)
    groups = {group for _, number, group in heaps if number == 0} or (set() if query.breakdowns else {()})
    return {
        (series, number, group): _figures(
            ctx, log, query, series, span, heaps.get((series, number, group), [])
        )
        for series in range(len(query.series))
        for number, span in enumerate(spans)
        for group in groups
    }


def series_events(
    ctx: ProjectContext, log: EventLog, query: TrendQuery, series: TrendSeries, span: DayRange
) -> Iterable[LogEvent]:
    """The events a series is measured on: those of the period, or everybody's first one if it is in it."""
    events = relevant(ctx, log, query, series.selector, whole_history=True)
    if isinstance(series.measure, FirstEver):
        firsts: dict[int, LogEvent] = {}
        for event in events:
            firsts.setdefault(event.person, event)
        events = iter(firsts.values())
    return [event for event in events if span.start_ms <= event.time_ms < span.end_ms]


def breakdown_value(ctx: ProjectContext, log: EventLog, event: LogEvent, breakdown: Breakdown) -> str | None:
    """The value of a breakdown."""
    if breakdown.bounds is None:
        return read_text(ctx, log, event, breakdown.property)
    number = read_number(ctx, log, event, breakdown.property)
    if number is None:
        return None
    return range_label(breakdown.bounds, sum(bound <= number for bound in breakdown.bounds))


def measure(
    ctx: ProjectContext, log: EventLog, series: TrendSeries, events: Sequence[LogEvent]
) -> float | None:
    """The series' measure of a heap of events."""
    people = {event.person for event in events}
    match series.measure:
        case Count():
            return len(events)
        case People() | FirstEver():
            return len(people)
        case PerPerson():
            return len(events) / len(people) if people else None
        case Sessions():
            return len({(event.person, event.session_id) for event in events if event.session_id})
        case PropertyMeasure(aggregate="distinct"):
            return len({read_text(ctx, log, event, series.measure.property) for event in events} - {None})
        case PropertyMeasure():
            return _aggregate(ctx, log, series.measure, events)


def percentile(numbers: Sequence[float], percent: float) -> float:
    """Linear interpolation between the closest ranks of the sorted numbers (R type 7)."""
    ordered = sorted(numbers)
    rank = percent / 100 * (len(ordered) - 1)
    low = int(rank)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (rank - low) * (ordered[high] - ordered[low])


def _aggregate(
    ctx: ProjectContext, log: EventLog, wanted: PropertyMeasure, events: Sequence[LogEvent]
) -> float | None:
    pairs = [(event.person, read_number(ctx, log, event, wanted.property)) for event in events]
    numbers = [number for _, number in pairs if number is not None]
    if wanted.aggregate == "sum":
        return sum(numbers)
    if not numbers:
        return None
    if wanted.aggregate == "per_person":
        return sum(numbers) / len({person for person, number in pairs if number is not None})
    if wanted.aggregate == "avg":
        return sum(numbers) / len(numbers)
    if wanted.aggregate in ("min", "max"):
        return min(numbers) if wanted.aggregate == "min" else max(numbers)
    return percentile(numbers, 50 if wanted.aggregate == "median" else wanted.percentile)


def _kept(ctx: ProjectContext, log: EventLog, query: TrendQuery, index: int) -> set[str | None]:
    breakdown, first = query.breakdowns[index], query.series[0]
    heaps: dict[str | None, list[LogEvent]] = {}
    for series in query.series if breakdown.bounds else [first]:
        for span in filter(None, (resolve(query.period, ctx), compared_period(ctx, query))):
            if breakdown.bounds or span == resolve(query.period, ctx):
                for event in series_events(ctx, log, query, series, span):
                    heaps.setdefault(breakdown_value(ctx, log, event, breakdown), []).append(event)
    if breakdown.bounds:
        return set(heaps)
    weights = Counter({value: _weight(ctx, log, first, events) for value, events in heaps.items()})
    ranked = sorted(heaps, key=lambda value: (-weights[value], "n" if value is None else f"v{value}"))
    return set(ranked[: breakdown.top_n])


def _weight(ctx: ProjectContext, log: EventLog, series: TrendSeries, events: Sequence[LogEvent]) -> float:
    chosen = series.measure
    if isinstance(chosen, PropertyMeasure) and chosen.aggregate == "sum":
        return measure(ctx, log, series, events) or 0
    if isinstance(chosen, People | PerPerson | FirstEver):
        return len({event.person for event in events})
    if isinstance(chosen, PropertyMeasure) and chosen.aggregate == "per_person":
        known = [event for event in events if read_number(ctx, log, event, chosen.property) is not None]
        return len({event.person for event in known})
    return len(events)


def _figures(
    ctx: ProjectContext,
    log: EventLog,
    query: TrendQuery,
    series: int,
    span: DayRange,
    events: Sequence[LogEvent],
) -> Figures:
    wanted = query.series[series]
    buckets = all_buckets(ctx, query.interval, span)
    heaps: list[list[LogEvent]] = [[] for _ in buckets]
    for event in events:
        heaps[buckets.index(bucket_of(ctx, query.interval, event.time_ms))].append(event)
    if query.cumulative:
        heaps = [[event for heap in heaps[: index + 1] for event in heap] for index in range(len(heaps))]
    return Figures([measure(ctx, log, wanted, heap) for heap in heaps], measure(ctx, log, wanted, events))
