"""Unordered chains: distinct events for steps 1 … k inside one window, in any order.

Such events exist if and only if for every set of these steps the window has at least as many events that
match one of the set as the set has members (P. Hall, On representatives of subsets, 1935). Steps that no
event matches together need only the sets of one; others the sets within their group.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from bihuan.analytics.errors import QueryTooLarge
from bihuan.analytics.funnel.chains import (
    NO_CHANGE,
    NONE,
    BucketOf,
    ChainRules,
    Passes,
    bucket_passes,
    carried,
    carried_back,
    shifted,
)
from bihuan.analytics.funnel.query import FunnelQuery
from bihuan.analytics.query.overlap import overlapping_groups

MAX_SETS = 64


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


def unordered_passes(rules: ChainRules, sets: list[StepSet]) -> Passes:
    """``level`` and ``times``: when it was first reached, as its latest first event and its last one.

    ``a{set}_{j}`` has at every place the time of the j-th latest event that matches the set, ``n{k}`` of the
    latest in the period that matches one of the steps to k, ``st{k}`` of the latest start of a chain of
    k steps.
    """
    passes = _nearest(rules, sets, backward=False)
    entries = {f"n{level}": _entry(rules, level) for level in range(1, rules.levels + 1)}
    passes.append(entries)
    for level in range(1, rules.levels + 1):
        names = [f"a{number}_{one.size}" for number, one in enumerate(sets) if one.level == level]
        names += [f"m{level - 1}"] if level > 1 else []
        passes.append({f"m{level}": _combined("least", names)})
    passes.append(
        {
            f"st{level}": f"arrayMap((m, n) -> least(m, n), m{level}, n{level})"
            for level in range(1, rules.levels + 1)
        }
    )
    starts = [f"s{level}" for level in range(1, rules.levels + 1)]
    tests = ", ".join(
        f"s{level} > 0 AND {rules.within(rules.time, f's{level}')}, {level}"
        for level in range(rules.levels, 0, -1)
    )
    arrays = ", ".join(f"st{level}" for level in range(1, rules.levels + 1))
    passes.append(
        {"done": f"arrayMap((x, {', '.join(starts)}) -> toUInt8(multiIf({tests}, 0)), sequence, {arrays})"}
    )
    passes.append({"level": "arrayMax(done)"})
    passes.append({"first": rules.packing.time("sequence[indexOf(done, level)]")})
    # Of the events at that time the last one knows the latest start.
    latest = f"arrayLastIndex((x, d) -> d = level AND {rules.time} = first, sequence, done)"
    passes.append({"place": latest})
    began = ", ".join(f"st{level}[place]" for level in range(1, rules.levels + 1))
    times = f"[[{began}][level], first]"
    return [*passes, {"times": f"if(level = 0, emptyArrayInt64(), {times})"}]


def unordered_start_passes(rules: ChainRules, sets: list[StepSet], bucket: BucketOf) -> Passes:
    """``starts`` and ``level``, as in ``start_passes``: each event as the first of a chain."""
    passes = _nearest(rules, sets, backward=True)
    for level in range(1, rules.levels + 1):
        names = [f"a{number}_{one.size}" for number, one in enumerate(sets) if one.level == level]
        names += [f"m{level - 1}"] if level > 1 else []
        passes.append({f"m{level}": _combined("greatest", names)})
    ends = [f"e{level}" for level in range(1, rules.levels + 1)]
    tests = ", ".join(
        f"e{level} > 0 AND {rules.within(f'e{level}', rules.time)} AND "
        f"{_matches_any(rules, 2**level - 1)}, {level}"
        for level in range(rules.levels, 0, -1)
    )
    best = f"if({rules.time} < {rules.entry_end_ms}, toUInt8(multiIf({tests}, 0)), toUInt8(0))"
    arrays = ", ".join(f"m{level}" for level in range(1, rules.levels + 1))
    begun = f"arrayMap((x, {', '.join(ends)}) -> {best}, sequence, {arrays})"
    return [*passes, {"begun": begun}, *bucket_passes(rules, bucket)]


def _nearest(rules: ChainRules, sets: list[StepSet], *, backward: bool) -> Passes:
    """The times of the j latest (backward: next) events of each set, this place included."""
    carry = carried_back if backward else carried
    passes: Passes = []
    for rank in range(1, max(one.size for one in sets) + 1):
        columns = {}
        for number, one in enumerate(sets):
            if one.size >= rank:
                matches = _matches_any(rules, one.mask)
                marks = f"arrayMap(x -> if({matches}, {rules.time}, {NO_CHANGE}), sequence)"
                if rank > 1:
                    before = f"a{number}_{rank - 1}"
                    before = (
                        f"arrayPushBack(arrayPopFront({before}), {NONE})" if backward else shifted(before)
                    )
                    marks = f"arrayMap((x, p) -> if({matches}, p, {NO_CHANGE}), sequence, {before})"
                columns[f"a{number}_{rank}"] = carry(marks)
        passes.append(columns)
    return passes


def _entry(rules: ChainRules, level: int) -> str:
    counts = f"{rules.time} < {rules.entry_end_ms} AND {_matches_any(rules, 2**level - 1)}"
    return carried(f"arrayMap(x -> if({counts}, {rules.time}, {NO_CHANGE}), sequence)")


def _combined(function: str, arrays: list[str]) -> str:
    """The least or greatest of several arrays place by place; not positive where one of them is not."""
    if len(arrays) == 1:
        return arrays[0]
    names = [f"v{number}" for number in range(len(arrays))]
    value = f"{function}({', '.join(names)})"
    if function == "greatest":
        value = f"if(least({', '.join(names)}) > 0, {value}, {NONE})"
    return f"arrayMap(({', '.join(names)}) -> {value}, {', '.join(arrays)})"


def _matches_any(rules: ChainRules, mask: int) -> str:
    steps = [level for level in range(rules.levels) if mask >> level & 1]
    return "(" + " OR ".join(rules.packing.matches("x", level) for level in steps) + ")"
