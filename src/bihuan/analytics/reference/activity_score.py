"""Activity scores, from their definition."""

from __future__ import annotations

from collections.abc import Sequence

from bihuan.analytics.activity_score.query import ActivityScore, FixedCap, Part
from bihuan.analytics.calendar import local_date
from bihuan.analytics.conditions import LongestRun
from bihuan.analytics.conditions.units import longest_run, unit_number
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.reference.log import EventLog, LogEvent
from bihuan.analytics.reference.stages import figure
from bihuan.analytics.reference.statistic import done
from bihuan.analytics.reference.trend import percentile


def points(ctx: ProjectContext, log: EventLog, score: ActivityScore) -> dict[int, list[float]]:
    """The points of each part of everyone who did any of it; their sum, rounded, is the score."""
    acted = [done(ctx, log, part.event, score.window) for part in score.parts]
    people = sorted({person for own in acted for person in own})
    figures = [
        {person: max(0.0, _figure(ctx, log, part, own.get(person, []))) for person in people}
        for part, own in zip(score.parts, acted, strict=True)
    ]
    caps = [_cap(part, list(own.values())) for part, own in zip(score.parts, figures, strict=True)]
    return {
        person: [
            most * (min(own[person] / cap, 1.0) if cap > 0 else 0.0)
            for own, cap, most in zip(figures, caps, score.points, strict=True)
        ]
        for person in people
    }


def _figure(ctx: ProjectContext, log: EventLog, part: Part, events: list[LogEvent]) -> float:
    if isinstance(part.figure, LongestRun):
        days = {local_date(event.time_ms, ctx.zone) for event in events}
        return longest_run({unit_number(ctx, part.figure.unit, day) for day in days})
    return round(figure(ctx, log, part.figure, events), 6)


def _cap(part: Part, figures: Sequence[float]) -> float:
    if isinstance(part.cap, FixedCap):
        return part.cap.value
    above = [each for each in figures if each > 0]
    return percentile(above, part.cap.percent) if above else 0.0
