"""Unique people of a trend from the rollup: rows of bitmaps instead of rows of events."""

from __future__ import annotations

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query import DayRange, People
from bihuan.analytics.sql.day_people import day_people
from bihuan.analytics.sql.time import bucket_of_day
from bihuan.analytics.trend.measures import MeasureSql
from bihuan.analytics.trend.query import TrendQuery, TrendSeries

_UNITED = "groupBitmapMerge(people)"


def people_rows(
    ctx: ProjectContext, query: TrendQuery, series: TrendSeries, span: DayRange
) -> tuple[str, MeasureSql] | None:
    """Rows with ``bucket``, ``people`` and a breakdown's key ``b0``; None where the log is to be read."""
    if not isinstance(series.measure, People) or query.interval == "hour" or query.cumulative:
        return None
    days = day_people(ctx, query, series.selector, span.last_day, query.breakdowns)
    if days is None:
        return None
    key = ", key AS b0" if query.breakdowns else ""
    rows = days.rows_sql(span.first_day, span.last_day)
    sql = f"SELECT {bucket_of_day(ctx, query.interval, 'day')} AS bucket, people{key}\nFROM (\n{rows}\n)"
    return sql, MeasureSql(_UNITED, weight=_UNITED)
