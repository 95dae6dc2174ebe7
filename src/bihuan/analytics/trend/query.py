"""Trend: measures over time."""

from __future__ import annotations

from string import ascii_uppercase
from typing import Literal, Self

from pydantic import Field, model_validator

from bihuan.analytics.query import (
    Breakdowns,
    BreakdownValues,
    Count,
    EventSelector,
    Interval,
    Measure,
    PerPerson,
    PropertyMeasure,
    Query,
    Selection,
    Value,
)
from bihuan.analytics.trend.formula import FormulaSyntax, parse

_NOT_CUMULATIVE = ("avg", "median", "percentile", "per_person")


class TrendSeries(Value):
    """One line: which events, and what of them. The series are called A, B, C, … in formulae.

    ``metric`` is the id of a metric, whose definition is put in its place before the query runs; the
    selector's filter narrows it further.
    """

    selector: EventSelector = EventSelector()
    measure: Measure = Count()
    label: str | None = Field(default=None, max_length=200)
    metric: str | None = Field(default=None, min_length=1, max_length=64, pattern=r"^[0-9A-Za-z_]+$")

    @model_validator(mode="after")
    def _metric_alone(self) -> Self:
        if self.metric is not None and (self.selector.events or not isinstance(self.measure, Count)):
            raise ValueError("a metric says itself which events, and what of them")
        return self


class Formula(Value):
    """A line computed from the series, such as ``A / B * 100``."""

    expression: str = Field(min_length=1, max_length=200)
    label: str | None = Field(default=None, max_length=200)


class TrendQuery(Query):
    """Measures of events by hour, day, week, month, quarter or year.

    ``breakdowns`` split every line; which values are kept is decided by the first series' total in the
    period (sums by sum, measures of people by people, the rest by events), the others are computed
    exactly as one group. ``compare`` adds the period before or the same days a year ago.
    ``moving_average`` is over that many buckets, fewer at the start. ``cumulative`` counts from the
    period's start: people, sessions and distinct values once each.
    """

    kind: Literal["trend"] = "trend"
    series: tuple[TrendSeries, ...] = Field(min_length=1, max_length=10)
    formulas: tuple[Formula, ...] = Field(default=(), max_length=10)
    interval: Interval = "day"
    breakdowns: Breakdowns = ()
    compare: Literal["previous_period", "year_ago"] | None = None
    moving_average: int | None = Field(default=None, ge=2, le=366)
    cumulative: bool = False

    @model_validator(mode="after")
    def _formulas_name_series(self) -> Self:
        known = set(ascii_uppercase[: len(self.series)])
        for formula in self.formulas:
            try:
                unknown = parse(formula.expression).letters() - known
            except FormulaSyntax as error:
                raise ValueError(f"'{formula.expression}': {error}") from error
            if unknown:
                raise ValueError(f"'{formula.expression}': there is no series {', '.join(sorted(unknown))}")
        return self

    @model_validator(mode="after")
    def _cumulative_measures(self) -> Self:
        for series in self.series if self.cumulative else ():
            measure = series.measure
            averaged = isinstance(measure, PropertyMeasure) and measure.aggregate in _NOT_CUMULATIVE
            if averaged or isinstance(measure, PerPerson):
                raise ValueError("averages and percentiles cannot be cumulative")
        return self


class TrendSelection(Selection):
    """One number of a trend: a series at a bucket (None: the total), for one group of the breakdown.

    ``breakdown`` empty means every group; ``compared`` means the number it is compared with.
    """

    series: int = Field(default=0, ge=0)
    bucket: str | None = None
    breakdown: BreakdownValues = ()
    compared: bool = False
