"""The SQL of a distribution: a number a person, then how the numbers spread."""

from __future__ import annotations

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.distribution.query import DistributionQuery, DistributionSelection
from bihuan.analytics.query import resolve
from bihuan.analytics.spread import numbers_condition, spread_sql
from bihuan.analytics.sql import EventsSource, add_breakdowns, bucket, events_source, local_date
from bihuan.analytics.sql.groups import also, group_names, grouped_rows, kept_sql, people_of_groups

_FIGURES = {"times": "count()", "days": "uniqExact(day)", "sum": "sum(number)"}


def distribution_sql(ctx: ProjectContext, query: DistributionQuery) -> str:
    """The statement."""
    return _kept(ctx, query) + spread_sql(ctx, query, numbers_sql(ctx, query))


def people_sql(ctx: ProjectContext, query: DistributionQuery, selection: DistributionSelection) -> str:
    """The people whose number is in the range."""
    numbers, chosen = numbers_sql(ctx, query), numbers_condition(query, selection)
    return _kept(ctx, query) + people_of_groups(numbers, query.breakdowns, selection.breakdown, chosen)


def numbers_sql(ctx: ProjectContext, query: DistributionQuery) -> str:
    """SELECT of person, keys, whole, bucket and value: one row a person, group and bucket, and one
    a person and group.

    Breakdowns need the kept keys ahead of it.
    """
    source = _source(ctx, query)
    if query.interval is not None:
        source.column("bucket", bucket(ctx, query.interval, "e.time"))
    if query.measure == "days":
        source.column("day", local_date(ctx, "e.time"))
    keys = also(group_names(query.breakdowns))
    value = f"toFloat64({_FIGURES[query.measure]}) AS value"
    rows = f"FROM (\n{grouped_rows(source.sql(), query.breakdowns)}\n)\nGROUP BY"
    if query.interval is None:
        return f"SELECT person{keys}, 1 AS whole, 0 AS bucket, {value}\n{rows} person{keys}"
    return (
        f"SELECT person{keys}, grouping(bucket) AS whole, bucket, {value}\n"
        f"{rows} GROUPING SETS ((person{keys}, bucket), (person{keys}))"
    )


def _kept(ctx: ProjectContext, query: DistributionQuery) -> str:
    return kept_sql(_source(ctx, query).sql(), query.breakdowns)


def _source(ctx: ProjectContext, query: DistributionQuery) -> EventsSource:
    source = events_source(
        ctx,
        selectors=[query.selector],
        period=resolve(query.period, ctx),
        filters=[query.filter],
        sample=query.sample,
    )
    add_breakdowns(source, query.breakdowns)
    if query.property is not None:
        number = source.number(query.property)
        source.column("number", f"assumeNotNull({number})").where(f"isNotNull({number})")
    return source
