"""How numbers spread: count, mean, extremes, percentiles and ranges, by time bucket and over the period.

Distribution, engagement and intervals differ in which numbers they take; the rest is here. The rows of
numbers are a SELECT of ``person``, ``whole`` (1 for numbers over the whole period), ``bucket``, ``value``
(Float64, not null) and the keys ``k0``, ``k1``, … of their group.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bihuan.analytics.calendar import Interval
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.errors import SelectionInvalid
from bihuan.analytics.query import Breakdowns, BreakdownValue, BreakdownValues, Query, Selection, resolve
from bihuan.analytics.registry import Row
from bihuan.analytics.result import Result, heading
from bihuan.analytics.sql import bucket_label, bucket_of_label, bucket_starts
from bihuan.analytics.sql.groups import GroupKeys, also, check_size, group_names, group_values, ranked
from bihuan.warehouse.sql import array

MAX_NUMBERS = 2_000_000
# Columns of a row between its bucket and its keys.
_FIGURES = 7
Percentiles = Annotated[tuple[Annotated[float, Field(ge=0, le=100)], ...], Field(min_length=1, max_length=20)]
Bounds = Annotated[tuple[float, ...], Field(min_length=1, max_length=200)]


class SpreadQuery(Query):
    """What the queries about numbers share.

    ``interval`` adds the numbers of each bucket. ``bounds`` are the lower ends of the ranges.
    """

    interval: Interval | None = None
    breakdowns: Breakdowns = ()
    bounds: Bounds
    percentiles: Percentiles

    @model_validator(mode="after")
    def _bounds_ascend(self) -> Self:
        if any(low >= high for low, high in pairwise(self.bounds)):
            raise ValueError("bounds must ascend")
        return self


class SpreadSelection(Selection):
    """The numbers of one range (None: of all) in one bucket (None: over the period).

    Of one group (without ``breakdown`` of any).
    """

    bucket: str | None = None
    range: int | None = Field(default=None, ge=0)
    breakdown: BreakdownValues = ()


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


class SpreadGroup(BaseModel):
    """The numbers of one group over the period and in each bucket; without breakdowns all of them."""

    model_config = ConfigDict(frozen=True)

    breakdown: tuple[BreakdownValue, ...] = ()
    whole: Spread
    buckets: tuple[Spread, ...]


class SpreadResult(Result):
    """Groups that have a number, the greatest first, others last.

    ``bounds`` and ``percentiles`` repeat the query's.
    """

    bounds: tuple[float, ...]
    percentiles: tuple[float, ...]
    groups: tuple[SpreadGroup, ...]


def spread_sql(ctx: ProjectContext, query: SpreadQuery, numbers_sql: str) -> str:
    """One row a group and bucket and one for the whole period: figures in the order of Spread, then keys."""
    numbers = (1 + len(_starts(ctx, query))) * (len(query.bounds) + len(query.percentiles))
    check_size(numbers, query.breakdowns, MAX_NUMBERS)
    levels = ", ".join(repr(percentile / 100) for percentile in query.percentiles)
    keys = also(group_names(query.breakdowns))
    return (
        "SELECT whole, bucket, uniqExact(person), count(), avg(value), min(value), max(value), "
        f"quantilesExactInclusive({levels})(value), "
        f"sumMap([{range_index(query.bounds)}], [toUInt64(1)]){keys}\n"
        f"FROM (\n{numbers_sql}\n)\nGROUP BY whole, bucket{keys}"
    )


def range_index(bounds: Sequence[float]) -> str:
    """SQL: which range the column ``value`` is in, 0 for below the first bound."""
    return f"toUInt32(arrayCount(b -> b <= value, {array(bounds)}))"


def read_spreads(ctx: ProjectContext, query: SpreadQuery, rows: Sequence[Row]) -> tuple[SpreadGroup, ...]:
    """The groups as they are shown; buckets without a number are filled."""
    found: dict[GroupKeys, dict[int | None, Row]] = {} if query.breakdowns else {(): {}}
    for whole, bucket, *rest in rows:
        figures, keys = tuple(rest[:_FIGURES]), tuple(rest[_FIGURES:])
        found.setdefault(keys, {})[None if whole else bucket] = figures
    groups = {
        keys: SpreadGroup(
            breakdown=group_values(keys),
            whole=_spread(query, None, by_bucket.get(None)),
            buckets=tuple(
                _spread(query, bucket_label(ctx, query.interval, start), by_bucket.get(start))
                for start in _starts(ctx, query)
                if query.interval is not None
            ),
        )
        for keys, by_bucket in found.items()
    }
    return ranked(groups, lambda group: group.whole.people)


def spread_fields(ctx: ProjectContext, query: SpreadQuery, rows: Sequence[Row]) -> dict[str, Any]:
    """The fields of :class:`SpreadResult`."""
    return {
        **heading(ctx, query),
        "bounds": query.bounds,
        "percentiles": query.percentiles,
        "groups": read_spreads(ctx, query, rows),
    }


def numbers_condition(query: SpreadQuery, selection: SpreadSelection) -> str:
    """The condition that picks the numbers of a selection in their group."""
    conditions = [in_bucket(query.interval, selection.bucket)]
    if selection.range is not None:
        conditions.append(f"{range_index(query.bounds)} = {selection.range}")
    return " AND ".join(conditions)


def in_bucket(interval: Interval | None, bucket: str | None) -> str:
    """The condition that picks the numbers of one bucket, or of the whole period."""
    if bucket is None:
        return "whole = 1"
    if interval is None:
        raise SelectionInvalid(path="bucket", reason="the query has no interval")
    try:
        return f"whole = 0 AND bucket = {bucket_of_label(interval, bucket)}"
    except ValueError as error:
        raise SelectionInvalid(path="bucket", reason=f"'{bucket}' is not a {interval}") from error


def _starts(ctx: ProjectContext, query: SpreadQuery) -> list[int]:
    return [] if query.interval is None else bucket_starts(ctx, query.interval, resolve(query.period, ctx))


def _spread(query: SpreadQuery, label: str | None, row: Row | None) -> Spread:
    if row is None:
        nothing = (None,) * len(query.percentiles)
        return Spread(bucket=label, percentiles=nothing, ranges=(0,) * (len(query.bounds) + 1))
    people, values, mean, minimum, maximum, percentiles, (indexes, counts) = row
    ranges = dict(zip(indexes, counts, strict=True))
    return Spread(
        bucket=label,
        people=people,
        values=values,
        mean=mean,
        minimum=minimum,
        maximum=maximum,
        percentiles=tuple(percentiles),
        ranges=tuple(ranges.get(index, 0) for index in range(len(query.bounds) + 1)),
    )
