"""Distribution: how often, on how many days or with what sum people did something."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from bihuan.analytics.query import EventSelector, PropertyRef
from bihuan.analytics.spread import Bounds, Percentiles, SpreadQuery, SpreadSelection


class DistributionQuery(SpreadQuery):
    """One number for each person who did the event, over the period and in each bucket of ``interval``.

    ``measure``: ``times`` it was done, different ``days`` on which it was done, or the ``sum`` of
    ``property`` (people without a number are left out). ``bounds`` are the lower ends of the ranges.

    ``breakdowns`` split the events: a person has a number in the group of every value their events had, over
    the events of that group. The values with the most people are kept.
    """

    kind: Literal["distribution"] = "distribution"
    selector: EventSelector = EventSelector()
    measure: Literal["times", "days", "sum"] = "times"
    property: PropertyRef | None = None
    bounds: Bounds = (1, 2, 3, 4, 5, 6, 11, 21, 51)
    percentiles: Percentiles = (25, 50, 75, 90)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.property is None) == (self.measure == "sum"):
            raise ValueError("a property goes with the measure sum, and only with it")
        return self


class DistributionSelection(SpreadSelection):
    """The people whose number is in one range (None: in any) in one bucket (None: over the period).

    Of one group (without ``breakdown`` of any).
    """
