"""The SQL of a distribution: a number a person, then how the numbers spread."""

from __future__ import annotations

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.distribution.query import DistributionQuery, DistributionSelection
from bihuan.analytics.query import resolve
from bihuan.analytics.spread import numbers_condition, range_index, spread_sql
from bihuan.analytics.sql import bucket, events_source, local_date

_FIGURES = {"times": "count()", "days": "uniqExact(day)", "sum": "sum(number)"}


def distribution_sql(ctx: ProjectContext, query: DistributionQuery) -> str:
    """The statement."""
    return spread_sql(numbers_sql(ctx, query), query.bounds, query.percentiles)


def people_sql(ctx: ProjectContext, query: DistributionQuery, selection: DistributionSelection) -> str:
    """The people whose number is in the range."""
    conditions = [numbers_condition(query.interval, selection.bucket)]
    if selection.range is not None:
        conditions.append(f"{range_index(query.bounds)} = {selection.range}")
    return f"SELECT person FROM (\n{numbers_sql(ctx, query)}\n)\nWHERE {' AND '.join(conditions)}"


def numbers_sql(ctx: ProjectContext, query: DistributionQuery) -> str:
    """SELECT of person, whole, bucket and value: one row a person and bucket, and one a person."""
    source = events_source(
        ctx,
        selectors=[query.selector],
        period=resolve(query.period, ctx),
        filters=[query.filter],
        sample=query.sample,
    )
    if query.interval is not None:
        source.column("bucket", bucket(ctx, query.interval, "e.time"))
    if query.measure == "days":
        source.column("day", local_date(ctx, "e.time"))
    if query.property is not None:
        number = source.number(query.property)
        source.column("number", f"assumeNotNull({number})").where(f"isNotNull({number})")
    value = f"toFloat64({_FIGURES[query.measure]}) AS value"
    if query.interval is None:
        return f"SELECT person, 1 AS whole, 0 AS bucket, {value}\nFROM (\n{source.sql()}\n)\nGROUP BY person"
    return (
        f"SELECT person, grouping(bucket) AS whole, bucket, {value}\nFROM (\n{source.sql()}\n)\n"
        "GROUP BY GROUPING SETS ((person, bucket), (person))"
    )
