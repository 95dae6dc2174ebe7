"""Lifecycle: who is new, who stays, who comes back and who falls asleep."""

from __future__ import annotations

from typing import Literal

from bihuan.analytics.query import Breakdowns, BreakdownValues, EventSelector, Query, Selection

Stage = Literal["new", "returning", "resurrected", "dormant"]
STAGES: tuple[Stage, ...] = ("new", "returning", "resurrected", "dormant")


class LifecycleQuery(Query):
    """People by stage in every day, week or month that the period touches, each taken whole.

    A person is active in a unit with an event of ``active`` in it. Of those active, *new* had their
    first such event in all history in it, *returning* were active in the unit before as well, and
    *resurrected* are the rest. *Dormant* were active in the unit before and are not in this one.
    So new + returning + resurrected are the active people, and returning + dormant those of the unit before.

    ``breakdowns`` split the events, and each group is judged by its own: a person counts in the group of
    every value their events had, is new in it with the first event of the group in all history, and dormant
    in it without one, whatever they did elsewhere. So the sums above hold in each group, and its active
    people are those a trend has. By a property of people everybody is in the one group of the value they have
    now. The values with the most active people in the units shown are kept; "other" is judged as one group.
    """

    kind: Literal["lifecycle"] = "lifecycle"
    active: EventSelector = EventSelector()
    interval: Literal["day", "week", "month"] = "day"
    breakdowns: Breakdowns = ()


class LifecycleSelection(Selection):
    """One stage in one unit, named by its first day, of one group (without ``breakdown`` of any)."""

    bucket: str
    stage: Stage
    breakdown: BreakdownValues = ()
