"""Yearly days of dates: of which days of the calendar today is near."""

from __future__ import annotations

import re
from calendar import isleap
from datetime import date, timedelta

from bihuan.analytics.calendar import local_date
from bihuan.analytics.conditions.values import Anniversary
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query.properties import PropertyRef
from bihuan.analytics.sql.properties import AssignedAccess, PropertyAccess
from bihuan.analytics.values import PropertyValue, time_of
from bihuan.warehouse.assignments import value_sql
from bihuan.warehouse.sql import literal

# A date, whatever time of the day comes with it, without an offset: it means the same day everywhere.
_DAY_TEXT = r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?)?$"
_LEAP_DAY = 229


def is_near(ctx: ProjectContext, wanted: Anniversary, value: PropertyValue) -> bool:
    """Whether an anniversary of the date is in the days asked for."""
    day = _day_of(ctx, value)
    if day is None:
        return False
    first, last = _days(ctx, wanted)
    years = range(max(day.year + 1, first.year), last.year + 1)
    return any(first <= _in_year(day, year) <= last for year in years)


def near_sql(ctx: ProjectContext, wanted: Anniversary) -> str:
    """SELECT of one column ``person``: those of whom it holds."""
    years = _years(*_days(ctx, wanted))
    found = f"transform(day, [{', '.join(map(str, years))}], [{', '.join(map(str, years.values()))}], 0)"
    is_leap = "(year % 4 = 0 AND (year % 100 != 0 OR year % 400 = 0))"
    is_day = f"match(said, {literal(_DAY_TEXT)})"
    moment = f"fromUnixTimestamp64Milli(ifNull(at, 0), {literal(ctx.time_zone)})"
    written = "toInt32OrZero(concat(substring(said, 6, 2), substring(said, 9, 2)))"
    written_year = "toInt32OrZero(substring(said, 1, 4))"
    dates = (
        f"SELECT person, if({is_day}, {written_year}, toInt32(toYear({moment}))) AS year, "
        f"if({is_day}, {written}, toInt32(toMonth({moment}) * 100 + toDayOfMonth({moment}))) AS day\n"
        f"FROM (\n{_values_sql(ctx, wanted.property)}\n) WHERE {is_day} OR isNotNull(at)"
    )
    return (
        f"SELECT person FROM (\n{dates}\n) "
        f"WHERE year > 0 AND {found} > year AND (day != {_LEAP_DAY} OR {is_leap})"
    )


def _days(ctx: ProjectContext, wanted: Anniversary) -> tuple[date, date]:
    today = local_date(ctx.now_ms, ctx.zone)
    return today + timedelta(days=wanted.from_days), today + timedelta(days=wanted.to_days)


def _day_of(ctx: ProjectContext, value: PropertyValue) -> date | None:
    if isinstance(value, str) and re.fullmatch(_DAY_TEXT, value, re.ASCII):
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            return None
    time_ms = time_of(value, ctx.zone)
    return None if time_ms is None else local_date(time_ms, ctx.zone)


def _in_year(day: date, year: int) -> date:
    if (day.month, day.day) == (2, 29) and not isleap(year):
        return date(year, 2, 28)
    return day.replace(year=year)


def _years(first: date, last: date) -> dict[int, int]:
    """The latest year in which each yearly day, as month and day (229), is among the days."""
    years: dict[int, int] = {}
    for place in range((last - first).days + 1):
        day = first + timedelta(days=place)
        years[day.month * 100 + day.day] = day.year
        if (day.month, day.day) == (2, 28) and not isleap(day.year):
            years[_LEAP_DAY] = day.year
    return years


def _values_sql(ctx: ProjectContext, ref: PropertyRef) -> str:
    """SELECT of ``person``, the value as text (``said``) and as Unix milliseconds (``at``, or null)."""
    if ref.scope == "tag":
        access: PropertyAccess = AssignedAccess("value", ctx.time_zone)
        rows, person = f"({value_sql(ctx.table, ref.name)})", "person"
    else:
        access = PropertyAccess("p", ctx.time_zone)
        rows, person = f"{ctx.table('profiles')} AS p FINAL WHERE NOT p.deleted", "p.person_id AS person"
    return f"SELECT {person}, ifNull({access.text(ref)}, '') AS said, {access.time(ref)} AS at FROM {rows}"
