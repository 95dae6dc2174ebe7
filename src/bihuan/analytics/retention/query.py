"""Retention: of those who started in a unit of time, how many came back later."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bihuan.analytics.query import (
    Breakdowns,
    BreakdownValues,
    Count,
    EventSelector,
    Interval,
    People,
    PropertyMeasure,
    Query,
    Selection,
    Value,
)

MAX_AGE = 400


class AgeRange(Value):
    """Units after the cohort's own (age 0), both ends included; ``last`` null means any later."""

    first: int = Field(ge=0, le=MAX_AGE)
    last: int | None = Field(default=None, ge=0, le=MAX_AGE)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last is not None and self.last < self.first:
            raise ValueError("last is before first")
        return self


class On(Value):
    """A column for each age up to ``ages``: came back in exactly that unit."""

    kind: Literal["on"] = "on"
    ages: int = Field(default=10, ge=1, le=MAX_AGE)

    def columns(self) -> tuple[AgeRange, ...]:
        """The ages each column looks at."""
        return tuple(AgeRange(first=age, last=age) for age in range(self.ages + 1))


class OnOrAfter(Value):
    """A column for each age up to ``ages``: came back in that unit or any later one until now."""

    kind: Literal["on_or_after"] = "on_or_after"
    ages: int = Field(default=10, ge=1, le=MAX_AGE)

    def columns(self) -> tuple[AgeRange, ...]:
        """The ages each column looks at."""
        return tuple(AgeRange(first=age) for age in range(self.ages + 1))


class Rolling(Value):
    """A column for each age up to ``ages``: came back within the ``window`` units that end with it.

    The cohort's own unit is not in the window of a later age.
    """

    kind: Literal["rolling"] = "rolling"
    ages: int = Field(default=10, ge=1, le=MAX_AGE)
    window: int = Field(default=7, ge=1, le=MAX_AGE)

    def columns(self) -> tuple[AgeRange, ...]:
        """The ages each column looks at."""
        later = (AgeRange(first=max(1, age - self.window + 1), last=age) for age in range(1, self.ages + 1))
        return (AgeRange(first=0, last=0), *later)


class Brackets(Value):
    """A column for each range of ages; they may overlap and leave gaps."""

    kind: Literal["brackets"] = "brackets"
    ranges: tuple[AgeRange, ...] = Field(min_length=1, max_length=MAX_AGE + 1)

    def columns(self) -> tuple[AgeRange, ...]:
        """The ages each column looks at."""
        return self.ranges


Returning = Annotated[On | OnOrAfter | Rolling | Brackets, Field(discriminator="kind")]


class RetentionQuery(Query):
    """Cohorts of people by the unit in which they did ``start``, and who of them did ``back`` how long after.

    ``cohort``: ``first_time`` puts each person into the unit of the first start event in all history, if
    that is in the period; ``recurring`` into every unit of the period with a start event. ``period`` is
    when people start; they may come back until now. Units are the project's calendar's: age 1 of Friday
    is Saturday, whatever the hour, and age 0 is the whole unit, also what happened before the start in it.

    ``measure``: ``people``; or ``count`` and the ``sum`` of a property of the ``back`` events, whose rate is
    relative to age 0. ``breakdowns`` split by the values at the person's first start event (recurring: the
    first in the unit); those with the most people are kept.
    """

    kind: Literal["retention"] = "retention"
    start: EventSelector = EventSelector()
    back: EventSelector = EventSelector()
    cohort: Literal["first_time", "recurring"] = "first_time"
    interval: Interval = "day"
    returning: Returning = On()
    measure: Annotated[People | Count | PropertyMeasure, Field(discriminator="kind")] = People()
    breakdowns: Breakdowns = ()

    @model_validator(mode="after")
    def _additive_measure(self) -> Self:
        if isinstance(self.measure, PropertyMeasure) and self.measure.aggregate != "sum":
            raise ValueError("retention of a property is of its sum")
        return self


class RetentionSelection(Selection):
    """People of a retention table.

    ``cohort`` null means every cohort, ``column`` null the cohorts themselves; ``returned`` false asks for
    those who did not come back: with every cohort, from at least one of theirs. Of cells that have not
    begun nobody returned yet. ``breakdown`` empty means every group.
    """

    cohort: str | None = None
    column: int | None = Field(default=None, ge=0)
    returned: bool = True
    breakdown: BreakdownValues = ()
