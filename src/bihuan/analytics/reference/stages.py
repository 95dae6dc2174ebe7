"""Lifecycle stages and absences, from their definition."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from bihuan.analytics.calendar import local_date
from bihuan.analytics.conditions import ActiveDays, Ago, Count, Ever, OfProperty
from bihuan.analytics.conditions.units import unit_number
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.reference.log import EventLog, LogEvent
from bihuan.analytics.reference.reading import read_number, read_text
from bihuan.analytics.reference.statistic import days_until_end, done
from bihuan.analytics.stages.query import ReturnsQuery, Stage, StageDefinition


def stages(ctx: ProjectContext, log: EventLog, definition: StageDefinition) -> dict[int, Stage]:
    """The stage of everyone who was active by now."""
    window = Ago(from_days=definition.window_days - 1, to_days=0)
    acted = done(ctx, log, definition.of or definition.active, window)
    found: dict[int, Stage] = {}
    for person, events in done(ctx, log, definition.active, Ever()).items():
        away = days_until_end(ctx, Ever(), events[-1].time_ms)
        age = days_until_end(ctx, Ever(), events[0].time_ms)
        activity = figure(ctx, log, definition.activity, acted.get(person, []))
        if away >= definition.dormant_after_days:
            found[person] = "lost" if away >= definition.lost_after_days else "dormant"
        elif activity >= definition.mature_from:
            found[person] = "mature"
        elif activity >= definition.growing_from or age >= definition.new_days:
            found[person] = "growing"
        else:
            found[person] = "onboarding"
    return found


def figure(
    ctx: ProjectContext, log: EventLog, asked: ActiveDays | Count | OfProperty, events: list[LogEvent]
) -> float:
    """A figure of one person's events; 0 where it has no number."""
    match asked:
        case Count():
            return len(events)
        case ActiveDays():
            days = {local_date(event.time_ms, ctx.zone) for event in events}
            return len({unit_number(ctx, asked.unit, day) for day in days})
        case OfProperty(aggregate="distinct"):
            texts = {read_text(ctx, log, event, asked.property) for event in events}
            return len(texts - {None})
        case OfProperty():
            read = [read_number(ctx, log, event, asked.property) for event in events]
            numbers = [number for number in read if number is not None] or [0.0]
            mean = sum(numbers) / len(numbers)
            return {"sum": sum(numbers), "avg": mean, "min": min(numbers), "max": max(numbers)}[
                asked.aggregate
            ]


def returns(ctx: ProjectContext, log: EventLog, query: ReturnsQuery) -> Counter[tuple[str, int]]:
    """How many absences ended after so many days, people are away for so many, were active on so many."""
    found: Counter[tuple[str, int]] = Counter()
    for events in done(ctx, log, query.active, query.window).values():
        away = sorted({days_until_end(ctx, query.window, event.time_ms) for event in events}, reverse=True)
        found.update(("ended", earlier - later) for earlier, later in pairwise(away))
        found["open", away[-1]] += 1
        found["active", sum(days < query.window_days for days in away)] += 1
    return found
