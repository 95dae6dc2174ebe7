"""The part that all results share."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query.period import resolve
from bihuan.analytics.query.query import Query
from bihuan.analytics.sql.source import SAMPLE_PARTS, sample_parts


class Result(BaseModel):
    """Base of every result; subclasses add ``kind: Literal[...]`` and their numbers.

    ``first_day`` and ``last_day`` are the period made absolute. ``sample`` is the share of people the
    numbers are of (they are not scaled up). ``sql`` is the statement that was run; ``rows_read`` and
    ``bytes_read`` are what the engine read of its tables for it, null where it does not say (kept sequences
    answered, say). An answer from the cache has the figures of the run that computed it.
    """

    model_config = ConfigDict(frozen=True)

    first_day: date
    last_day: date
    time_zone: str
    sample: float = 1.0
    sql: str = ""
    rows_read: int | None = None
    bytes_read: int | None = None


def heading(ctx: ProjectContext, query: Query) -> dict[str, Any]:
    """The fields of :class:`Result` that follow from the query alone: all but what is known of the run."""
    period = resolve(query.period, ctx)
    sample = 1.0 if query.sample is None else sample_parts(query.sample) / SAMPLE_PARTS
    return {
        "first_day": period.first_day,
        "last_day": period.last_day,
        "time_zone": ctx.time_zone,
        "sample": sample,
    }
