"""Ordered and strict chains, as passes over each person's packed events in order.

For each level k (steps done) a pass marks the events that can be a chain's k-th, and keeps at every place the
chain of level k that is the latest in all its events: any event that extends another chain of that level
extends it as well. In a pass a positive number is a new chain, 0 is none any more, -1 is no change; the
engine's ``arrayFill`` carries them on. Passes over arrays are vectorised; ``arrayFold`` with the same state
took five times as long.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bihuan.analytics.funnel.packing import Packing, packing_of
from bihuan.analytics.funnel.query import FunnelQuery

# SQL of an instant in Unix milliseconds to SQL of its bucket.
BucketOf = Callable[[str], str]
# Columns to add, each group over those before.
Passes = list[dict[str, str]]

NO_CHANGE = "toInt64(-1)"
NONE = "toInt64(0)"


@dataclass(frozen=True)
class ChainRules:
    """What the passes need of a query.

    ``window_ms`` None: no limit (the sequence is one session). ``spans``: exclusions as levels (after,
    before).
    """

    packing: Packing
    levels: int
    entry_end_ms: int
    window_ms: int | None
    from_previous: bool
    strict: bool
    spans: tuple[tuple[int, int], ...]

    @property
    def time(self) -> str:
        """The time of the event ``x``."""
        return self.packing.time("x")

    def within(self, later: str, earlier: str) -> str:
        """Whether the window reaches from one time to a later one."""
        return "true" if self.window_ms is None else f"{later} - {earlier} <= {self.window_ms}"

    def enters(self) -> str:
        """Whether ``x`` can begin an ordered chain."""
        return f"{self.packing.matches('x', 0)} AND {self.time} < {self.entry_end_ms}"

    def excluded(self, level: int, *, after: int, before: int) -> str:
        """Whether ``x`` is excluded at a level, from an exclusion's first + ``after`` to just below its
        last + ``before``."""
        hit = [
            self.packing.excluded("x", number)
            for number, (first, last) in enumerate(self.spans)
            if first + after <= level < last + before
        ]
        return f"({' OR '.join(hit)})" if hit else "false"


def chain_rules(query: FunnelQuery, entry_end_ms: int) -> ChainRules:
    """The rules of a query whose chains begin before ``entry_end_ms``."""
    return ChainRules(
        packing=packing_of(query),
        levels=len(query.required),
        entry_end_ms=entry_end_ms,
        window_ms=None if query.window_from == "session" else query.window.milliseconds,
        from_previous=query.window_from == "previous_step",
        strict=query.order == "strict",
        spans=tuple(query.exclusion_span(exclusion) for exclusion in query.exclusions),
    )


def level_passes(rules: ChainRules, optional_after: tuple[int, ...]) -> Passes:
    """``level`` and, if there are optional steps, ``optional`` (a bit for each, in their order).

    ``optional_after`` says how many required steps precede each. Leaves ``c1`` … (marks) and ``l1`` … (marks
    carried on). A mark is the deciding time: that of the chain's first event, or of its last where the window
    runs from step to step.
    """
    passes: Passes = []
    for level in range(1, rules.levels + 1):
        passes += [{f"c{level}": _marks(rules, level)}, {f"l{level}": carried(f"c{level}", rules)}]
    reached = ", ".join(f"arrayExists(v -> v > 0, c{level})" for level in range(1, rules.levels + 1))
    last = {"level": f"toUInt8(countEqual([{reached}], 1))"}
    if optional_after:
        bits = [
            f"bitShiftLeft(toUInt32({_reaches_optional(rules, number, after)}), {number})"
            for number, after in enumerate(optional_after)
        ]
        last["optional"] = " + ".join(bits)
    return [*passes, last]


def time_passes(rules: ChainRules) -> Passes:
    """``times`` after ``level_passes``: of the chain that first reached the level, the latest one."""
    passes: Passes = []
    for level in range(rules.levels, 0, -1):
        first = f"arrayFirstIndex(v -> v > 0, c{level})"
        before = f"arrayLastIndex(v -> v > 0, arraySlice(c{level}, 1, i{level + 1} - 1))"
        place = f"if(level = {level}, {first}, 0)"
        if level < rules.levels:
            place = f"multiIf(level = {level}, {first}, level > {level}, {before}, 0)"
        passes.append({f"i{level}": f"toInt64({place})"})
    times = [rules.packing.time(f"sequence[greatest(i{level}, 1)]") for level in range(1, rules.levels + 1)]
    return [*passes, {"times": f"arraySlice([{', '.join(times)}], 1, level)"}]


def start_passes(rules: ChainRules, bucket: BucketOf) -> Passes:
    """``starts``, Array(Tuple(Int64, UInt8)): bucket and level of every event that begins a chain; ``level``.

    The passes run backwards: ``g{k}_{m}`` has at every place the earliest end of a chain of the steps k … m
    among the later events (for windows from step to step: the earliest start of one).
    """
    passes: Passes = []
    for first in range(rules.levels, 1, -1):
        marks = {
            f"h{first}_{last}": _backward_marks(rules, first, last) for last in range(first, rules.levels + 1)
        }
        passes += [marks, {f"g{name[1:]}": carried_back(name, rules) for name in marks}]
    ends = [f"v{last}" for last in range(2, rules.levels + 1)]
    arrays = [f"arrayPushBack(arrayPopFront(g2_{last}), {NONE})" for last in range(2, rules.levels + 1)]
    steps = " + ".join(f"({end} > 0 AND {rules.within(end, rules.time)})" for end in ends)
    level = f"if({rules.enters()}, toUInt8(1 + {steps}), toUInt8(0))"
    levels = f"arrayMap((x, {', '.join(ends)}) -> {level}, sequence, {', '.join(arrays)})"
    return [*passes, {"begun": levels}, *bucket_passes(rules, bucket)]


def bucket_passes(rules: ChainRules, bucket: BucketOf) -> Passes:
    """``starts`` and ``level`` from ``begun``, the level of the best chain each event begins (0: none)."""
    pairs = f"arrayMap((x, v) -> (toInt64({bucket(rules.time)}), v), sequence, begun)"
    return [{"starts": f"arrayFilter(s -> s.2 > 0, {pairs})", "level": "arrayMax(begun)"}]


def carried(marks: str, rules: ChainRules | None = None) -> str:
    """Marks carried on to the later events; not at all in a strict chain, where only neighbours count."""
    return marks if rules is not None and rules.strict else f"arrayFill(v -> v >= 0, {marks})"


def carried_back(marks: str, rules: ChainRules | None = None) -> str:
    """The same towards the earlier events."""
    return marks if rules is not None and rules.strict else f"arrayReverseFill(v -> v >= 0, {marks})"


def nested(sql: str, passes: Passes) -> str:
    """The statement with the columns added."""
    for columns in passes:
        shown = ", ".join(f"{expression} AS {name}" for name, expression in columns.items())
        sql = f"SELECT *, {shown} FROM (\n{sql}\n)"
    return sql


def shifted(array: str) -> str:
    """What an array had one place before."""
    return f"arrayPushFront(arrayPopBack({array}), {NONE})"


def _marks(rules: ChainRules, level: int) -> str:
    drop = rules.excluded(level, after=0, before=0)
    if level == 1:
        return (
            f"arrayMap(x -> multiIf({rules.enters()}, {rules.time}, {drop}, {NONE}, {NO_CHANGE}), sequence)"
        )
    extends = f"{rules.packing.matches('x', level - 1)} AND p > 0 AND {rules.within(rules.time, 'p')}"
    if rules.spans:
        extends += f" AND NOT {rules.excluded(level, after=1, before=0)}"
    kept = rules.time if rules.from_previous else "p"
    mark = f"multiIf({extends}, {kept}, {drop}, {NONE}, {NO_CHANGE})"
    return f"arrayMap((x, p) -> {mark}, sequence, {shifted(f'l{level - 1}')})"


def _reaches_optional(rules: ChainRules, number: int, after: int) -> str:
    reaches = f"{rules.packing.matches_optional('x', number)} AND p > 0 AND {rules.within(rules.time, 'p')}"
    if rules.spans:
        reaches += f" AND NOT {rules.excluded(after, after=0, before=0)}"
    return f"arrayExists((x, p) -> {reaches}, sequence, {shifted(f'l{after}')})"


def _backward_marks(rules: ChainRules, first: int, last: int) -> str:
    extends = rules.packing.matches("x", first - 1)
    drop = "true" if rules.strict else rules.excluded(first, after=1, before=1)
    if rules.spans:
        extends += f" AND NOT {rules.excluded(first, after=1, before=0)}"
    if first == last:
        return f"arrayMap(x -> multiIf({extends}, {rules.time}, {drop}, {NONE}, {NO_CHANGE}), sequence)"
    end = "v"
    if rules.from_previous:
        otherwise = NONE if rules.strict else NO_CHANGE
        end = f"if(v > 0 AND {rules.within('v', rules.time)}, {rules.time}, {otherwise})"
    mark = f"multiIf({extends}, {end}, {drop}, {NONE}, {NO_CHANGE})"
    return f"arrayMap((x, v) -> {mark}, sequence, arrayPushBack(arrayPopFront(g{first + 1}_{last}), {NONE}))"
