"""Counts and sums over time from what is kept of each quarter of an hour."""

from __future__ import annotations

from datetime import date

import numpy as np

from bihuan.analytics.calendar import day_start_ms
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query import Count, DayRange, PropertyMeasure, resolve
from bihuan.analytics.registry import Row
from bihuan.analytics.sequences.totals import Totals
from bihuan.analytics.sql import bucket_starts
from bihuan.analytics.trend.comparison import compared_period
from bihuan.analytics.trend.query import TrendQuery, TrendSelection, TrendSeries
from bihuan.kernel.arrays import Array
from bihuan.warehouse.rollups import whole_quarters

_FIRST_DAY = date(1970, 1, 1).toordinal()


def sequenced_rows(ctx: ProjectContext, query: TrendQuery, time_seconds: float) -> list[Row] | None:
    """The rows of the statement; None where it has to be run. Takes no time to speak of."""
    if ctx.sequences is None or not _is_answered(ctx, query):
        return None
    rows: list[Row] = []
    for number, span in enumerate((resolve(query.period, ctx), compared_period(ctx, query))):
        if span is None:
            continue
        totals = ctx.sequences.totals(span.start_ms, span.end_ms)
        if totals is None or not _properties(query) <= totals.sums.keys():
            return None
        for index, series in enumerate(query.series):
            rows += _series_rows(ctx, query, series, totals, span, (index, number))
    return rows


def sequenced_people(
    ctx: ProjectContext, query: TrendQuery, selection: TrendSelection, time_seconds: float
) -> None:
    """Who they are is not kept."""


def _is_answered(ctx: ProjectContext, query: TrendQuery) -> bool:
    if query.filter is not None or query.sample is not None or query.breakdowns:
        return False
    return whole_quarters(ctx.time_zone) and all(_is_kept(series) for series in query.series)


def _is_kept(series: TrendSeries) -> bool:
    measure = series.measure
    if series.selector.filter is not None:
        return False
    if isinstance(measure, PropertyMeasure):
        return measure.aggregate in ("sum", "avg") and measure.property.scope == "event"
    return isinstance(measure, Count)


def _properties(query: TrendQuery) -> set[str]:
    measures = [series.measure for series in query.series]
    return {measure.property.name for measure in measures if isinstance(measure, PropertyMeasure)}


def _series_rows(
    ctx: ProjectContext,
    query: TrendQuery,
    series: TrendSeries,
    totals: Totals,
    span: DayRange,
    place: tuple[int, int],
) -> list[Row]:
    chosen = totals.cells_of(series.selector.events, span.start_ms, span.end_ms)
    if not len(chosen):
        return []
    starts = bucket_starts(ctx, query.interval, span)
    begins = starts if query.interval == "hour" else [_start_ms(ctx, start) for start in starts]
    bucket = np.searchsorted(np.array(begins), totals.times[chosen], side="right") - 1
    figures = [np.bincount(bucket, column[chosen], len(starts)) for column in _columns(series, totals)]
    there = np.flatnonzero(np.bincount(bucket, minlength=len(starts)))
    rows: list[Row] = [
        (*place, False, "", "", "", starts[at], _value(series, [float(each[at]) for each in figures]))
        for at in there
    ]
    whole = [float(each.sum()) for each in figures]
    return [*rows, (*place, True, "", "", "", 0, _value(series, whole))]


def _start_ms(ctx: ProjectContext, day: int) -> int:
    return day_start_ms(date.fromordinal(_FIRST_DAY + day), ctx.zone)


def _columns(series: TrendSeries, totals: Totals) -> list[Array]:
    if isinstance(series.measure, PropertyMeasure):
        name = series.measure.property.name
        return [totals.sums[name], totals.counts[name]]
    return [totals.rows]


def _value(series: TrendSeries, figures: list[float]) -> float | None:
    if isinstance(series.measure, PropertyMeasure) and series.measure.aggregate == "avg":
        total, count = figures
        return total / count if count else None
    return figures[0]
