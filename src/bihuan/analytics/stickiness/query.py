"""Stickiness: on how many days, in how many weeks or months people are active."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from bihuan.analytics.query import Breakdowns, BreakdownValues, EventSelector, Query, Selection

_NESTED = {"day": ("week", "month", "quarter", "year"), "week": (), "month": ("quarter", "year")}


class StickinessQuery(Query):
    """People by the number of units in which they had an event of ``active``.

    ``per`` counts within each week, month, quarter or year that the period touches (only its days in the
    period), else over the whole period. Months do not consist of whole weeks, so weeks are counted over the
    period only.

    ``breakdowns`` split the events: a person counts in the group of every value their events had, with the
    units in which they had events of that group. The values with the most people are kept.
    """

    kind: Literal["stickiness"] = "stickiness"
    active: EventSelector = EventSelector()
    interval: Literal["day", "week", "month"] = "day"
    per: Literal["week", "month", "quarter", "year"] | None = None
    breakdowns: Breakdowns = ()

    @model_validator(mode="after")
    def _units_nest(self) -> Self:
        if self.per is not None and self.per not in _NESTED[self.interval]:
            raise ValueError(f"a {self.per} is not made of whole {self.interval}s that can be counted")
        return self


class StickinessSelection(Selection):
    """People active in exactly ``units`` units, or with ``at_least`` in that many or more.

    ``bucket`` names one span by its first day; null where the whole period is one. Of one group (without
    ``breakdown`` of any).
    """

    bucket: str | None = None
    units: int = Field(ge=1)
    at_least: bool = False
    breakdown: BreakdownValues = ()
