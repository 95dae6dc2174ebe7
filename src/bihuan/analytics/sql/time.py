"""Time buckets: days and longer as local dates, hours as instants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bihuan.analytics.calendar import (
    HOUR_MS,
    Interval,
    hour_starts,
    local_datetime,
    shift_units,
    unit_start,
)
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query.period import DayRange
from bihuan.warehouse.sql import literal


def local_date(ctx: ProjectContext, time: str) -> str:
    """SQL Date: the project's calendar day of a time."""
    return f"toDate({time}, {literal(ctx.time_zone)})"


def bucket(ctx: ProjectContext, interval: Interval, time: str) -> str:
    """SQL Int64 that names the bucket of a time: days since 1970 of its first local day; for hours its
    start in Unix milliseconds."""
    if interval == "hour":
        offset = f"timezoneOffset(toTimeZone({time}, {literal(ctx.time_zone)})) * 1000"
        clock = f"(toUnixTimestamp64Milli({time}) + {offset})"
        return f"intDiv({clock}, {HOUR_MS}) * {HOUR_MS} - {offset}"
    return bucket_of_day(ctx, interval, local_date(ctx, time))


def bucket_of_day(ctx: ProjectContext, interval: Interval, day: str) -> str:
    """SQL Int64 that names the bucket, of days or longer, of a local day."""
    if interval == "week":
        return f"toInt64({day}) - (toDayOfWeek({day}) + 7 - {ctx.first_weekday}) % 7"
    start = {
        "day": day,
        "month": f"toStartOfMonth({day})",
        "quarter": f"toStartOfQuarter({day})",
        "year": f"toStartOfYear({day})",
    }[interval]
    return f"toInt64({start})"


def bucket_starts(ctx: ProjectContext, interval: Interval, period: DayRange) -> list[int]:
    """Every bucket that has an instant in the period, as ``bucket`` names them, ascending.

    The first may begin before the period (a week that started earlier); it holds the period's events only.
    """
    if interval == "hour":
        return list(hour_starts(period.start_ms, period.end_ms, ctx.zone))
    start = unit_start(period.first_day, interval, ctx.first_weekday)
    days: list[date] = []
    while start <= period.last_day:
        days.append(start)
        start = shift_units(start, interval, 1)
    return [_days_since_epoch(day) for day in days]


def bucket_label(ctx: ProjectContext, interval: Interval, name: int) -> str:
    """A bucket in words: its first local date, or for hours its local start with the UTC offset."""
    if interval == "hour":
        return local_datetime(name, ctx.zone).isoformat(timespec="minutes")
    return date.fromordinal(date(1970, 1, 1).toordinal() + name).isoformat()


def bucket_labels(ctx: ProjectContext, interval: Interval, names: Sequence[int]) -> list[str]:
    """``bucket_label`` of each."""
    return [bucket_label(ctx, interval, name) for name in names]


def bucket_of_label(interval: Interval, label: str) -> int:
    """The name of the bucket that ``bucket_label`` calls ``label``; ValueError when it calls none so."""
    if interval == "hour":
        moment = datetime.fromisoformat(label)
        if moment.tzinfo is None:
            raise ValueError("an hour needs its UTC offset")
        return round(moment.timestamp() * 1000)
    return _days_since_epoch(date.fromisoformat(label))


def _days_since_epoch(day: date) -> int:
    return day.toordinal() - date(1970, 1, 1).toordinal()
