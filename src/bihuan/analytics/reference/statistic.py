"""Values of statistic tags, from their definition."""

from __future__ import annotations

from collections import Counter

from bihuan.analytics.calendar import local_date
from bihuan.analytics.conditions import AnyWindow
from bihuan.analytics.conditions.windows import instants
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query.events import EventSelector
from bihuan.analytics.reference.filters import selects
from bihuan.analytics.reference.log import EventLog, LogEvent
from bihuan.analytics.reference.reading import read_number, read_text
from bihuan.analytics.statistic.query import Bins, Statistic


def done(
    ctx: ProjectContext, log: EventLog, selector: EventSelector, window: AnyWindow
) -> dict[int, list[LogEvent]]:
    """The selector's events in the window of everyone who has any, in order."""
    start, end = instants(window, ctx)
    found: dict[int, list[LogEvent]] = {}
    for event in sorted(log.events, key=lambda event: event.order):
        inside = (start is None or start <= event.time_ms) and event.time_ms < end
        if inside and selects(ctx, log, event, selector):
            found.setdefault(event.person, []).append(event)
    return found


def days_until_end(ctx: ProjectContext, window: AnyWindow, time_ms: int) -> int:
    """Days of the calendar from a time to the window's last day."""
    last = local_date(instants(window, ctx)[1] - 1, ctx.zone)
    return (last - local_date(time_ms, ctx.zone)).days


def statistic(ctx: ProjectContext, log: EventLog, query: Statistic) -> dict[int, float | str]:
    """Everyone's value: a number, or a text; the name of the bin with ``bins``."""
    found: dict[int, float | str] = {}
    for person, events in done(ctx, log, query.event, query.window).items():
        value = _value(ctx, log, query, events)
        if value is not None:
            found[person] = _bin(query.bins, value) if query.bins and not isinstance(value, str) else value
    return found


def _bin(bins: Bins, number: float) -> str:
    return bins.labels[sum(bound <= number for bound in bins.bounds)]


def _value(
    ctx: ProjectContext, log: EventLog, query: Statistic, events: list[LogEvent]
) -> float | str | None:
    if query.property is None:
        return {
            "count": len(events),
            "active_days": len({local_date(event.time_ms, ctx.zone) for event in events}),
            "days_since_first": days_until_end(ctx, query.window, events[0].time_ms),
            "days_since_last": days_until_end(ctx, query.window, events[-1].time_ms),
        }[query.aggregate]
    texts = [read_text(ctx, log, event, query.property) for event in events]
    if query.aggregate == "distinct":
        return len({text for text in texts if text is not None}) or None
    if query.aggregate in ("first", "last", "most_frequent"):
        given = [text for text in texts if text]
        if not given or query.aggregate != "most_frequent":
            return given[0 if query.aggregate == "first" else -1] if given else None
        times = Counter(given)
        return max(times, key=lambda text: (times[text], len(given) - given[::-1].index(text)))
    numbers = [read_number(ctx, log, event, query.property) for event in events]
    known = [number for number in numbers if number is not None]
    if not known:
        return None
    return {"sum": sum(known), "avg": sum(known) / len(known), "min": min(known), "max": max(known)}[
        query.aggregate
    ]
