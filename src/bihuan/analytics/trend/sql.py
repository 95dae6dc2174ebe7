"""The SQL of a trend: one statement, a branch for each series and period.

Columns of the result: series, span (0 the period, 1 the compared one), is_total, the breakdown keys
b0, b1, b2 (empty where unused), bucket, value.
"""

from __future__ import annotations

from dataclasses import dataclass

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.errors import MetricUnresolved, SelectionInvalid
from bihuan.analytics.query import DayRange, FirstEver, resolve
from bihuan.analytics.sql import (
    EventsSource,
    add_breakdowns,
    bucket,
    bucket_of_label,
    bucket_starts,
)
from bihuan.analytics.sql.day_people import people_of
from bihuan.analytics.sql.groups import check_size, group_names, grouped_rows, in_group, kept_sql
from bihuan.analytics.trend.comparison import compared_period
from bihuan.analytics.trend.measures import MeasureSql, add_measure
from bihuan.analytics.trend.query import TrendQuery, TrendSelection, TrendSeries
from bihuan.analytics.trend.rolled_up import people_rows, quarter_rows

MAX_NUMBERS = 2_000_000


@dataclass(frozen=True)
class _Rows:
    """The rows of one series in one period: SQL with ``bucket``, keys and the measure's columns."""

    sql: str
    measure: MeasureSql


def trend_sql(ctx: ProjectContext, query: TrendQuery) -> str:
    """The statement."""
    _check_metrics(query)
    _check_size(ctx, query)
    spans = [resolve(query.period, ctx), compared_period(ctx, query)]
    branches = [
        _branch(ctx, query, index, number, span)
        for index in range(len(query.series))
        for number, span in enumerate(spans)
        if span is not None
    ]
    return _tops(ctx, query) + "\nUNION ALL\n".join(branches)


def people_sql(ctx: ProjectContext, query: TrendQuery, selection: TrendSelection) -> str:
    """The people who did the events behind one number."""
    _check_metrics(query)
    if selection.series >= len(query.series):
        raise SelectionInvalid(path="series", reason=f"there is no series {selection.series}")
    span = compared_period(ctx, query) if selection.compared else resolve(query.period, ctx)
    if span is None:
        raise SelectionInvalid(path="compared", reason="the query compares with nothing")
    series = query.series[selection.series]
    named = people_rows(ctx, query, series, span, complete=True)
    rows = _Rows(*named) if named else _series_rows(ctx, query, series, span, with_person=True)
    conditions = [rows.measure.behind]
    if selection.bucket is not None:
        name = _bucket_name(query, selection.bucket)
        conditions.append(f"bucket {'<=' if query.cumulative else '='} {name}")
    tops, found, of_group = "", rows.sql, in_group(query.breakdowns, selection.breakdown)
    if of_group:
        conditions += of_group
        tops, found = _tops(ctx, query), grouped_rows(found, query.breakdowns)
    chosen = f"FROM (\n{found}\n)\nWHERE {' AND '.join(conditions)}"
    return tops + (people_of(ctx, f"SELECT people {chosen}") if named else f"SELECT DISTINCT person {chosen}")


def _branch(ctx: ProjectContext, query: TrendQuery, index: int, number: int, span: DayRange) -> str:
    rows = _series_rows(ctx, query, query.series[index], span)
    grouped = group_names(query.breakdowns)
    shown = ", ".join([*grouped, *["''"] * (3 - len(grouped))])
    source = grouped_rows(rows.sql, query.breakdowns)
    if query.cumulative and rows.measure.once:
        # Rows that are not counted stay, so that their breakdown value has its line of zeros.
        shown_once = ", ".join(
            [*grouped, f"{rows.measure.once} AS once", f"{rows.measure.behind} AS counted"]
        )
        by = ", ".join([*grouped, "once", "counted"])
        source = f"SELECT {shown_once}, min(bucket) AS bucket FROM (\n{source}\n) GROUP BY {by}"
    aggregate = "countIf(counted)" if query.cumulative and rows.measure.once else rows.measure.aggregate
    sets = f"({', '.join([*grouped, 'bucket'])}), ({', '.join(grouped)})"
    return (
        f"SELECT {index} AS series, {number} AS span, grouping(bucket) AS is_total, {shown}, bucket, "
        f"toNullable(toFloat64({aggregate})) AS value\nFROM (\n{source}\n)\nGROUP BY GROUPING SETS ({sets})"
    )


def _series_rows(
    ctx: ProjectContext, query: TrendQuery, series: TrendSeries, span: DayRange, *, with_person: bool = False
) -> _Rows:
    if isinstance(series.measure, FirstEver):
        return _first_ever_rows(ctx, query, series, span)
    if not with_person:
        rolled_up = people_rows(ctx, query, series, span) or quarter_rows(ctx, query, series, span)
        if rolled_up is not None:
            return _Rows(*rolled_up)
    source = EventsSource(ctx).column("bucket", bucket(ctx, query.interval, "e.time"))
    add_breakdowns(source, query.breakdowns)
    measure = add_measure(source, series.measure)
    if with_person:
        source.column("person", source.person)
    source.selecting([series.selector]).during(span).filtered(query.filter).sampled(query.sample)
    return _Rows(source.sql(), measure)


def _first_ever_rows(ctx: ProjectContext, query: TrendQuery, series: TrendSeries, span: DayRange) -> _Rows:
    source = EventsSource(ctx).column("time", "e.time").column("event_id", "e.event_id")
    keys = add_breakdowns(source, query.breakdowns)
    measure = add_measure(source, series.measure)
    source.selecting([series.selector]).between(None, span.end_ms).filtered(query.filter).sampled(
        query.sample
    )
    at_first = "".join(f", argMin({key}, (time, event_id)) AS {key}" for key in keys)
    first = f"SELECT person, min(time) AS first_time{at_first} FROM (\n{source.sql()}\n) GROUP BY person"
    start = f"toUnixTimestamp64Milli(first_time) >= {span.start_ms}"
    shown = "".join(f", {key}" for key in keys)
    name = bucket(ctx, query.interval, "first_time")
    return _Rows(f"SELECT person, {name} AS bucket{shown} FROM (\n{first}\n) WHERE {start}", measure)


def _tops(ctx: ProjectContext, query: TrendQuery) -> str:
    """The kept keys, from the first series in the period itself."""
    if not query.breakdowns:
        return ""
    rows = _series_rows(ctx, query, query.series[0], resolve(query.period, ctx))
    return kept_sql(rows.sql, query.breakdowns, weight=rows.measure.weight)


def _bucket_name(query: TrendQuery, label: str) -> int:
    try:
        return bucket_of_label(query.interval, label)
    except ValueError as error:
        raise SelectionInvalid(path="bucket", reason=f"'{label}' is not a {query.interval}") from error


def _check_size(ctx: ProjectContext, query: TrendQuery) -> None:
    numbers = len(bucket_starts(ctx, query.interval, resolve(query.period, ctx))) * len(query.series)
    check_size(numbers, query.breakdowns, MAX_NUMBERS)


def _check_metrics(query: TrendQuery) -> None:
    for index, series in enumerate(query.series):
        if series.metric is not None:
            raise MetricUnresolved(metric=series.metric, path=f"series[{index}].metric")
