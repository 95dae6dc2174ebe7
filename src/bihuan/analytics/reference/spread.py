"""The numbers of distribution, engagement and intervals, and their spread, from the definitions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.distribution.query import DistributionQuery
from bihuan.analytics.engagement.query import EngagementQuery
from bihuan.analytics.intervals.query import IntervalsQuery
from bihuan.analytics.query import resolve
from bihuan.analytics.reference.groups import split
from bihuan.analytics.reference.log import EventLog, LogEvent
from bihuan.analytics.reference.reading import read_number, relevant
from bihuan.analytics.reference.time_buckets import all_buckets, bucket_of
from bihuan.analytics.reference.trend import Group, percentile
from bihuan.analytics.spread import SpreadQuery


@dataclass(frozen=True)
class Numbers:
    """Pairs of person and number of one bucket."""

    pairs: list[tuple[int, float]]

    @property
    def people(self) -> set[int]:
        """Whose numbers they are."""
        return {person for person, _ in self.pairs}

    @property
    def values(self) -> list[float]:
        """The numbers."""
        return [value for _, value in self.pairs]

    def mean(self) -> float | None:
        """Their mean."""
        return sum(self.values) / len(self.values) if self.pairs else None

    def percentiles(self, percents: Sequence[float]) -> list[float | None]:
        """Their percentiles."""
        return [percentile(self.values, percent) if self.pairs else None for percent in percents]

    def ranges(self, bounds: Sequence[float]) -> list[int]:
        """How many are in each range."""
        edges = [float("-inf"), *bounds, float("inf")]
        return [sum(low <= value < high for value in self.values) for low, high in pairwise(edges)]

    def people_in_range(self, bounds: Sequence[float], index: int) -> list[int]:
        """Who has a number in the range."""
        return sorted({person for person, value in self.pairs if sum(b <= value for b in bounds) == index})


ByBucket = dict[str | None, Numbers]


def distribution(ctx: ProjectContext, log: EventLog, query: DistributionQuery) -> dict[Group, ByBucket]:
    """The numbers of each group, of the whole period (None) and of each bucket."""
    events = [
        event
        for event in relevant(ctx, log, query, query.selector)
        if query.property is None or read_number(ctx, log, event, query.property) is not None
    ]
    return {
        group: {
            name: Numbers(_per_person(ctx, log, query, heap))
            for name, heap in _heaps(ctx, query, own).items()
        }
        for group, own in split(ctx, log, query.breakdowns, events, events).items()
    }


def engagement(ctx: ProjectContext, log: EventLog, query: EngagementQuery) -> ByBucket:
    """Active days of each person, over the period (None) and in each bucket."""
    heaps = _heaps(ctx, query, list(relevant(ctx, log, query, query.selector)))
    return {name: Numbers(_active_days(ctx, heap)) for name, heap in heaps.items()}


def intervals(ctx: ProjectContext, log: EventLog, query: IntervalsQuery) -> dict[Group, ByBucket]:
    """Intervals in seconds of each group, over the period (None) and by the bucket they started in."""
    found = _intervals(ctx, log, query)
    starts = [start for start, _ in found]
    seconds = {start.event_id: length for start, length in found}
    return {
        group: {
            name: Numbers([(start.person, seconds[start.event_id]) for start in heap])
            for name, heap in _heaps(ctx, query, own).items()
        }
        for group, own in split(ctx, log, query.breakdowns, starts, starts).items()
    }


def _intervals(ctx: ProjectContext, log: EventLog, query: IntervalsQuery) -> list[tuple[LogEvent, float]]:
    """The event each interval is counted from, and its length in seconds."""
    starts = {event.event_id for event in relevant(ctx, log, query, query.start)}
    ends = {event.event_id for event in relevant(ctx, log, query, query.end)}
    found: list[tuple[LogEvent, float]] = []
    for events in log.by_person().values():
        running: LogEvent | None = None
        for event in events:
            if event.event_id in ends and running is not None:
                found.append((running, (event.time_ms - running.time_ms) / 1000))
                running = None
            if event.event_id in starts and (running is None or query.counted_from == "last"):
                running = event
    most = float("inf") if query.most_seconds is None else query.most_seconds
    return [(start, seconds) for start, seconds in found if seconds <= most]


def _heaps(
    ctx: ProjectContext, query: SpreadQuery | EngagementQuery, events: list[LogEvent]
) -> dict[str | None, list[LogEvent]]:
    heaps: dict[str | None, list[LogEvent]] = {None: events}
    if query.interval is not None:
        for name in all_buckets(ctx, query.interval, resolve(query.period, ctx)):
            heaps[name] = [event for event in events if bucket_of(ctx, query.interval, event.time_ms) == name]
    return heaps


def _per_person(
    ctx: ProjectContext, log: EventLog, query: DistributionQuery, events: list[LogEvent]
) -> list[tuple[int, float]]:
    if query.measure == "days":
        return _active_days(ctx, events)
    totals: dict[int, float] = {}
    for event in events:
        number = 1.0 if query.property is None else read_number(ctx, log, event, query.property)
        if number is not None:
            totals[event.person] = totals.get(event.person, 0.0) + number
    return list(totals.items())


def _active_days(ctx: ProjectContext, events: list[LogEvent]) -> list[tuple[int, float]]:
    days: dict[int, set[str]] = {}
    for event in events:
        days.setdefault(event.person, set()).add(bucket_of(ctx, "day", event.time_ms))
    return [(person, float(len(active))) for person, active in days.items()]
