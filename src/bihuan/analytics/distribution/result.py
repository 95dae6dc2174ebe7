"""A distribution's numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.distribution.query import DistributionQuery
from bihuan.analytics.registry import Row
from bihuan.analytics.spread import SpreadResult, spread_fields


class DistributionResult(SpreadResult):
    """The spread of people's numbers, over the period and in each bucket."""

    kind: Literal["distribution"] = "distribution"


def read_distribution(
    ctx: ProjectContext, query: DistributionQuery, rows: Sequence[Row]
) -> DistributionResult:
    """The result of the statement's rows."""
    return DistributionResult(**spread_fields(ctx, query, rows))
