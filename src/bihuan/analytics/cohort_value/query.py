"""Cohort value: what people bring in with age, the LTV curve."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bihuan.analytics.query import Breakdowns, BreakdownValues, EventSelector, PropertyRef, Query, Selection
from bihuan.analytics.retention import MAX_AGE


class CohortValueQuery(Query):
    """The sum of a property of the ``paying`` events, by age of the people.

    People belong to the unit of their first start event in all history, if it is in the period. What they
    bring in counts from the start of that unit until now, at most ``ages`` units later. ``breakdowns`` split
    by the values at that event, as in retention.
    """

    kind: Literal["cohort_value"] = "cohort_value"
    start: EventSelector = EventSelector()
    paying: EventSelector = EventSelector()
    value: PropertyRef = PropertyRef(name="$revenue")
    interval: Literal["day", "week", "month", "quarter", "year"] = "month"
    ages: int = Field(default=12, ge=1, le=MAX_AGE)
    breakdowns: Breakdowns = ()


class CohortValueSelection(Selection):
    """People of a cohort (null: of all); with ``age``, those who paid by the end of that age, or did not."""

    cohort: str | None = None
    age: int | None = Field(default=None, ge=0)
    paid: bool = True
    breakdown: BreakdownValues = ()
