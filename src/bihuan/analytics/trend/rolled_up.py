"""Trends from what is kept beside the log: people by day as bitmaps, counts by quarter of an hour."""

from __future__ import annotations

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query import Count, DayRange, People
from bihuan.analytics.sql.day_people import day_people
from bihuan.analytics.sql.time import bucket, bucket_of_day
from bihuan.analytics.trend.measures import MeasureSql
from bihuan.analytics.trend.query import TrendQuery, TrendSeries
from bihuan.warehouse.rollups import whole_quarters
from bihuan.warehouse.sql import tuple_of

UTC = "'UTC'"
_UNITED = "groupBitmapMerge(people)"


def people_rows(
    ctx: ProjectContext, query: TrendQuery, series: TrendSeries, span: DayRange, *, complete: bool = False
) -> tuple[str, MeasureSql] | None:
    """Rows with ``bucket``, ``people`` and a breakdown's key ``b0``; None where the log is to be read.

    With ``complete`` also where the log has to be read for a part.
    """
    if not isinstance(series.measure, People) or query.interval == "hour" or query.cumulative:
        return None
    days = day_people(ctx, query, series.selector, span.last_day, query.breakdowns)
    if days is None or (complete and not days.is_complete(span.first_day, span.last_day)):
        return None
    key = ", key AS b0" if query.breakdowns else ""
    rows = days.rows_sql(span.first_day, span.last_day)
    sql = f"SELECT {bucket_of_day(ctx, query.interval, 'day')} AS bucket, people{key}\nFROM (\n{rows}\n)"
    return sql, MeasureSql(_UNITED, weight=_UNITED)


def quarter_rows(
    ctx: ProjectContext, query: TrendQuery, series: TrendSeries, span: DayRange
) -> tuple[str, MeasureSql] | None:
    """Rows with ``bucket`` and ``figure`` in the form that the projection ``by_quarter_hour`` can answer.

    The engine keeps that projection equal to the log, and reads the log where it is not built yet.
    """
    plain = query.filter is None and query.sample is None and series.selector.filter is None
    if (
        not isinstance(series.measure, Count)
        or not plain
        or query.breakdowns
        or not whole_quarters(ctx.time_zone)
    ):
        return None
    quarter = "toStartOfFifteenMinutes(time)"
    named = f"event IN {tuple_of(sorted(series.selector.events))} AND " if series.selector.events else ""
    sql = (
        f"SELECT {bucket(ctx, query.interval, f'toDateTime64({quarter}, 3, {UTC})')} AS bucket, "
        f"count() AS figure\nFROM {ctx.table('events')}\n"
        f"WHERE {named}{quarter} >= {_second(span.start_ms)} AND {quarter} < {_second(span.end_ms)}\n"
        "GROUP BY bucket"
    )
    total = "ifNull(sum(figure), 0)"
    return sql, MeasureSql(total, weight=total)


def _second(milliseconds: int) -> str:
    return f"toDateTime({milliseconds // 1000}, {UTC})"
