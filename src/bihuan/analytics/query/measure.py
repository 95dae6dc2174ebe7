"""Measures: what is computed over the selected events."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bihuan.analytics.query.base import Value
from bihuan.analytics.query.properties import PropertyRef


class Count(Value):
    """How many events."""

    kind: Literal["count"] = "count"


class People(Value):
    """How many distinct people, exact."""

    kind: Literal["people"] = "people"


class PerPerson(Value):
    """Events per person who did any; null when nobody did."""

    kind: Literal["per_person"] = "per_person"


class Sessions(Value):
    """How many distinct sessions; events without a session are not counted."""

    kind: Literal["sessions"] = "sessions"


class FirstEver(Value):
    """How many people did it for the first time ever: their earliest matching event in all history."""

    kind: Literal["first_ever"] = "first_ever"


class PropertyMeasure(Value):
    """A figure over the numbers of a property; events without a number are left out.

    ``percentile`` interpolates linearly between closest ranks (R type 7, spreadsheets' PERCENTILE.INC);
    ``median`` is percentile 50. All but ``sum`` are null without a number; ``per_person`` is the sum
    divided by the people who have a number; ``distinct`` counts distinct values as text.
    """

    kind: Literal["property"] = "property"
    property: PropertyRef
    aggregate: Literal["sum", "avg", "min", "max", "median", "percentile", "per_person", "distinct"]
    percentile: float = Field(default=50, ge=0, le=100)


Measure = Annotated[
    Count | People | PerPerson | Sessions | FirstEver | PropertyMeasure, Field(discriminator="kind")
]
