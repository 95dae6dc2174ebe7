"""Breakdowns: one result per value of a property."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator

from bihuan.analytics.query.base import Value
from bihuan.analytics.query.properties import PropertyRef


class Breakdown(Value):
    """Split by ``property``.

    The ``top_n`` greatest values are kept, the others are gathered under "other". With ``bounds`` the
    property is read as a number and cut into ranges ``[-inf, b0) [b0, b1) … [bn, +inf)``, all of them kept.
    """

    property: PropertyRef
    top_n: int = Field(default=10, ge=1, le=500)
    bounds: tuple[float, ...] | None = Field(default=None, min_length=1, max_length=100)

    @model_validator(mode="after")
    def _bounds_ascend(self) -> Self:
        if self.bounds and any(low >= high for low, high in pairwise(self.bounds)):
            raise ValueError("bounds must ascend")
        return self

    def most_values(self) -> int:
        """How many values a result can have, "none" and "other" among them."""
        return self.top_n + 1 if self.bounds is None else len(self.bounds) + 2


class BreakdownValue(Value):
    """One value of a breakdown in a result: a value as text, null for "has none", or all the others."""

    value: str | None = None
    other: bool = False


# Of a query: a group for each combination of values. Of a group: its value of each breakdown.
Breakdowns = Annotated[tuple[Breakdown, ...], Field(max_length=3)]
BreakdownValues = Annotated[tuple[BreakdownValue, ...], Field(max_length=3)]


def range_label(bounds: tuple[float, ...], index: int) -> str:
    """The name of the ``index``-th range: ``< 10``, ``10 – 20``, ``≥ 20``."""
    if index == 0:
        return f"< {bounds[0]:g}"
    if index == len(bounds):
        return f"≥ {bounds[-1]:g}"
    return f"{bounds[index - 1]:g} – {bounds[index]:g}"
