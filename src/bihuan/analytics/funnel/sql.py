"""The one statement of a funnel, and the SELECT of the people behind a number.

Columns of the result: is_overall, key (of the segment), is_total, bucket, reached (people at each required
step), optional (at each optional step), times (see ``conversion_time``).
"""

from __future__ import annotations

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.errors import SelectionInvalid
from bihuan.analytics.funnel.conversion_time import bin_of, bin_starts_ms, spans, time_figures
from bihuan.analytics.funnel.people_levels import people_levels
from bihuan.analytics.funnel.query import FunnelQuery, FunnelSelection
from bihuan.analytics.funnel.segments import kept_keys, key_of_code
from bihuan.analytics.sql import bucket_of_label, key_of
from bihuan.warehouse.sql import literal


def funnel_sql(ctx: ProjectContext, query: FunnelQuery) -> str:
    """The statement."""
    people = people_levels(ctx, query)
    grouping = ["code"] if query.breakdown is not None else []
    total, name = "1", "toInt64(0)"
    if query.over_time is not None:
        people = (
            "SELECT code, start.1 AS is_total, start.2 AS bucket, start.3 AS level, optional FROM (\n"
            f"SELECT code, {'optional' if _optionals(query) else '0 AS optional'}, arrayJoin(arrayPushBack("
            f"arrayMap(s -> (toUInt8(0), s.1, s.2), starts), (toUInt8(1), toInt64(0), level))) AS start "
            f"FROM (\n"
            f"{people}\n))"
        )
        total, name = "is_total", "bucket"
    keys = [*grouping, *(["is_total", "bucket"] if query.over_time is not None else [])]
    reached = ", ".join(f"countIf(level >= {level})" for level in range(1, len(query.required) + 1))
    optional = ", ".join(f"countIf(bitTest(optional, {number}))" for number in range(_optionals(query)))
    times = time_figures(query, query.conversion_time) if query.conversion_time is not None else "[]"
    overall = "grouping(code)" if grouping and not _is_every(query) else "0" if grouping else "1"
    key = key_of_code("code") if grouping else "''"
    return (
        f"{kept_keys(ctx, query)}SELECT {overall} AS is_overall, {key} AS key, "
        f"{total} AS is_total, {name} AS bucket, "
        f"[{reached}] AS reached, [{optional}] AS optional, {times} AS times\nFROM (\n{people}\n)"
        f"{_group_by(query, keys)}"
    )


def people_sql(ctx: ProjectContext, query: FunnelQuery, selection: FunnelSelection) -> str:
    """The people behind one number."""
    conditions = [_outcome(query, selection)]
    if selection.breakdown is not None:
        if query.breakdown is None:
            raise SelectionInvalid(path="breakdown", reason="the query has no breakdown")
        conditions.append(f"{key_of_code('code')} = {literal(key_of(selection.breakdown))}")
    if selection.bin is not None:
        conditions.append(_in_bin(query, selection))
    people = people_levels(ctx, query)
    if selection.bucket is not None:
        begun = f"ARRAY JOIN starts AS start WHERE start.1 = {_bucket_name(query, selection.bucket)}"
        people = f"SELECT person, code, start.2 AS level FROM (\n{people}\n) {begun}"
    tops = kept_keys(ctx, query)
    return f"{tops}SELECT DISTINCT person FROM (\n{people}\n)\nWHERE {' AND '.join(conditions)}"


def _outcome(query: FunnelQuery, selection: FunnelSelection) -> str:
    index = selection.step - 1
    if index >= len(query.steps):
        raise SelectionInvalid(path="step", reason=f"there is no step {selection.step}")
    before = sum(step < index for step in query.required)
    if query.steps[index].optional:
        if selection.bucket is not None or selection.bin is not None:
            raise SelectionInvalid(
                path="step", reason="an optional step is counted over the whole period only"
            )
        number = index - before
        reached = f"bitTest(optional, {number})"
        return reached if selection.outcome == "reached" else f"level >= {before} AND NOT {reached}"
    if selection.outcome == "reached":
        return f"level >= {before + 1}"
    if before == 0:
        raise SelectionInvalid(path="outcome", reason="nobody is dropped before the first step")
    return f"level = {before}"


def _in_bin(query: FunnelQuery, selection: FunnelSelection) -> str:
    wanted = query.conversion_time
    if wanted is None or selection.bin is None or selection.bin >= len(bin_starts_ms(query, wanted)):
        raise SelectionInvalid(path="bin", reason="the query has no such bin")
    level = sum(step < selection.step for step in query.required)
    span = (level - 1 if selection.from_previous else 1, level)
    if selection.outcome != "reached" or span not in spans(query):
        raise SelectionInvalid(path="bin", reason="no time is measured to that step")
    return f"{bin_of(query, wanted, span)} = {selection.bin}"


def _bucket_name(query: FunnelQuery, label: str) -> int:
    if query.over_time is None:
        raise SelectionInvalid(path="bucket", reason="the query is not over time")
    try:
        return bucket_of_label(query.over_time, label)
    except ValueError as error:
        raise SelectionInvalid(path="bucket", reason=f"'{label}' is not a {query.over_time}") from error


def _group_by(query: FunnelQuery, keys: list[str]) -> str:
    if not keys:
        return ""
    if query.breakdown is None or _is_every(query):
        return f" GROUP BY {', '.join(keys)}"
    return f" GROUP BY GROUPING SETS (({', '.join(keys)}), ({', '.join(keys[1:])}))"


def _optionals(query: FunnelQuery) -> int:
    return len(query.steps) - len(query.required)


def _is_every(query: FunnelQuery) -> bool:
    return query.breakdown is not None and query.breakdown.touch == "every"
