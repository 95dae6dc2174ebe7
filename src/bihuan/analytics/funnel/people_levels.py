"""One row for each person (and segment): how far they got, and what else the query asks of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.funnel.chains import (
    ChainRules,
    Passes,
    chain_rules,
    level_passes,
    nested,
    start_passes,
    time_passes,
)
from bihuan.analytics.funnel.disjoint import DisjointChains
from bihuan.analytics.funnel.query import FunnelQuery
from bihuan.analytics.funnel.rows import MISSING_KEY, funnel_rows, reading_range, rows_sql
from bihuan.analytics.funnel.segments import code_of, code_of_touch, touch_aggregate, touch_merge
from bihuan.analytics.funnel.unordered import step_sets, unordered_passes, unordered_start_passes
from bihuan.analytics.query.overlap import overlapping_groups
from bihuan.analytics.sql import bucket


@dataclass(frozen=True)
class _Unit:
    """What one evaluation is of: a person, or a part of a person's events."""

    parts: tuple[str, ...]
    touch: str


def people_levels(ctx: ProjectContext, query: FunnelQuery) -> str:
    """SELECT of person, code, level, and optional (bits), times, starts where the query needs them.

    ``times`` are those of the person's best chain (unordered: of its first and last event); ``starts`` are
    (bucket, level) of chains begun in each bucket. With touch ``every`` a person has a row for each code.
    """
    breakdown = query.breakdown
    every = breakdown is not None and breakdown.touch == "every"
    parts = (*(["held"] if query.hold is not None else []), *(["b"] if every else []))
    touch = "" if breakdown is None or every else touch_aggregate(query, breakdown)
    unit = _Unit(parts, touch)
    units = (_disjoint_units if has_disjoint_chains(query) else _chain_units)(ctx, query, unit)
    merged = bool(parts) or query.window_from == "session" or query.over_time is not None
    if breakdown is None:
        code = "0"
    elif every:
        code = code_of("b")
    else:
        code = code_of_touch(breakdown, touch_merge(breakdown, "unit.touch") if merged else "touch")
    if not merged:
        return (
            f"SELECT person, {code} AS code, {', '.join(_figures(query))} FROM (\n{units}\n) WHERE level > 0"
        )
    by = "person, code" if every else "person"
    columns = ", ".join(f"{aggregate} AS {name}" for name, aggregate in _merged_figures(query).items())
    inner = f"SELECT *, {code} AS code FROM (\n{units}\n)" if every else units
    shown = "code" if every else f"{code} AS code"
    return f"SELECT person, {shown}, {columns} FROM (\n{inner}\n) AS unit GROUP BY {by} HAVING level > 0"


def has_disjoint_chains(query: FunnelQuery) -> bool:
    """Whether ``DisjointChains`` computes what the query asks."""
    extras = query.exclusions or query.over_time or len(query.required) < len(query.steps)
    if extras or query.order == "unordered" or query.window_from != "first_step":
        return False
    if query.order == "strict" and query.conversion_time is not None:
        return False
    return len(overlapping_groups([step.selector for step in query.steps])) == len(query.steps)


def _disjoint_units(ctx: ProjectContext, query: FunnelQuery, unit: _Unit) -> str:
    period, _ = reading_range(ctx, query)
    breakdown = query.breakdown if unit.touch else None
    chains = DisjointChains(
        levels=len(query.steps),
        entry_end_ms=period.end_ms,
        window_ms=query.window.milliseconds,
        strict=query.order == "strict",
        has_code=breakdown is not None,
    )
    source = funnel_rows(ctx, query, code=code_of("b") if unit.touch else None)
    source.column("item", chains.packed(source, [step.selector for step in query.steps]))
    keys = ", ".join(["person", *unit.parts])
    events = (
        f"SELECT {keys}, {chains.in_order('groupArray(item)')} AS events FROM (\n"
        f"{rows_sql(ctx, query, source)}\n) GROUP BY {keys}"
    )
    passes = chains.time_passes() if query.conversion_time is not None else chains.level_passes()
    if breakdown is not None:
        passes += chains.touch_passes(breakdown)
    shown = ", ".join(["person", *unit.parts, *(["touch"] if unit.touch else []), *_figures(query)])
    return f"SELECT {shown} FROM (\n{nested(events, passes)}\n)"


def _chain_units(ctx: ProjectContext, query: FunnelQuery, unit: _Unit) -> str:
    period, _ = reading_range(ctx, query)
    rules = chain_rules(query, period.end_ms)
    chains = nested(_sequences(ctx, query, unit, rules), _passes(ctx, query, rules))
    shown = ", ".join(["person", *unit.parts, *(["touch"] if unit.touch else []), *_figures(query)])
    return f"SELECT {shown} FROM (\n{chains}\n)"


def _sequences(ctx: ProjectContext, query: FunnelQuery, unit: _Unit, rules: ChainRules) -> str:
    """SELECT of person, parts, touch and ``sequence``: the packed events in order."""
    pack = rules.packing
    rows = rows_sql(ctx, query, funnel_rows(ctx, query, code=code_of("b") if unit.touch else None))
    touch = f", {unit.touch} AS touch" if unit.touch else ""
    keep = ", touch" if unit.touch else ""
    keys = ", ".join(["person", *unit.parts])
    item = pack.packed("ms")
    if query.window_from != "session":
        events = f"arraySort(groupArray({item})) AS sequence"
        return f"SELECT {keys}{touch}, {events} FROM (\n{rows}\n) GROUP BY {keys}"
    gap_ms = ctx.session_gap_seconds * 1000
    if not unit.parts:
        pauses = f"arrayMap(d -> d > {gap_ms}, arrayDifference(arrayMap(x -> {pack.time('x')}, events)))"
        events = (
            f"SELECT person{touch}, arraySort(groupArray({item})) AS events FROM (\n{rows}\n) GROUP BY person"
        )
        session = f"arrayJoin(arraySplit((x, p) -> p, events, {pauses})) AS sequence"
        return f"SELECT person{keep}, {session} FROM (\n{events}\n)"
    part = f"({', '.join(unit.parts)},)"
    events = f"arraySort(groupArray(({item}, {part}))) AS events"
    events = f"SELECT person{touch}, {events} FROM (\n{rows}\n) GROUP BY person"
    pauses = f"arrayMap(d -> d > {gap_ms}, arrayDifference(arrayMap(x -> {pack.time('x.1')}, events)))"
    session = f"arrayJoin(arraySplit((x, p) -> p, events, {pauses})) AS session"
    sessions = f"SELECT person{keep}, {session} FROM (\n{events}\n)"
    parts = "arrayJoin(arrayDistinct(arrayMap(x -> x.2, session))) AS part"
    split = f"SELECT person{keep}, session, {parts} FROM (\n{sessions}\n)"
    named = ", ".join(f"part.{number} AS {name}" for number, name in enumerate(unit.parts, 1))
    missing = f" WHERE held != '{MISSING_KEY}'" if "held" in unit.parts else ""
    own = "arrayMap(x -> x.1, arrayFilter(x -> x.2 = part, session))"
    return f"SELECT person{keep}, {named}, {own} AS sequence FROM (\n{split}\n){missing}"


def _passes(ctx: ProjectContext, query: FunnelQuery, rules: ChainRules) -> Passes:
    of = partial(_bucket, ctx, query)
    if query.order == "unordered":
        sets = step_sets(query)
        return (
            unordered_passes(rules, sets)
            if query.over_time is None
            else unordered_start_passes(rules, sets, of)
        )
    after = tuple(sum(step < index for step in query.required) for index in rules.packing.optional)
    if query.over_time is not None:
        passes = start_passes(rules, of)
        if after:
            reached = level_passes(rules, after)
            passes += [*reached[:-1], {"optional": reached[-1]["optional"]}]
        return passes
    return level_passes(rules, after) + (time_passes(rules) if query.conversion_time is not None else [])


def _bucket(ctx: ProjectContext, query: FunnelQuery, milliseconds: str) -> str:
    return bucket(ctx, query.over_time or "day", f"fromUnixTimestamp64Milli({milliseconds}, 'UTC')")


def _figures(query: FunnelQuery) -> list[str]:
    names = ["level"]
    if len(query.required) < len(query.steps):
        names.append("optional")
    if query.conversion_time is not None:
        names.append("times")
    if query.over_time is not None:
        names.append("starts")
    return names


def _merged_figures(query: FunnelQuery) -> dict[str, str]:
    """The figures of a person from those of the person's parts: the best of each.

    Of two chains that are equally long, the one that was complete first counts, then the one begun last.
    """
    best = "max((unit.level, if(empty(unit.times), 0, -unit.times[-1]), unit.times))"
    by_bucket = "maxMap(arrayMap(s -> s.1, unit.starts), arrayMap(s -> s.2, unit.starts))"
    aggregates = {
        "optional": "groupBitOr(unit.optional)",
        "times": f"{best}.3",
        "starts": f"arrayZip(({by_bucket} AS best).1, best.2)",
    }
    return {"level": "max(unit.level)"} | {
        name: aggregates[name] for name in _figures(query) if name != "level"
    }
