"""Value curves of cohorts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bihuan.analytics.cohort_value.query import CohortValueQuery
from bihuan.analytics.cohort_value.sql import as_retention
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query import BreakdownValue
from bihuan.analytics.registry import Row
from bihuan.analytics.result import Result, heading
from bihuan.analytics.retention import RetentionCohort, RetentionGroup
from bihuan.analytics.retention.result import read_retention

Figures = tuple[float | None, ...]


class ValueCohort(BaseModel):
    """One cohort of ``size`` people. By age, all from the start until the end of that age: ``payers`` who
    paid anything, ``value`` they brought in, ``value_per_person`` of everybody in the cohort.

    Ages that have not begun are null, those that have not ended not ``complete``.
    """

    model_config = ConfigDict(frozen=True)

    cohort: str
    size: int
    payers: tuple[int | None, ...]
    value: Figures
    value_per_person: Figures
    complete: tuple[bool, ...]


class ValueGroup(BaseModel):
    """The cohorts of one group, and by age the value per person of those that are complete there.

    The cohorts behind two ages can differ, so ``value_per_person`` may fall where an early cohort is
    better than the later ones.
    """

    model_config = ConfigDict(frozen=True)

    breakdown: tuple[BreakdownValue, ...] = ()
    size: int
    cohorts: tuple[ValueCohort, ...]
    value_per_person: Figures


class CohortValueResult(Result):
    """Ages are 0 (the cohort's own unit) to the query's ``ages``."""

    kind: Literal["cohort_value"] = "cohort_value"
    interval: Literal["day", "week", "month", "quarter", "year"]
    groups: tuple[ValueGroup, ...]


def read_cohort_value(ctx: ProjectContext, query: CohortValueQuery, rows: Sequence[Row]) -> CohortValueResult:
    """The result of the statement's rows."""
    table = read_retention(ctx, as_retention(query), rows)
    groups = tuple(_group(group, range(query.ages + 1)) for group in table.groups)
    return CohortValueResult(**heading(ctx, query), interval=query.interval, groups=groups)


def _group(group: RetentionGroup, ages: range) -> ValueGroup:
    cohorts = tuple(_cohort(cohort, ages) for cohort in group.cohorts)
    means = []
    for age in ages:
        complete = [cohort for cohort in cohorts if cohort.complete[age]]
        people = sum(cohort.size for cohort in complete)
        means.append(sum(cohort.value[age] or 0 for cohort in complete) / people if people else None)
    return ValueGroup(
        breakdown=group.breakdown, size=group.size, cohorts=cohorts, value_per_person=tuple(means)
    )


def _cohort(cohort: RetentionCohort, ages: range) -> ValueCohort:
    # A bracket from age 0 has begun with its cohort; an age of its own begins when its unit does.
    begun = [age == 0 or cohort.complete[age - 1] for age in ages]
    value = tuple(
        amount if is_begun else None for amount, is_begun in zip(cohort.amounts or (), begun, strict=True)
    )
    return ValueCohort(
        cohort=cohort.cohort,
        size=cohort.size,
        payers=tuple(
            number if is_begun else None for number, is_begun in zip(cohort.people, begun, strict=True)
        ),
        value=value,
        value_per_person=tuple(
            None if amount is None or not cohort.size else amount / cohort.size for amount in value
        ),
        complete=cohort.complete,
    )
