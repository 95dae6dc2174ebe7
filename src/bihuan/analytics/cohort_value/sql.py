"""Cohort value is first-time retention of a sum, in brackets from age 0 to each age."""

from __future__ import annotations

from bihuan.analytics.cohort_value.query import CohortValueQuery, CohortValueSelection
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.errors import SelectionInvalid
from bihuan.analytics.query import PropertyMeasure
from bihuan.analytics.retention import AgeRange, Brackets, RetentionQuery
from bihuan.analytics.retention.cohorts import cohorts
from bihuan.analytics.retention.sql import in_cell, members_sql, retention_sql


def cohort_value_sql(ctx: ProjectContext, query: CohortValueQuery) -> str:
    """The statement; its rows are those of retention."""
    return retention_sql(ctx, as_retention(query))


def people_sql(ctx: ProjectContext, query: CohortValueQuery, selection: CohortValueSelection) -> str:
    """The people of a cohort, or those of it who paid until an age or did not."""
    if selection.age is not None and selection.age > query.ages:
        raise SelectionInvalid(path="age", reason=f"the oldest age is {query.ages}")
    if selection.age is None and not selection.paid:
        raise SelectionInvalid(path="age", reason="only an age has people who did not pay")
    table, cell = cohorts(ctx, as_retention(query)), None
    if selection.age is not None:
        cell = in_cell(table, table.columns[selection.age], begun_age=selection.age, returned=selection.paid)
    return members_sql(table, selection.cohort, selection.breakdown, cell)


def as_retention(query: CohortValueQuery) -> RetentionQuery:
    """The retention query with a column for each age that looks at it and all before."""
    ranges = tuple(AgeRange(first=0, last=age) for age in range(query.ages + 1))
    return RetentionQuery(
        period=query.period, filter=query.filter, sample=query.sample, start=query.start, back=query.paying,
        cohort="first_time", interval=query.interval, returning=Brackets(ranges=ranges),
        measure=PropertyMeasure(property=query.value, aggregate="sum"), breakdowns=query.breakdowns,
    )  # fmt: skip
