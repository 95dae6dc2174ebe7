"""The SQL of engagement: a distribution of active days."""

from __future__ import annotations

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.distribution.query import DistributionQuery
from bihuan.analytics.distribution.sql import distribution_sql, numbers_sql
from bihuan.analytics.engagement.query import MOST_DAYS, EngagementQuery, EngagementSelection
from bihuan.analytics.query import resolve
from bihuan.analytics.spread import in_bucket


def engagement_sql(ctx: ProjectContext, query: EngagementQuery) -> str:
    """The statement."""
    return distribution_sql(ctx, as_distribution(ctx, query))


def people_sql(ctx: ProjectContext, query: EngagementQuery, selection: EngagementSelection) -> str:
    """The people active on that many days."""
    numbers = numbers_sql(ctx, as_distribution(ctx, query))
    condition = in_bucket(query.interval, selection.bucket)
    comparison = ">=" if selection.or_more else "="
    return f"SELECT person FROM (\n{numbers}\n)\nWHERE {condition} AND value {comparison} {selection.days}"


def as_distribution(ctx: ProjectContext, query: EngagementQuery) -> DistributionQuery:
    """The same question as a distribution with a range for each number of days."""
    days = min(resolve(query.period, ctx).days, MOST_DAYS)
    return DistributionQuery.model_construct(
        period=query.period,
        filter=query.filter,
        sample=query.sample,
        selector=query.selector,
        measure="days",
        property=None,
        interval=query.interval,
        bounds=tuple(range(1, days + 1)),
        percentiles=(50.0,),
    )
