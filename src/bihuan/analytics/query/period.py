"""Periods: which days a query covers, on the project's calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import Field, model_validator

from bihuan.analytics.calendar import DateUnit, day_start_ms, local_date, shift_units, unit_start
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query.base import Value

_EARLIEST, _LATEST = date(1970, 1, 2), date(2262, 1, 1)  # what the engine's time type can hold


class Dates(Value):
    """From the start of ``from_date`` to the end of ``to_date``."""

    kind: Literal["dates"] = "dates"
    from_date: date = Field(ge=_EARLIEST, le=_LATEST)
    to_date: date = Field(ge=_EARLIEST, le=_LATEST)

    @model_validator(mode="after")
    def _in_order(self) -> Dates:
        if self.to_date < self.from_date:
            raise ValueError("to_date is before from_date")
        return self


class Last(Value):
    """The last ``count`` days, weeks, months, …; the running one counts only if ``include_current``.

    With the running unit, the period ends with today; without, it ends with the last whole unit.
    """

    kind: Literal["last"] = "last"
    count: int = Field(ge=1, le=4000)
    unit: DateUnit = "day"
    include_current: bool = True


class Current(Value):
    """From the start of the running week, month, … to the end of today."""

    kind: Literal["current"] = "current"
    unit: DateUnit


Period = Annotated[Dates | Last | Current, Field(discriminator="kind")]


@dataclass(frozen=True)
class DayRange:
    """A period made absolute: days inclusive, instants ``[start_ms, end_ms)`` in Unix milliseconds."""

    first_day: date
    last_day: date
    start_ms: int
    end_ms: int

    @property
    def days(self) -> int:
        """How many calendar days."""
        return (self.last_day - self.first_day).days + 1


def day_range(first_day: date, last_day: date, ctx: ProjectContext) -> DayRange:
    """Whole days of the project's calendar as instants."""
    end_ms = day_start_ms(last_day + timedelta(days=1), ctx.zone)
    return DayRange(first_day, last_day, day_start_ms(first_day, ctx.zone), end_ms)


def resolve(period: Dates | Last | Current, ctx: ProjectContext) -> DayRange:
    """The days ``period`` means at ``ctx.now_ms``."""
    today = local_date(ctx.now_ms, ctx.zone)
    if isinstance(period, Dates):
        return day_range(period.from_date, period.to_date, ctx)
    running = unit_start(today, period.unit, ctx.first_weekday)
    if isinstance(period, Current):
        return day_range(running, today, ctx)
    if period.include_current:
        return day_range(shift_units(running, period.unit, 1 - period.count), today, ctx)
    return day_range(shift_units(running, period.unit, -period.count), running - timedelta(days=1), ctx)
