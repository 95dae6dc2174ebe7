"""Unordered chains: distinct events for steps 1 … k inside one window, in any order.

Such events exist if and only if for every set of these steps the window has at least as many events that
match one of the set as the set has members (P. Hall, On representatives of subsets, 1935). Steps that no
event matches together need only the sets of one; others the sets within their group.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from bihuan.analytics.errors import QueryTooLarge
from bihuan.analytics.funnel.chains import INFINITY_MS, BucketOf, ChainRules, bucket_fold
from bihuan.analytics.funnel.overlap import overlapping_groups
from bihuan.analytics.funnel.query import FunnelQuery

MAX_SETS = 300


@dataclass(frozen=True)
class StepSet:
    """Some steps: as a bit mask, how many, and the first level that needs them all."""

    mask: int
    size: int
    level: int


def step_sets(query: FunnelQuery) -> list[StepSet]:
    """The sets to look at, by level; QueryTooLarge where many steps could match the same events."""
    groups = overlapping_groups([step.selector for step in query.steps])
    if (count := sum(2 ** len(group) - 1 for group in groups)) > MAX_SETS:
        raise QueryTooLarge(path="steps", numbers=count, most=MAX_SETS)
    found = [
        StepSet(sum(1 << step for step in steps), size, steps[-1] + 1)
        for group in groups
        for size in range(1, len(group) + 1)
        for steps in combinations(group, size)
    ]
    return sorted(found, key=lambda one: (one.level, one.mask))


def times_fold(rules: ChainRules, sets: list[StepSet], sequence: str) -> str:
    """SQL Tuple(level UInt8, times Array(Int64)): the highest level, and when it was first reached: the latest
    possible first event in the period and the last event.

    The state has for each set the times of its latest events, as many as the set has members, and for each
    level the time of the latest event in the period that matches one of its steps.
    """
    time = rules.packing.time("x")
    entries = [
        f"if({time} < {rules.entry_end_ms} AND {_matches_any(rules, 2**level - 1)}, {time}, acc.2[{level}])"
        for level in range(1, rules.levels + 1)
    ]
    starts = [
        f"arrayMin([entries[{level}], {', '.join(_oldest('latest', sets, level))}])"
        for level in range(1, rules.levels + 1)
    ]
    reached = f"arrayLastIndex(s -> s > 0 AND {rules.within(time, 's')}, starts)"
    best = f"if(top > acc.3, (latest, entries, toUInt8(top), [starts[top], {time}]), (latest, entries, acc.3, acc.4))"
    state = _let("top", reached, best)
    state = _let("starts", f"[{', '.join(starts)}]", state)
    state = _let("entries", f"[{', '.join(entries)}]", state)
    state = _let("latest", _pushed(rules, sets), state)
    initial = (
        f"([{', '.join(f'arrayWithConstant({one.size}, toInt64(0))' for one in sets)}], "
        f"arrayWithConstant({rules.levels}, toInt64(0)), toUInt8(0), emptyArrayInt64())"
    )
    return _let("done", f"arrayFold((acc, x) -> {state}, {sequence}, {initial})", "(done.3, done.4)")


def unordered_start_fold(rules: ChainRules, sets: list[StepSet], bucket: BucketOf, sequence: str) -> str:
    """SQL Array(Tuple(Int64, UInt8)): buckets with the highest level of chains whose first event is in them."""
    time = rules.packing.time("x")
    ends = [f"arrayMax([{', '.join(_oldest('nearest', sets, level))}])" for level in range(1, rules.levels + 1)]
    reached = f"arrayLastIndex(v -> v < {INFINITY_MS} AND {rules.within('v', time)}, [{', '.join(ends)}])"
    level = f"toUInt8({_let('nearest', _pushed(rules, sets), reached)})"
    own = f"arrayFirstIndex(b -> b, [{', '.join(rules.packing.matches('x', str(n)) for n in range(rules.levels))}])"
    enters = f"{time} < {rules.entry_end_ms} AND {own} > 0 AND {level} >= {own}"
    initial = ", ".join(f"arrayWithConstant({one.size}, toInt64({INFINITY_MS}))" for one in sets)
    return bucket_fold(
        state=_pushed(rules, sets), level=level, enters=enters, initial=f"[{initial}]", bucket=bucket, time=time,
        sequence=sequence,
    )  # fmt: skip


def _pushed(rules: ChainRules, sets: list[StepSet]) -> str:
    """For each set the times of its last events seen, this one included."""
    time = rules.packing.time("x")
    pushed = [
        f"if({_matches_any(rules, one.mask)}, arrayResize(arrayPushFront(acc.1[{n}], {time}), {one.size}), acc.1[{n}])"
        for n, one in enumerate(sets, 1)
    ]
    return f"[{', '.join(pushed)}]"


def _oldest(name: str, sets: list[StepSet], level: int) -> list[str]:
    return [f"{name}[{n}][-1]" for n, one in enumerate(sets, 1) if one.level <= level]


def _let(name: str, value: str, body: str) -> str:
    """``body`` with ``name`` for ``value``, which is written once."""
    return f"arrayMap({name} -> {body}, [{value}])[1]"


def _matches_any(rules: ChainRules, mask: int) -> str:
    steps = [level for level in range(rules.levels) if mask >> level & 1]
    return "(" + " OR ".join(rules.packing.matches("x", str(level)) for level in steps) + ")"
