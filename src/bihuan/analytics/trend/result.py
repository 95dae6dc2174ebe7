"""A trend's numbers: a line for each series and formula, in each group."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import add
from string import ascii_uppercase
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query import BreakdownValue, Interval, resolve
from bihuan.analytics.registry import Row
from bihuan.analytics.result import Result, heading
from bihuan.analytics.sql import EventsSource, bucket_labels, bucket_starts
from bihuan.analytics.sql.groups import GroupKeys, group_rank, group_values
from bihuan.analytics.trend.comparison import compared_period
from bihuan.analytics.trend.formula import parse
from bihuan.analytics.trend.measures import MeasureSql, add_measure
from bihuan.analytics.trend.query import TrendQuery

Figures = tuple[float | None, ...]


class TrendLine(BaseModel):
    """One line: ``values`` by bucket and ``total`` over the whole period.

    The total of people, sessions and distinct values counts each once, so it is not the sum of the values.
    Exactly one of ``series`` and ``formula`` says which it is, by its place in the query.
    """

    model_config = ConfigDict(frozen=True)

    series: int | None = None
    formula: int | None = None
    name: str
    breakdown: tuple[BreakdownValue, ...] = ()
    values: Figures
    total: float | None
    moving_average: Figures | None = None
    compared: Figures | None = None
    compared_total: float | None = None


class TrendResult(Result):
    """``buckets`` label the values, ``compared_buckets`` the compared ones (maybe one more or fewer)."""

    kind: Literal["trend"] = "trend"
    interval: Interval
    buckets: tuple[str, ...]
    compared_buckets: tuple[str, ...] | None = None
    lines: tuple[TrendLine, ...]


def read_trend(ctx: ProjectContext, query: TrendQuery, rows: Sequence[Row]) -> TrendResult:
    """The result of the statement's rows; buckets without a row get the measure's zero."""
    spans = [resolve(query.period, ctx), compared_period(ctx, query)]
    names = [None if span is None else bucket_starts(ctx, query.interval, span) for span in spans]
    labels = [
        None if starts is None else tuple(bucket_labels(ctx, query.interval, starts)) for starts in names
    ]
    cells: dict[tuple[int, int, GroupKeys], dict[int | None, float | None]] = {}
    for series, span, is_total, k0, k1, k2, bucket, value in rows:
        group = (k0, k1, k2)[: len(query.breakdowns)]
        cells.setdefault((series, span, group), {})[None if is_total else bucket] = value
    found = {group for _, span, group in cells if span == 0} or ({()} if not query.breakdowns else set())
    measures = [add_measure(EventsSource(ctx), series.measure) for series in query.series]
    lines = []
    for group in sorted(
        found, key=lambda group: group_rank(group, cells.get((0, 0, group), {}).get(None) or 0.0)
    ):
        figures = [
            [
                _figures(query, measure, cells.get((series, span, group), {}), starts)
                for series, measure in enumerate(measures)
            ]
            for span, starts in enumerate(names)
            if starts is not None
        ]
        lines += _lines(query, group, figures)
    return TrendResult(
        **heading(ctx, query),
        interval=query.interval,
        buckets=labels[0] or (),
        compared_buckets=labels[1],
        lines=tuple(lines),
    )


def _figures(
    query: TrendQuery, measure: MeasureSql, cells: dict[int | None, float | None], starts: list[int]
) -> tuple[Figures, float | None]:
    values = [cells.get(start, measure.zero) for start in starts]
    total = cells.get(None, measure.zero)
    if query.cumulative:
        values = _running(values, measure)
    return tuple(values), total


_COMBINE: dict[str, Callable[[float, float], float]] = {"sum": add, "least": min, "greatest": max}


def _running(values: list[float | None], measure: MeasureSql) -> list[float | None]:
    combine = _COMBINE[measure.running]
    running: list[float | None] = []
    last: float | None = None
    for value in values:
        if value is not None:
            last = value if last is None else combine(last, value)
        running.append(last)
    return running


def _lines(
    query: TrendQuery, group: GroupKeys, figures: list[list[tuple[Figures, float | None]]]
) -> list[TrendLine]:
    breakdown = group_values(group)
    lines = []
    for index, series in enumerate(query.series):
        name = series.label or series.selector.name
        lines.append(
            _line(query, [span[index] for span in figures], series=index, name=name, breakdown=breakdown)
        )
    for index, formula in enumerate(query.formulas):
        spans = [_formula_figures(formula.expression, span) for span in figures]
        name = formula.label or formula.expression
        lines.append(_line(query, spans, formula=index, name=name, breakdown=breakdown))
    return lines


def _line(query: TrendQuery, spans: list[tuple[Figures, float | None]], **identity: object) -> TrendLine:
    values, total = spans[0]
    averages = moving_averages(values, query.moving_average) if query.moving_average else None
    compared, compared_total = spans[1] if len(spans) > 1 else (None, None)
    return TrendLine.model_validate(
        {
            **identity,
            "values": values,
            "total": total,
            "moving_average": averages,
            "compared": compared,
            "compared_total": compared_total,
        }
    )


def _formula_figures(
    expression: str, series: list[tuple[Figures, float | None]]
) -> tuple[Figures, float | None]:
    node = parse(expression)
    letters = ascii_uppercase[: len(series)]
    buckets = range(len(series[0][0]))
    values = tuple(
        node.value({letter: figures[index] for letter, (figures, _) in zip(letters, series, strict=True)})
        for index in buckets
    )
    return values, node.value({letter: total for letter, (_, total) in zip(letters, series, strict=True)})


def moving_averages(values: Figures, window: int) -> Figures:
    """Mean of each value and the ``window - 1`` before it that exist; missing values are left out."""
    averages: list[float | None] = []
    for index in range(len(values)):
        known = [value for value in values[max(0, index - window + 1) : index + 1] if value is not None]
        averages.append(sum(known) / len(known) if known else None)
    return tuple(averages)
