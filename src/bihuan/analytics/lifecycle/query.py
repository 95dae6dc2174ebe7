"""Lifecycle: who is new, who stays, who comes back and who falls asleep."""

from __future__ import annotations

from typing import Literal

from bihuan.analytics.query import EventSelector, Query, Selection

Stage = Literal["new", "returning", "resurrected", "dormant"]
STAGES: tuple[Stage, ...] = ("new", "returning", "resurrected", "dormant")


class LifecycleQuery(Query):
    """People by stage in every day, week or month that the period touches, each taken whole.

    A person is active in a unit with an event of ``active`` in it. Of those active, *new* had their
    first such event in all history in it, *returning* were active in the unit before as well, and
    *resurrected* are the rest. *Dormant* were active in the unit before and are not in this one.
    So new + returning + resurrected are the active people, and returning + dormant those of the unit before.
    """

    kind: Literal["lifecycle"] = "lifecycle"
    active: EventSelector = EventSelector()
    interval: Literal["day", "week", "month"] = "day"


class LifecycleSelection(Selection):
    """One stage in one unit, named by its first day."""

    bucket: str
    stage: Stage
