"""Intervals: how long it takes from one event to another."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bihuan.analytics.query import EventSelector
from bihuan.analytics.spread import Bounds, Percentiles, SpreadQuery, SpreadSelection

_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86_400.0


class IntervalsQuery(SpreadQuery):
    """The time from ``start`` to the next ``end`` of the same person, both within the period.

    An ``end`` closes the running interval; the next ``start`` opens another. If ``start`` happens again
    before the ``end``, the interval runs from the ``last`` one (default) or from the ``first`` one. An
    event that is both closes and then opens, so with ``start`` = ``end`` the intervals are those between
    consecutive events. Intervals longer than ``most_seconds`` are left out. ``bounds`` are in seconds.
    ``interval`` groups by the time the interval started.

    ``breakdowns`` split the intervals by the values of the event they are counted from, whatever the end's
    are. The values with the most people are kept.
    """

    kind: Literal["intervals"] = "intervals"
    start: EventSelector
    end: EventSelector
    counted_from: Literal["last", "first"] = "last"
    most_seconds: float | None = Field(default=None, gt=0)
    bounds: Bounds = (
        _MINUTE,
        5 * _MINUTE,
        15 * _MINUTE,
        _HOUR,
        6 * _HOUR,
        _DAY,
        3 * _DAY,
        7 * _DAY,
        14 * _DAY,
        30 * _DAY,
    )
    percentiles: Percentiles = (10, 25, 50, 75, 90)


class IntervalsSelection(SpreadSelection):
    """The people with an interval in one range (None: any) that started in one bucket (None: any).

    Of one group (without ``breakdown`` of any).
    """
