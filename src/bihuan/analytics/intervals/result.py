"""The numbers of intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.intervals.query import IntervalsQuery
from bihuan.analytics.registry import Row
from bihuan.analytics.spread import SpreadResult, spread_fields


class IntervalsResult(SpreadResult):
    """The spread of intervals in seconds, over the period and by the bucket they started in."""

    kind: Literal["intervals"] = "intervals"


def read_intervals(ctx: ProjectContext, query: IntervalsQuery, rows: Sequence[Row]) -> IntervalsResult:
    """The result of the statement's rows."""
    return IntervalsResult(**spread_fields(ctx, query, rows))
