"""The period a trend is compared with."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query import DayRange, day_range, resolve
from bihuan.analytics.sql import bucket_starts
from bihuan.analytics.trend.query import TrendQuery

_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def compared_period(ctx: ProjectContext, query: TrendQuery) -> DayRange | None:
    """The earlier period, or None when the query compares with nothing.

    ``year_ago`` moves both ends back twelve months. ``previous_period`` moves them back by as many
    months, quarters or years as the period touches if that is the interval; else by its number of days,
    rounded up to whole weeks for weeks. The last day of a month stays the last day of a month.
    """
    if query.compare is None:
        return None
    period = resolve(query.period, ctx)
    months = _MONTHS.get(query.interval)
    if query.compare == "year_ago" or months is not None:
        touched = (
            12
            if query.compare == "year_ago"
            else (months or 0) * len(bucket_starts(ctx, query.interval, period))
        )
        return day_range(
            months_before(period.first_day, touched), months_before(period.last_day, touched), ctx
        )
    days = -(-period.days // 7) * 7 if query.interval == "week" else period.days
    back = timedelta(days=days)
    return day_range(period.first_day - back, period.last_day - back, ctx)


def months_before(day: date, months: int) -> date:
    """The same day ``months`` earlier: at most the month's last, and the last for a month's last."""
    index = day.year * 12 + day.month - 1 - months
    year, month = index // 12, index % 12 + 1
    length = calendar.monthrange(year, month)[1]
    is_last = day.day == calendar.monthrange(day.year, day.month)[1]
    return date(year, month, length if is_last else min(day.day, length))
