"""The matrix of engagement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.engagement.query import EngagementQuery
from bihuan.analytics.engagement.sql import as_distribution
from bihuan.analytics.query import Interval
from bihuan.analytics.registry import Row
from bihuan.analytics.result import Result, heading
from bihuan.analytics.spread import Spread, read_spreads


class EngagementRow(BaseModel):
    """One bucket (null: the whole period): people by their number of active days.

    ``people_by_days[0]`` were active on one day, ``[1]`` on two, …; the last counts 366 days and more
    when the period has as many.
    """

    model_config = ConfigDict(frozen=True)

    bucket: str | None
    people: int
    mean_days: float | None
    median_days: float | None
    people_by_days: tuple[int, ...]


class EngagementResult(Result):
    """``whole`` is the period, ``rows`` its weeks, months, …, with a column for each day one can have."""

    kind: Literal["engagement"] = "engagement"
    interval: Interval
    whole: EngagementRow
    rows: tuple[EngagementRow, ...]


_MOST_DAYS = {"week": 7, "month": 31, "quarter": 92, "year": 366}


def read_engagement(ctx: ProjectContext, query: EngagementQuery, rows: Sequence[Row]) -> EngagementResult:
    """The result of the statement's rows."""
    asked = as_distribution(ctx, query)
    (everybody,) = read_spreads(ctx, asked, rows)
    most = min(_MOST_DAYS[query.interval], len(asked.bounds))
    return EngagementResult(
        **heading(ctx, query),
        interval=query.interval,
        whole=_row(everybody.whole, len(asked.bounds)),
        rows=tuple(_row(spread, most) for spread in everybody.buckets),
    )


def _row(spread: Spread, columns: int) -> EngagementRow:
    return EngagementRow(
        bucket=spread.bucket,
        people=spread.people,
        mean_days=spread.mean,
        median_days=spread.percentiles[0],
        people_by_days=spread.ranges[1 : columns + 1],
    )
