"""A retention table's numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query import BreakdownValue, Interval
from bihuan.analytics.registry import Row
from bihuan.analytics.result import Result, heading
from bihuan.analytics.retention.cohorts import Cohorts, cohorts
from bihuan.analytics.retention.query import AgeRange, RetentionQuery
from bihuan.analytics.sql.groups import GroupKeys, group_values, ranked

Figures = tuple[float | None, ...]


class RetentionCohort(BaseModel):
    """One row of the table: ``size`` people started; by column those who came back.

    A cell is null before its first unit has begun and not ``complete`` until its last unit has ended
    (any-later columns: their first; they can grow for ever). ``rates`` are shares of ``size``; of a measure,
    ``amounts`` relative to ``base``, the amount at age 0; null where there is nothing to divide by.
    """

    model_config = ConfigDict(frozen=True)

    cohort: str
    size: int
    people: tuple[int | None, ...]
    rates: Figures
    complete: tuple[bool, ...]
    amounts: Figures | None = None
    base: float | None = None


class RetentionGroup(BaseModel):
    """The table of one group (or of everybody), and by column the mean rate of its complete cells.

    ``weighted_rates`` weigh cohorts by size (of a measure, by base); ``simple_rates`` count each cohort
    that has anybody (any base) once.
    """

    model_config = ConfigDict(frozen=True)

    breakdown: tuple[BreakdownValue, ...] = ()
    size: int
    cohorts: tuple[RetentionCohort, ...]
    weighted_rates: Figures
    simple_rates: Figures


class RetentionResult(Result):
    """``columns`` are the ages that the cells of each cohort look at."""

    kind: Literal["retention"] = "retention"
    interval: Interval
    groups: tuple[RetentionGroup, ...]
    columns: tuple[AgeRange, ...]


def read_retention(ctx: ProjectContext, query: RetentionQuery, rows: Sequence[Row]) -> RetentionResult:
    """The result of the statement's rows."""
    table = cohorts(ctx, query)
    found: dict[GroupKeys, dict[int, Row]] = {} if query.breakdowns else {(): {}}
    for cohort, size, people, amounts, base, *keys in rows:
        found.setdefault(tuple(keys), {})[cohort] = (size, people, amounts, base)
    groups = {keys: _group(table, keys, by_cohort) for keys, by_cohort in found.items()}
    return RetentionResult(
        **heading(ctx, query),
        interval=query.interval,
        columns=table.columns,
        groups=ranked(groups, lambda group: group.size),
    )


def _group(table: Cohorts, keys: GroupKeys, by_cohort: dict[int, Row]) -> RetentionGroup:
    nothing = [0] * len(table.columns)
    found = [
        _cohort(table, index, by_cohort.get(index, (0, nothing, nothing, 0.0)))
        for index in range(table.count)
    ]
    columns = range(len(table.columns))
    return RetentionGroup(
        breakdown=group_values(keys),
        size=sum(cohort.size for cohort in found),
        cohorts=tuple(found),
        weighted_rates=tuple(_weighted(found, column) for column in columns),
        simple_rates=tuple(_simple(found, column) for column in columns),
    )


def _cohort(table: Cohorts, index: int, row: Row) -> RetentionCohort:
    size, people, amounts, base = row
    begun = [table.has_begun(index, column) for column in table.columns]
    seen = tuple(number if is_begun else None for number, is_begun in zip(people, begun, strict=True))
    counted: Figures | None = None
    if table.measured:
        counted = tuple(amount if is_begun else None for amount, is_begun in zip(amounts, begun, strict=True))
    return RetentionCohort(
        cohort=table.units.label(index),
        size=size,
        people=seen,
        rates=_rates(seen, size) if counted is None else _rates(counted, base),
        complete=tuple(table.is_complete(index, column) for column in table.columns),
        amounts=counted,
        base=base if table.measured else None,
    )


def _rates(figures: Sequence[float | None], whole: float) -> Figures:
    return tuple(figure / whole if figure is not None and whole else None for figure in figures)


def _weighted(found: Sequence[RetentionCohort], column: int) -> float | None:
    parts = [
        (_parts(cohort)[0][column] or 0, _parts(cohort)[1]) for cohort in found if cohort.complete[column]
    ]
    whole = sum(weight for _, weight in parts)
    return sum(part for part, _ in parts) / whole if whole else None


def _simple(found: Sequence[RetentionCohort], column: int) -> float | None:
    rates = [cohort.rates[column] for cohort in found if cohort.complete[column]]
    known = [rate for rate in rates if rate is not None]
    return sum(known) / len(known) if known else None


def _parts(cohort: RetentionCohort) -> tuple[Figures, float]:
    return (cohort.people, cohort.size) if cohort.amounts is None else (cohort.amounts, cohort.base or 0)
