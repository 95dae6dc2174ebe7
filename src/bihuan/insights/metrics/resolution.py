"""Putting the definitions of metrics into a trend that refers to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from string import ascii_uppercase

from pydantic import ValidationError

from bihuan.analytics import Query, Result, Selection
from bihuan.analytics.errors import SelectionInvalid
from bihuan.analytics.query import EventSelector, FilterGroup
from bihuan.analytics.query.filters import AnyFilter
from bihuan.analytics.trend import (
    Formula,
    TrendLine,
    TrendQuery,
    TrendResult,
    TrendSelection,
    TrendSeries,
)
from bihuan.insights.metrics.errors import MetricUnusable

_LETTER = re.compile(r"[A-Z]")


@dataclass(frozen=True)
class Definition:
    """A metric as resolution needs it."""

    name: str
    query: TrendQuery


@dataclass(frozen=True)
class Resolved:
    """A question without metrics, and the way back from its lines to those of the question asked.

    ``series`` and ``formulas`` give, by place in ``query``, the place in the question asked: a series, a
    formula, or None for a line that is only there for a formula. Both are empty when the places are the same.
    """

    query: Query
    series: tuple[int | None, ...] = ()
    formulas: tuple[tuple[str, int], ...] = ()

    def restore(self, result: Result) -> Result:
        """The result with the lines of the question asked, in its order within each group."""
        if not self.series or not isinstance(result, TrendResult):
            return result
        lines: list[TrendLine] = []
        group: list[tuple[tuple[str, int], TrendLine]] = []
        for line in result.lines:
            if group and line.breakdown != group[0][1].breakdown:
                lines += _ordered(group)
                group = []
            place = self._place(line)
            if place is not None:
                kind, index = place
                other = "formula" if kind == "series" else "series"
                group.append((place, line.model_copy(update={kind: index, other: None})))
        return result.model_copy(update={"lines": (*lines, *_ordered(group))})

    def selection(self, selection: Selection) -> Selection:
        """What was selected of the question asked, in ``query``.

        Raises:
            SelectionInvalid: it is a line that is computed from several.
        """
        if not self.series or not isinstance(selection, TrendSelection):
            return selection
        if selection.series in self.series:
            return selection.model_copy(update={"series": self.series.index(selection.series)})
        reason = f"series {selection.series} is a metric computed from several series"
        raise SelectionInvalid(path="selection.series", reason=reason)

    def _place(self, line: TrendLine) -> tuple[str, int] | None:
        if line.series is not None:
            index = self.series[line.series]
            return None if index is None else ("series", index)
        return self.formulas[line.formula or 0]


@dataclass
class _Growing:
    """The resolved trend while it is put together."""

    series: list[TrendSeries] = field(default_factory=list)
    places: list[int | None] = field(default_factory=list)
    formulas: list[Formula] = field(default_factory=list)
    formula_places: list[tuple[str, int]] = field(default_factory=list)
    letters: dict[str, str] = field(default_factory=dict)

    def letter(self) -> str:
        """What the next series will be called."""
        if len(self.series) >= len(ascii_uppercase):
            raise ValueError("there are more than 26 series")
        return ascii_uppercase[len(self.series)]


def metric_ids(query: Query) -> list[str]:
    """The metrics that a question refers to, each once."""
    if not isinstance(query, TrendQuery):
        return []
    return list(dict.fromkeys(series.metric for series in query.series if series.metric is not None))


def resolve(query: Query, definition: Callable[[str, int], Definition]) -> Resolved:
    """``query`` with the definitions of its metrics in it.

    Args:
        definition: gives a metric by its id and the series that refers to it.

    Raises:
        MetricUnusable: what results is not a valid question.
    """
    if not isinstance(query, TrendQuery) or not metric_ids(query):
        return Resolved(query)
    growing = _Growing()
    for index, series in enumerate(query.series):
        name = ascii_uppercase[index]
        if series.metric is None:
            growing.letters[name] = growing.letter()
            growing.series.append(series)
            growing.places.append(index)
            continue
        metric = definition(series.metric, index)
        try:
            _add_metric(growing, name, index, series, metric)
        except ValueError as error:
            raise _unusable(metric.name, index, str(error)) from error
    for index, formula in enumerate(query.formulas):
        expression = _renamed(formula.expression, growing.letters)
        label = formula.label or formula.expression
        growing.formulas.append(Formula.model_construct(expression=expression, label=label))
        growing.formula_places.append(("formula", index))
    return _checked(query, growing)


def _checked(query: TrendQuery, growing: _Growing) -> Resolved:
    parts = {
        "series": [each.model_dump() for each in growing.series],
        "formulas": [each.model_dump() for each in growing.formulas],
    }
    try:
        resolved = TrendQuery.model_validate({**query.model_dump(), **parts})
    except ValidationError as error:
        index = next(index for index, series in enumerate(query.series) if series.metric is not None)
        name = query.series[index].label or str(query.series[index].metric)
        raise _unusable(name, index, error.errors()[0]["msg"]) from error
    if growing.places == list(range(len(query.series))):
        return Resolved(resolved)
    return Resolved(resolved, tuple(growing.places), tuple(growing.formula_places))


def _add_metric(growing: _Growing, name: str, index: int, series: TrendSeries, metric: Definition) -> None:
    label = series.label or metric.name
    computed = bool(metric.query.formulas)
    inner: dict[str, str] = {}
    for letter, part in zip(ascii_uppercase, metric.query.series, strict=False):
        inner[letter] = growing.letter()
        selector = _narrowed(part.selector, (metric.query.filter, series.selector.filter))
        growing.series.append(
            TrendSeries(selector=selector, measure=part.measure, label=part.label if computed else label)
        )
        growing.places.append(None if computed else index)
    if not computed:
        growing.letters[name] = inner["A"]
        return
    expression = _renamed(metric.query.formulas[0].expression, inner)
    growing.letters[name] = f"({expression})"
    growing.formulas.append(Formula.model_construct(expression=expression, label=label))
    growing.formula_places.append(("series", index))


def _narrowed(selector: EventSelector, filters: Sequence[AnyFilter | None]) -> EventSelector:
    conditions = [each for each in (selector.filter, *filters) if each is not None]
    if len(conditions) < 2:
        return selector.model_copy(update={"filter": conditions[0] if conditions else None})
    return selector.model_copy(update={"filter": FilterGroup(op="and", items=tuple(conditions))})


def _renamed(expression: str, letters: Mapping[str, str]) -> str:
    return _LETTER.sub(lambda found: letters[found.group()], expression)


def _ordered(group: list[tuple[tuple[str, int], TrendLine]]) -> list[TrendLine]:
    """Series before formulas, each in order."""
    return [line for _, line in sorted(group, key=lambda placed: (placed[0][0] != "series", placed[0][1]))]


def _unusable(name: str, index: int, reason: str) -> MetricUnusable:
    return MetricUnusable(name=name, reason=reason, path=f"series[{index}].metric")
