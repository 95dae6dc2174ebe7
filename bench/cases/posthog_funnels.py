"""Funnels in the style of PostHog's generator: the earliest later time of each step by window functions.

For each event, ``latest_k`` is the earliest time of step k at or after it; each level of nesting takes those
out that lie before the step before them. Written for this benchmark from that description.
"""

from __future__ import annotations

from collections.abc import Sequence

from bench.stores import POSTHOG_TABLE

WINDOW = "toIntervalDay(7)"


def text_property(name: str) -> str:
    """A property of the JSON text, as PostHog reads one that has no column of its own."""
    raw = f"JSONExtractRaw(properties, '{name}')"
    return f"replaceRegexpAll(nullIf(nullIf({raw}, ''), 'null'), '^\"|\"$', '')"


def funnel_sql(steps: Sequence[str], *, strict: bool = False, prop: str | None = None) -> str:
    """People by the step they got to (1 …), and by first-touch ``prop`` if given."""
    groups = ", prop" if prop else ""
    counts = ", ".join(f"countIf(steps >= {number})" for number in range(1, len(steps) + 1))
    return f"SELECT {counts}{groups} FROM (\n{person_steps(steps, strict=strict, prop=prop)}\n)" + (
        " GROUP BY prop" if prop else ""
    )


def time_sql(steps: Sequence[str]) -> str:
    """People who converted, and the mean seconds from step to step and in all."""
    last = len(steps)
    means = ", ".join(f"avg(conversion_{number})" for number in range(1, last))
    return (
        f"SELECT count(), {means}, median(conversion) FROM "
        f"(\n{person_steps(steps, times=True)}\n) WHERE steps = {last}"
    )


def person_steps(
    steps: Sequence[str], *, strict: bool = False, prop: str | None = None, times: bool = False
) -> str:
    """One row for each person: ``steps``, and ``prop`` or conversion times."""
    last = len(steps)
    keep = ["prop"] if prop else []
    rows = _events(steps, strict=strict, prop=prop)
    for level in range(1, last):
        rows = _windowed(rows, steps, level, strict=strict, keep=keep)
        if level + 1 < last:
            rows = _ordered(rows, steps, level, keep=keep)
    conversions = _conversions(last) if times else []
    scored = ", ".join(["*", f"{_steps(last)} AS steps", *conversions])
    inner = f"SELECT {scored} FROM (\n{rows}\n) WHERE step_0 = 1"
    best = f"SELECT *, max(steps) OVER (PARTITION BY person) AS max_steps FROM (\n{inner}\n)"
    averages = (
        [f"avg(conversion_{number}_s) AS conversion_{number}" for number in range(1, last)] if times else []
    )
    shown = ", ".join(
        ["person", "steps", *averages, *(["avg(conversion_s) AS conversion"] if times else []), *keep]
    )
    return (
        f"SELECT {shown} FROM (\n{best}\n) GROUP BY {', '.join(['person', 'steps', *keep])} "
        f"HAVING steps = max(max_steps)"
    )


def _events(steps: Sequence[str], *, strict: bool, prop: str | None) -> str:
    columns = ["person_id AS person", "timestamp"]
    for number, step in enumerate(steps):
        columns += [
            f"if(event = '{step}', 1, 0) AS step_{number}",
            f"if(step_{number} = 1, timestamp, NULL) AS latest_{number}",
        ]
    # A strict funnel needs every event in between.
    where = "" if strict else f" WHERE event IN ({', '.join(map(repr, steps))})"
    if prop is None:
        return f"SELECT {', '.join(columns)} FROM {POSTHOG_TABLE}{where}"
    columns.append(f"{text_property(prop)} AS prop_basic")
    matched = " OR ".join(f"step_{number} = 1" for number in range(len(steps)))
    first = f"argMinIf(prop_basic, timestamp, {matched}) OVER (PARTITION BY person)"
    return f"SELECT *, {first} AS prop FROM (SELECT {', '.join(columns)} FROM {POSTHOG_TABLE}{where})"


def _windowed(rows: str, steps: Sequence[str], level: int, *, strict: bool, keep: Sequence[str]) -> str:
    columns = ["person", "timestamp", *keep]
    for number in range(len(steps)):
        columns.append(f"step_{number}")
        if number < level:
            columns.append(f"latest_{number}")
            continue
        frame = f"{number} PRECEDING AND {number}" if strict else "UNBOUNDED PRECEDING AND 0"
        if strict and level > 1:
            columns.append(f"latest_{number}")
        else:
            columns.append(
                f"min(latest_{number}) OVER (PARTITION BY person ORDER BY timestamp DESC ROWS "
                f"BETWEEN {frame} PRECEDING) "
                f"AS latest_{number}"
            )
    return f"SELECT {', '.join(columns)} FROM (\n{rows}\n)"


def _ordered(rows: str, steps: Sequence[str], level: int, *, keep: Sequence[str]) -> str:
    columns = ["person", "timestamp", *keep]
    for number in range(len(steps)):
        latest = f"latest_{number}"
        before = f"if({latest} < latest_{level}, NULL, {latest}) AS {latest}"
        columns += [f"step_{number}", before if number > level else latest]
    return f"SELECT {', '.join(columns)} FROM (\n{rows}\n)"


def _steps(last: int) -> str:
    sql = "1"
    for reached in range(2, last + 1):
        chain = " AND ".join(
            f"latest_{number - 1} <= latest_{number} AND latest_{number} <= latest_0 + {WINDOW}"
            for number in range(1, reached)
        )
        sql = f"if({chain}, {reached}, {sql})"
    return sql


def _conversions(last: int) -> list[str]:
    def seconds(start: int, end: int, name: str) -> str:
        within = f"isNotNull(latest_{end}) AND latest_{end} <= latest_{start} + {WINDOW}"
        return f"if({within}, dateDiff('second', latest_{start}, latest_{end}), NULL) AS {name}"

    pairs = [seconds(number - 1, number, f"conversion_{number}_s") for number in range(1, last)]
    return [*pairs, seconds(0, last - 1, "conversion_s")]
