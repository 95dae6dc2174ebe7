"""What each measure needs of the rows, and how it is aggregated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bihuan.analytics.query import (
    Count,
    FirstEver,
    Measure,
    People,
    PerPerson,
    PropertyMeasure,
    Sessions,
)
from bihuan.analytics.sql import EventsSource

Running = Literal["sum", "least", "greatest", "none"]


@dataclass(frozen=True)
class MeasureSql:
    """A measure over rows with the columns it asked for.

    Args:
        aggregate: the figure, Nullable(Float64) or a number.
        weight: the figure that ranks breakdown values.
        behind: which rows' people are behind the figure.
        zero: the figure of no rows: 0 or none.
        once: what is counted once (a person, session, value); empty for other measures.
        running: how the figures of buckets make a cumulative one.
    """

    aggregate: str
    weight: str = "count()"
    behind: str = "true"
    zero: float | None = 0.0
    once: str = ""
    running: Running = "sum"


_PEOPLE = "uniqExact(person)"
_SIMPLE: dict[type, MeasureSql] = {
    Count: MeasureSql("count()"),
    People: MeasureSql(_PEOPLE, weight=_PEOPLE, once="person"),
    PerPerson: MeasureSql(f"count() / nullIf({_PEOPLE}, 0)", weight=_PEOPLE, zero=None, running="none"),
    Sessions: MeasureSql(
        "uniqExactIf((person, session), session != '')", behind="session != ''", once="(person, session)"
    ),
    FirstEver: MeasureSql("count()"),
}


def add_measure(source: EventsSource, measure: Measure) -> MeasureSql:
    """Add the columns a measure needs to its source."""
    if not isinstance(measure, Count):
        source.column("person", source.person)
    if isinstance(measure, Sessions):
        source.column("session", "e.session_id")
    if not isinstance(measure, PropertyMeasure):
        return _SIMPLE[type(measure)]
    if measure.aggregate == "distinct":
        source.column("text", f"CAST({source.text(measure.property)} AS Nullable(String))")
        return MeasureSql("uniqExact(text)", behind="isNotNull(text)", once="text")
    source.column("number", source.number(measure.property))
    return _number_measure(measure)


def _number_measure(measure: PropertyMeasure) -> MeasureSql:
    behind = "isNotNull(number)"
    match measure.aggregate:
        case "sum":
            total = "ifNull(sum(number), 0)"
            return MeasureSql(total, weight=total, behind=behind)
        case "min" | "max":
            running: Running = "least" if measure.aggregate == "min" else "greatest"
            return MeasureSql(f"{measure.aggregate}(number)", behind=behind, zero=None, running=running)
        case "per_person":
            people = f"uniqExactIf(person, {behind})"
            return MeasureSql(
                f"sum(number) / nullIf({people}, 0)", weight=people, behind=behind, zero=None, running="none"
            )
        case "avg":
            return MeasureSql("avg(number)", behind=behind, zero=None, running="none")
        case _:
            share = 0.5 if measure.aggregate == "median" else measure.percentile / 100
            quantile = f"quantileExactInclusiveOrNull({share!r})(number)"
            return MeasureSql(quantile, behind=behind, zero=None, running="none")
