"""Correlation: what separates the people who convert in a funnel from those who do not."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from bihuan.analytics.funnel import FunnelQuery
from bihuan.analytics.query import PropertyRef, Query, Selection


class FunnelCorrelationQuery(Query):
    """Which events and property values go together with converting in ``funnel``.

    Compared are the people who reached its last step with the others who entered. ``events``: who did each
    other event (not named in a step) from the person's entry, the first event of step 1 in the period, until
    the funnel's window after it. ``properties``: the value at the entry; of two entries at the same
    instant the lesser value. A factor that fewer than ``min_people`` have, or lack, is left out; at
    most the 1,000 most frequent are compared. Period, filter and sample are the funnel's.
    """

    kind: Literal["funnel_correlation"] = "funnel_correlation"
    funnel: FunnelQuery
    events: bool = True
    properties: tuple[PropertyRef, ...] = Field(default=(), max_length=50)
    min_people: int = Field(default=10, ge=1)

    @model_validator(mode="after")
    def _whole_funnel(self) -> Self:
        funnel = self.funnel
        if funnel.breakdown or funnel.over_time or funnel.conversion_time:
            raise ValueError("the funnel of a correlation has no breakdown, over_time or conversion_time")
        if not self.events and not self.properties:
            raise ValueError("ask for events or for properties")
        if self.filter is not None or self.sample is not None:
            raise ValueError("filter and sample belong into the funnel")
        return self


class FunnelCorrelationSelection(Selection):
    """The people with or without a factor, an event or a property's value, who did or did not convert."""

    event: str | None = None
    property: PropertyRef | None = None
    value: str | None = None
    has_factor: bool = True
    converted: bool = True

    @model_validator(mode="after")
    def _one_factor(self) -> Self:
        if (self.event is None) == (self.property is None):
            raise ValueError("name an event or a property")
        return self
