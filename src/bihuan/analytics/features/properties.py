"""What properties of people were as of past days, from the log of what was said of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bihuan.analytics.calendar import day_start_ms
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.features.sql import EPOCH
from bihuan.analytics.query.properties import PropertyRef
from bihuan.analytics.sql import in_sample_sql
from bihuan.warehouse.assignments import owners_sql
from bihuan.warehouse.sql import literal, time_ms

# What a change does to a property; what is added to is no text any more.
_SET, _SET_ONCE, _REMOVE, _ADD = 1, 2, 3, 4


def properties_sql(
    ctx: ProjectContext,
    properties: Sequence[PropertyRef],
    cutoffs: Sequence[date],
    *,
    sample: float | None = None,
) -> str:
    """SELECT of ``person, cutoff`` (days since 1970) and the properties as texts ``t0``, ``t1``, …

    '' is absent. As of the beginning of each cut-off's day, from changes with an earlier time: those that set
    a property, set it once or unset it. One that was added to (increment, append, union) is
    absent until it is set anew, as are lists and objects. Those of whom nothing was said are not there.
    """
    table = ctx.table("profile_changes")
    last_ms = day_start_ms(max(cutoffs), ctx.zone)
    until = f"time < {time_ms(last_ms)}"
    owners = owners_sql(ctx.table, f"SELECT DISTINCT distinct_key AS person_id FROM {table} WHERE {until}")
    few = "" if sample is None else f"\nWHERE {in_sample_sql('o.person', sample)}"
    columns = ", ".join(f"{_change(ref.name)} AS c{index}" for index, ref in enumerate(properties))
    said = (
        f"SELECT o.person AS person, c.time AS time, c.change_id AS change_id, {columns}\n"
        f"FROM (SELECT * FROM {table} FINAL WHERE {until}) AS c\n"
        f"INNER JOIN ({owners}) AS o ON o.person_id = c.distinct_key{few}"
    )
    starts = [f"({(each - EPOCH).days}, {time_ms(day_start_ms(each, ctx.zone))})" for each in cutoffs]
    names = ", ".join(f"c{index}" for index in range(len(properties)))
    seen = (
        f"SELECT person, cut.1 AS cutoff, time, change_id, {names}\nFROM (\n{said}\n)\n"
        f"ARRAY JOIN [{', '.join(starts)}] AS cut\nWHERE time < cut.2"
    )
    folded = ", ".join(f"{_folded(f'c{index}')} AS t{index}" for index in range(len(properties)))
    return f"SELECT person, toInt32(cutoff) AS cutoff, {folded}\nFROM (\n{seen}\n)\nGROUP BY person, cutoff"


def _change(name: str) -> str:
    """SQL Tuple(UInt8, String): what a change does to a property, and the text that it gives; 0: nothing."""
    paths = [literal(name)]
    if "." in name:
        paths.append(", ".join(literal(part) for part in name.split(".")))
    raw, text = "''", "''"
    for path in reversed(paths):
        has = f"JSONHas(c.values, {path})"
        raw = f"if({has}, JSONExtractRaw(c.values, {path}), {raw})"
        text = f"if({has}, JSONExtractString(c.values, {path}), {text})"
    does = (
        f"multiIf(c.operation = 'delete', {_REMOVE}, {raw} = '', 0, c.operation = 'unset', {_REMOVE}, "
        f"c.operation = 'set', if({raw} = 'null', {_REMOVE}, {_SET}), {raw} = 'null', 0, "
        f"c.operation = 'set_once', {_SET_ONCE}, {_ADD})"
    )
    value = f"multiIf(startsWith({raw}, '\"'), {text}, match({raw}, '^[\\\\[{{]'), '', {raw})"
    return f"(toUInt8({does}), {value})"


def _folded(change: str) -> str:
    """SQL String: the value after all changes of a person, in order; beside it whether there is any."""
    in_order = f"arraySort(groupArrayIf((time, toString(change_id), {change}), {change}.1 != 0))"
    step = (
        f"multiIf(x.3.1 = {_SET}, (toUInt8(1), x.3.2), x.3.1 = {_REMOVE}, (toUInt8(0), ''), "
        f"x.3.1 = {_ADD}, (toUInt8(1), ''), a.1 = 1, a, (toUInt8(1), x.3.2))"
    )
    return f"arrayFold((a, x) -> {step}, {in_order}, (toUInt8(0), '')).2"
