"""The numbers of intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.intervals.query import IntervalsQuery
from bihuan.analytics.query import resolve
from bihuan.analytics.registry import Row
from bihuan.analytics.result import Result, heading
from bihuan.analytics.spread import Spread, read_spreads


class IntervalsResult(Result):
    """The spread of intervals in seconds, over the period and by the bucket they started in."""

    kind: Literal["intervals"] = "intervals"
    bounds: tuple[float, ...]
    percentiles: tuple[float, ...]
    whole: Spread
    buckets: tuple[Spread, ...]


def read_intervals(ctx: ProjectContext, query: IntervalsQuery, rows: Sequence[Row]) -> IntervalsResult:
    """The result of the statement's rows."""
    whole, buckets = read_spreads(
        ctx,
        resolve(query.period, ctx),
        query.interval,
        rows,
        bounds=query.bounds,
        percentiles=query.percentiles,
    )
    return IntervalsResult(
        **heading(ctx, query),
        bounds=query.bounds,
        percentiles=query.percentiles,
        whole=whole,
        buckets=buckets,
    )
