"""Groups from their definition: which values are shown on their own, and the events of each group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query import Breakdown
from bihuan.analytics.reference.log import EventLog, LogEvent
from bihuan.analytics.reference.trend import OTHER, Group, breakdown_value

Values = tuple[str | None, ...]
Kept = list[set[str | None]]


def values_of(ctx: ProjectContext, log: EventLog, event: LogEvent, breakdowns: Sequence[Breakdown]) -> Values:
    """An event's value of each breakdown."""
    return tuple(breakdown_value(ctx, log, event, breakdown) for breakdown in breakdowns)


def kept_values(weighed: Iterable[tuple[Values, object]], breakdowns: Sequence[Breakdown]) -> Kept:
    """For each breakdown the values that have the most different things with them, ties by text."""
    pairs, kept = list(weighed), []
    for index, breakdown in enumerate(breakdowns):
        things: dict[str | None, set[object]] = {}
        for values, thing in pairs:
            things.setdefault(values[index], set()).add(thing)
        ranked = sorted(things, key=lambda value: "n" if value is None else f"v{value}")
        ranked.sort(key=lambda value: len(things[value]), reverse=True)
        kept.append(set(ranked[: breakdown.top_n]))
    return kept


def group_of(values: Values, breakdowns: Sequence[Breakdown], kept: Kept) -> Group:
    """The group of these values; ranges are all kept."""
    return tuple(
        value if breakdown.bounds is not None or value in shown else OTHER
        for value, breakdown, shown in zip(values, breakdowns, kept, strict=True)
    )


def split(
    ctx: ProjectContext,
    log: EventLog,
    breakdowns: Sequence[Breakdown],
    events: Iterable[LogEvent],
    weighed: Iterable[LogEvent],
) -> dict[Group, list[LogEvent]]:
    """The events of each group; the values with the most people among ``weighed`` are kept."""
    kept = kept_values(
        [(values_of(ctx, log, event, breakdowns), event.person) for event in weighed], breakdowns
    )
    groups: dict[Group, list[LogEvent]] = {} if breakdowns else {(): []}
    for event in events:
        group = group_of(values_of(ctx, log, event, breakdowns), breakdowns, kept)
        groups.setdefault(group, []).append(event)
    return groups
