"""Distribution: how often, on how many days or with what sum people did something."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal, Self

from pydantic import Field, model_validator

from bihuan.analytics.query import EventSelector, Interval, PropertyRef, Query, Selection
from bihuan.analytics.spread import Bounds, Percentiles


class DistributionQuery(Query):
    """One number for each person who did the event, over the period and in each bucket of ``interval``.

    ``measure``: ``times`` it was done, different ``days`` on which it was done, or the ``sum`` of
    ``property`` (people without a number are left out). ``bounds`` are the lower ends of the ranges.
    """

    kind: Literal["distribution"] = "distribution"
    selector: EventSelector = EventSelector()
    measure: Literal["times", "days", "sum"] = "times"
    property: PropertyRef | None = None
    interval: Interval | None = None
    bounds: Bounds = (1, 2, 3, 4, 5, 6, 11, 21, 51)
    percentiles: Percentiles = (25, 50, 75, 90)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.property is None) == (self.measure == "sum"):
            raise ValueError("a property goes with the measure sum, and only with it")
        if any(low >= high for low, high in pairwise(self.bounds)):
            raise ValueError("bounds must ascend")
        return self


class DistributionSelection(Selection):
    """The people of one range (None: of all) in one bucket (None: over the period)."""

    bucket: str | None = None
    range: int | None = Field(default=None, ge=0)
