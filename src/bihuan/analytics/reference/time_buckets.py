"""Which bucket an instant is in, from the calendar alone."""

from __future__ import annotations

from datetime import date, timedelta

from bihuan.analytics.calendar import Interval, local_datetime
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query import DayRange


def bucket_of(ctx: ProjectContext, interval: Interval, time_ms: int) -> str:
    """The label of the bucket: its first local date, or the local start of the hour with its UTC offset."""
    local = local_datetime(time_ms, ctx.zone)
    if interval == "hour":
        since_full_hour_ms = (local.minute * 60 + local.second) * 1000 + time_ms % 1000
        return local_datetime(time_ms - since_full_hour_ms, ctx.zone).isoformat(timespec="minutes")
    return _first_day(ctx, interval, local.date()).isoformat()


def all_buckets(ctx: ProjectContext, interval: Interval, period: DayRange) -> list[str]:
    """The labels of every bucket with an instant in the period, in order."""
    step_ms = 900_000 if interval == "hour" else 3_600_000
    labels = [bucket_of(ctx, interval, time_ms) for time_ms in range(period.start_ms, period.end_ms, step_ms)]
    return list(dict.fromkeys(labels))


def _first_day(ctx: ProjectContext, interval: Interval, day: date) -> date:
    if interval == "week":
        while day.isoweekday() != ctx.first_weekday:
            day -= timedelta(days=1)
        return day
    if interval == "month":
        return date(day.year, day.month, 1)
    if interval == "quarter":
        return date(day.year, (1, 4, 7, 10)[(day.month - 1) // 3], 1)
    return date(day.year, 1, 1) if interval == "year" else day
