"""The SQL of intervals.

Each person's events are numbered by how many ends there were up to and including them. A start belongs
to the stretch with its number, an end closes the stretch before its number; a stretch with both is an
interval.
"""

from __future__ import annotations

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.intervals.query import IntervalsQuery, IntervalsSelection
from bihuan.analytics.query import resolve
from bihuan.analytics.spread import numbers_condition, spread_sql
from bihuan.analytics.sql import add_breakdowns, bucket, events_source
from bihuan.analytics.sql.breakdowns import value_names
from bihuan.analytics.sql.groups import also, grouped_rows, in_group, kept_sql


def intervals_sql(ctx: ProjectContext, query: IntervalsQuery) -> str:
    """The statement; numbers are seconds."""
    numbers = _numbers(ctx, query)
    kept = kept_sql(numbers, query.breakdowns)
    return kept + spread_sql(ctx, query, grouped_rows(numbers, query.breakdowns))


def people_sql(ctx: ProjectContext, query: IntervalsQuery, selection: IntervalsSelection) -> str:
    """The people with such an interval."""
    numbers = _numbers(ctx, query)
    kept = kept_sql(numbers, query.breakdowns)
    chosen = [numbers_condition(query, selection), *in_group(query.breakdowns, selection.breakdown)]
    rows = grouped_rows(numbers, query.breakdowns)
    return f"{kept}SELECT DISTINCT person FROM (\n{rows}\n)\nWHERE {' AND '.join(chosen)}"


def _numbers(ctx: ProjectContext, query: IntervalsQuery) -> str:
    most = "" if query.most_seconds is None else f"\nWHERE value <= {query.most_seconds!r}"
    seconds = "(toUnixTimestamp64Milli(end_time) - toUnixTimestamp64Milli(start_time)) / 1000 AS value"
    columns = f"{seconds}{also(value_names(query.breakdowns))}\nFROM (\n{_stretches(ctx, query)}\n){most}"
    if query.interval is None:
        return f"SELECT person, 1 AS whole, 0 AS bucket, {columns}"
    name = bucket(ctx, query.interval, "start_time")
    return f"SELECT person, arrayJoin([0, 1]) AS whole, if(whole = 1, 0, {name}) AS bucket, {columns}"


def _stretches(ctx: ProjectContext, query: IntervalsQuery) -> str:
    chosen = "max" if query.counted_from == "last" else "min"
    first = f"arg{chosen.capitalize()}If"
    at_start = also(
        [f"{first}({key}, (time, event_id), role = 0) AS {key}" for key in value_names(query.breakdowns)]
    )
    times = f"{chosen}If(time, role = 0) AS start_time, maxIf(time, role = 1) AS end_time"
    return (
        f"SELECT person, {times}{at_start}\n"
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
    values = add_breakdowns(source, query.breakdowns)
    # Which event an interval is counted from has to be known only for its values.
    kept = also(["event_id", *values]) if values else ""
    numbered = (
        f"SELECT person, time, is_start, is_end{kept}, "
        "toInt64(sum(toUInt8(is_end)) OVER (PARTITION BY person "
        "ORDER BY time, event_id ROWS UNBOUNDED PRECEDING)) AS ends\n"
        f"FROM (\n{source.sql()}\n)"
    )
    roles = "arrayConcat(if(is_start, [0], []), if(is_end, [1], []))"
    columns = f"person, time, ends - role AS stretch, role{kept}"
    return f"SELECT {columns}\nFROM (\n{numbered}\n)\nARRAY JOIN {roles} AS role"
