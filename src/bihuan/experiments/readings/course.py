"""How an experiment came to what it shows: look by look, with what all looks together leave possible."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from math import inf, isfinite

from pydantic import BaseModel

from bihuan.experiments.readings.schemas import EffectOutput, Range, Reading
from bihuan.stats.experiments import Effect, any_time_path
from bihuan.stats.proportions import Interval

MOST_LOOKS = 150


class CoursePoint(BaseModel):
    """The difference at a look. ``narrowed``: what this and all looks before leave possible together."""

    at: datetime
    cause: str
    people: int
    difference: Range | None
    narrowed: Range | None
    p_value: float | None


class CourseOutput(BaseModel):
    """The course of a metric and variant.

    ``any_time``: all intervals hold together, so that they may be narrowed; else they are those of single
    looks, and looking again widens nothing but proves nothing either.
    """

    metric: str
    variant: str
    any_time: bool
    points: list[CoursePoint]


def thinned(ids: Sequence[str], most: int = MOST_LOOKS) -> list[str]:
    """Some of many, evenly, with the first and the last; a part of the looks holds together as well."""
    if len(ids) <= most:
        return list(ids)
    step = (len(ids) - 1) / (most - 1)
    return [ids[round(place * step)] for place in range(most)]


def course_of(looks: Sequence[tuple[datetime, str, Reading]]) -> list[CourseOutput]:
    """The course of every metric and variant of the last look, the oldest look first."""
    if not looks:
        return []
    last = looks[-1][2]
    pairs = [(metric.key, effect.variant) for metric in last.metrics for effect in metric.effects]
    return [_one(looks, metric, variant) for metric, variant in pairs]


def _one(looks: Sequence[tuple[datetime, str, Reading]], metric: str, variant: str) -> CourseOutput:
    found: list[tuple[datetime, str, int, EffectOutput]] = []
    for at, cause, reading in looks:
        people = sum(each.people for each in reading.groups)
        for each in reading.metrics:
            effects = each.effects if each.key == metric else []
            found += [(at, cause, people, effect) for effect in effects if effect.variant == variant]
    any_time = all(reading.looks == "any_time" for _, _, reading in looks)
    path = any_time_path([_effect(each) for *_, each in found]) if any_time else []
    points = [
        CoursePoint(
            at=at,
            cause=cause,
            people=people,
            difference=effect.difference,
            narrowed=_range(path[place].difference) if path else None,
            p_value=path[place].p_value if path else effect.p_value,
        )
        for place, (at, cause, people, effect) in enumerate(found)
    ]
    return CourseOutput(metric=metric, variant=variant, any_time=any_time, points=points)


def _effect(given: EffectOutput) -> Effect:
    gap = given.difference
    interval = None
    if gap is not None:
        low, high = (-inf if gap.low is None else gap.low), (inf if gap.high is None else gap.high)
        interval = Interval(gap.value, low, high)
    return Effect(None, None, interval, None, given.p_value, None, (0, 0), "any_time", reason=given.reason)


def _range(interval: Interval | None) -> Range | None:
    if interval is None:
        return None
    low, high = (end if isfinite(end) else None for end in (interval.low, interval.high))
    return Range(value=interval.value, low=low, high=high)
