"""A distribution's numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.distribution.query import DistributionQuery
from bihuan.analytics.query import resolve
from bihuan.analytics.registry import Row
from bihuan.analytics.result import Result, heading
from bihuan.analytics.spread import Spread, read_spreads


class DistributionResult(Result):
    """The spread over the period and in each bucket; ``bounds`` and ``percentiles`` repeat the query's."""

    kind: Literal["distribution"] = "distribution"
    bounds: tuple[float, ...]
    percentiles: tuple[float, ...]
    whole: Spread
    buckets: tuple[Spread, ...]


def read_distribution(
    ctx: ProjectContext, query: DistributionQuery, rows: Sequence[Row]
) -> DistributionResult:
    """The result of the statement's rows."""
    whole, buckets = read_spreads(
        ctx,
        resolve(query.period, ctx),
        query.interval,
        rows,
        bounds=query.bounds,
        percentiles=query.percentiles,
    )
    return DistributionResult(
        **heading(ctx, query),
        bounds=query.bounds,
        percentiles=query.percentiles,
        whole=whole,
        buckets=buckets,
    )
