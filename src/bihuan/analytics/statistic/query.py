"""The definition of a statistic tag."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, model_validator

from bihuan.analytics.conditions import Ever, Window
from bihuan.analytics.query.base import Value
from bihuan.analytics.query.breakdown import range_label
from bihuan.analytics.query.events import EventSelector
from bihuan.analytics.query.properties import PropertyRef

OfEvents = Literal["count", "active_days", "days_since_first", "days_since_last"]
OfNumbers = Literal["sum", "avg", "min", "max"]
OfTexts = Literal["first", "last", "most_frequent"]
Aggregate = OfEvents | OfNumbers | OfTexts | Literal["distinct"]
AGGREGATES: tuple[str, ...] = (
    *get_args(OfEvents),
    *get_args(OfNumbers),
    *get_args(OfTexts),
    "distinct",
)
# Their values are texts that events had.
TEXTS: tuple[str, ...] = get_args(OfTexts)
BinName = Annotated[str, Field(min_length=1, max_length=100)]


class Bins(Value):
    """Ranges ``[-inf, b0) [b0, b1) … [bn, +inf)`` that a figure is put into.

    ``names`` has one more than ``bounds``; without it they are called ``< 10``, ``10 – 20``, ``≥ 20``.
    """

    bounds: tuple[float, ...] = Field(min_length=1, max_length=100)
    names: tuple[BinName, ...] | None = None

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if any(low >= high for low, high in pairwise(self.bounds)):
            raise ValueError("bounds must ascend")
        if self.names is not None and len(self.names) != len(self.bounds) + 1:
            raise ValueError(f"{len(self.bounds)} bounds make {len(self.bounds) + 1} bins, each with a name")
        return self

    @property
    def labels(self) -> tuple[str, ...]:
        """What the bins are called, from the lowest on."""
        return self.names or tuple(range_label(self.bounds, index) for index in range(len(self.bounds) + 1))


class Statistic(Value):
    """One figure, or text, of each person's events of a kind in a window.

    Nobody without such an event has a value. ``count``; ``active_days``: different days of the calendar;
    ``days_since_first``, ``days_since_last``: days of the calendar until the window's last one.
    Of ``property``: ``sum``, ``avg`` (both to a millionth), ``min`` and ``max`` of its numbers; ``distinct``:
    different texts; ``first``, ``last`` and ``most_frequent`` of its texts (of equally frequent ones the one
    that came last). Nobody without a number (a text that is not empty) has a value of these. Of events of
    one millisecond that one is later whose id comes later in the engine's order.
    """

    kind: Literal["statistic"] = "statistic"
    event: EventSelector
    window: Window = Ever()
    aggregate: Aggregate = "count"
    property: PropertyRef | None = None
    bins: Bins | None = None

    @model_validator(mode="after")
    def _parts_belong_together(self) -> Self:
        if (self.property is None) != (self.aggregate in get_args(OfEvents)):
            raise ValueError(
                "property goes with sum, avg, min, max, distinct, first, last and most_frequent only"
            )
        if self.bins is not None and self.aggregate in get_args(OfTexts):
            raise ValueError("texts are not put into bins")
        return self
