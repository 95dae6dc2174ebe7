"""The SQL of intervals.

Each person's events are numbered by how many ends there were up to and including them. A start belongs
to the stretch with its number, an end closes the stretch before its number; a stretch with both is an
interval.
"""

from __future__ import annotations

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.intervals.query import IntervalsQuery, IntervalsSelection
from bihuan.analytics.query import resolve
from bihuan.analytics.spread import numbers_condition, range_index, spread_sql
from bihuan.analytics.sql import bucket, events_source


def intervals_sql(ctx: ProjectContext, query: IntervalsQuery) -> str:
    """The statement; numbers are seconds."""
    return spread_sql(_numbers(ctx, query), query.bounds, query.percentiles)


def people_sql(ctx: ProjectContext, query: IntervalsQuery, selection: IntervalsSelection) -> str:
    """The people with such an interval."""
    conditions = [numbers_condition(query.interval, selection.bucket)]
    if selection.range is not None:
        conditions.append(f"{range_index(query.bounds)} = {selection.range}")
    return f"SELECT DISTINCT person FROM (\n{_numbers(ctx, query)}\n)\nWHERE {' AND '.join(conditions)}"


def _numbers(ctx: ProjectContext, query: IntervalsQuery) -> str:
    most = "" if query.most_seconds is None else f"\nWHERE value <= {query.most_seconds!r}"
    seconds = "(toUnixTimestamp64Milli(end_time) - toUnixTimestamp64Milli(start_time)) / 1000 AS value"
    if query.interval is None:
        return f"SELECT person, 1 AS whole, 0 AS bucket, {seconds}\nFROM (\n{_stretches(ctx, query)}\n){most}"
    name = bucket(ctx, query.interval, "start_time")
    return (
        f"SELECT person, arrayJoin([0, 1]) AS whole, if(whole = 1, 0, {name}) AS bucket, {seconds}\n"
        f"FROM (\n{_stretches(ctx, query)}\n){most}"
    )


def _stretches(ctx: ProjectContext, query: IntervalsQuery) -> str:
    chosen = "max" if query.counted_from == "last" else "min"
    return (
        f"SELECT person, {chosen}If(time, role = 0) AS start_time, maxIf(time, role = 1) AS end_time\n"
        f"FROM (\n{_roles(ctx, query)}\n)\nGROUP BY person, stretch\n"
        "HAVING countIf(role = 0) > 0 AND countIf(role = 1) > 0"
    )


def _roles(ctx: ProjectContext, query: IntervalsQuery) -> str:
    source = events_source(
        ctx,
        selectors=[query.start, query.end],
        period=resolve(query.period, ctx),
        filters=[query.filter],
        sample=query.sample,
    )
    source.column("event_id", "e.event_id")
    source.column("is_start", source.is_one_of(query.start)).column("is_end", source.is_one_of(query.end))
    numbered = (
        "SELECT person, time, is_start, is_end, toInt64(sum(toUInt8(is_end)) OVER (PARTITION BY person "
        "ORDER BY time, event_id ROWS UNBOUNDED PRECEDING)) AS ends\n"
        f"FROM (\n{source.sql()}\n)"
    )
    roles = "arrayConcat(if(is_start, [0], []), if(is_end, [1], []))"
    columns = "person, time, ends - role AS stretch, role"
    return f"SELECT {columns}\nFROM (\n{numbered}\n)\nARRAY JOIN {roles} AS role"
