"""How numbers spread: count, mean, extremes, percentiles and ranges, by time bucket and over the period.

Distribution, engagement and intervals differ in which numbers they take; the rest is here. The rows of
numbers are a SELECT of ``person``, ``whole`` (1 for numbers over the whole period), ``bucket`` and ``value``
(Float64, not null).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bihuan.analytics.calendar import Interval
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.errors import SelectionInvalid
from bihuan.analytics.query import DayRange
from bihuan.analytics.registry import Row
from bihuan.analytics.sql import bucket_label, bucket_of_label, bucket_starts
from bihuan.warehouse.sql import array

Percentiles = Annotated[tuple[Annotated[float, Field(ge=0, le=100)], ...], Field(min_length=1, max_length=20)]
Bounds = Annotated[tuple[float, ...], Field(min_length=1, max_length=200)]


class Spread(BaseModel):
    """The spread of the numbers of one bucket (``bucket`` null: of the whole period).

    ``values`` is how many numbers, ``people`` how many people they are of. ``percentiles`` are in the
    query's order, interpolated linearly (R type 7). ``ranges`` count the numbers below the first bound,
    from each bound to the next (upper end excluded), and from the last on.
    """

    model_config = ConfigDict(frozen=True)

    bucket: str | None
    people: int = 0
    values: int = 0
    mean: float | None = None
    minimum: float | None = None
    maximum: float | None = None
    percentiles: tuple[float | None, ...]
    ranges: tuple[int, ...]


def spread_sql(numbers_sql: str, bounds: Sequence[float], percentiles: Sequence[float]) -> str:
    """One row a bucket and one for the whole period."""
    levels = ", ".join(repr(percentile / 100) for percentile in percentiles)
    return (
        "SELECT whole, bucket, uniqExact(person), count(), avg(value), min(value), max(value), "
        f"quantilesExactInclusive({levels})(value), sumMap([{range_index(bounds)}], [toUInt64(1)])\n"
        f"FROM (\n{numbers_sql}\n)\nGROUP BY whole, bucket"
    )


def range_index(bounds: Sequence[float]) -> str:
    """SQL: which range the column ``value`` is in, 0 for below the first bound."""
    return f"toUInt32(arrayCount(b -> b <= value, {array(bounds)}))"


def read_spreads(
    ctx: ProjectContext,
    period: DayRange,
    interval: Interval | None,
    rows: Sequence[Row],
    *,
    bounds: Sequence[float],
    percentiles: Sequence[float],
) -> tuple[Spread, tuple[Spread, ...]]:
    """The spread over the period and those of every bucket (none without an interval)."""
    found = {
        None if whole else bucket: _spread(ctx, interval, row, bounds)
        for row in rows
        for whole, bucket in [row[:2]]
    }

    def empty(label: str | None) -> Spread:
        return Spread(bucket=label, percentiles=(None,) * len(percentiles), ranges=(0,) * (len(bounds) + 1))

    starts = [] if interval is None else bucket_starts(ctx, interval, period)
    by_bucket = tuple(
        found.get(start) or empty(bucket_label(ctx, interval, start))
        for start in starts
        if interval is not None
    )
    return found.get(None) or empty(None), by_bucket


def numbers_condition(interval: Interval | None, bucket: str | None) -> str:
    """The condition that picks the numbers of one bucket, or of the whole period."""
    if bucket is None:
        return "whole = 1"
    if interval is None:
        raise SelectionInvalid(path="bucket", reason="the query has no interval")
    try:
        return f"whole = 0 AND bucket = {bucket_of_label(interval, bucket)}"
    except ValueError as error:
        raise SelectionInvalid(path="bucket", reason=f"'{bucket}' is not a {interval}") from error


def _spread(ctx: ProjectContext, interval: Interval | None, row: Row, bounds: Sequence[float]) -> Spread:
    whole, bucket, people, values, mean, minimum, maximum, percentiles, (indexes, counts) = row
    ranges = dict(zip(indexes, counts, strict=True))
    return Spread(
        bucket=None if whole or interval is None else bucket_label(ctx, interval, bucket),
        people=people,
        values=values,
        mean=mean,
        minimum=minimum,
        maximum=maximum,
        percentiles=tuple(percentiles),
        ranges=tuple(ranges.get(index, 0) for index in range(len(bounds) + 1)),
    )
