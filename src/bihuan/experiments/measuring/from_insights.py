"""A metric of insights as a measure of people, copied at the moment it is declared."""

from __future__ import annotations

import re

from bihuan.analytics.query import Count, EventSelector, FilterGroup, People, PerPerson, PropertyMeasure
from bihuan.analytics.trend import TrendQuery, TrendSeries
from bihuan.experiments.errors import MetricNotMeasurable
from bihuan.experiments.measuring.metrics import AnyMeasure, Figure, Mean, Proportion, Ratio

_QUOTIENT = re.compile(r"\s*([A-Z])\s*/\s*([A-Z])\s*(\*\s*100\s*)?")


def measure_of(name: str, query: TrendQuery) -> AnyMeasure:
    """The measure that says of single people what the metric says of everybody.

    A count or sum becomes a mean per person, people a share, an average or one divided by another a ratio.

    Raises:
        MetricNotMeasurable.
    """
    if not query.formulas:
        return _of_series(name, query, query.series[0])
    found = _QUOTIENT.fullmatch(query.formulas[0].expression)
    if found is None:
        raise _refused(name, "its formula is not one series divided by another", "公式不是两个序列相除")
    above, below = (query.series[ord(letter) - ord("A")] for letter in found.groups()[:2])
    return Ratio(numerator=_figure(name, query, above), denominator=_figure(name, query, below))


def _of_series(name: str, query: TrendQuery, series: TrendSeries) -> AnyMeasure:
    match series.measure:
        case Count():
            return Mean(figure=_figure(name, query, series))
        case PropertyMeasure(aggregate="sum"):
            return Mean(figure=_figure(name, query, series))
        case People():
            return Proportion(event=_selector(query, series))
        case PropertyMeasure(aggregate="avg"):
            summed = Figure(event=_selector(query, series), property=series.measure.property)
            return Ratio(numerator=summed, denominator=Figure(event=_selector(query, series)))
        case _:
            kind = series.measure.kind
            raise _refused(name, f"'{kind}' has no figure for one person", f"“{kind}”没有单人数值")


def _figure(name: str, query: TrendQuery, series: TrendSeries) -> Figure:
    match series.measure:
        case Count():
            return Figure(event=_selector(query, series))
        case PropertyMeasure(aggregate="sum"):
            return Figure(event=_selector(query, series), property=series.measure.property)
        case People() | PerPerson() | _:
            kind = series.measure.kind
            raise _refused(name, f"'{kind}' does not add up over people", f"“{kind}”不能按人相加")


def _selector(query: TrendQuery, series: TrendSeries) -> EventSelector:
    filters = [each for each in (series.selector.filter, query.filter) if each is not None]
    joined = filters[0] if len(filters) == 1 else FilterGroup(items=tuple(filters)) if filters else None
    return EventSelector(events=series.selector.events, filter=joined)


def _refused(name: str, reason_en: str, reason_zh: str) -> MetricNotMeasurable:
    return MetricNotMeasurable(name=name, reason_en=reason_en, reason_zh=reason_zh)
