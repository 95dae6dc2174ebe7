"""Ordered and strict chains, as folds over one person's packed events in order.

Every fold keeps for each level k (steps done) the chain of k events that is latest in all its events: any
event that extends another chain of that level extends it as well, so no other need be kept. It replaces the
one before at every event of step k that can follow the chain of level k - 1. An excluded event drops the
chains that are between the exclusion's two steps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bihuan.analytics.funnel.packing import Packing, packing_of
from bihuan.analytics.funnel.query import FunnelQuery

INFINITY_MS = 2**62
# SQL of an instant in Unix milliseconds to SQL of its bucket.
BucketOf = Callable[[str], str]


@dataclass(frozen=True)
class ChainRules:
    """What the folds need of a query.

    ``window_ms`` None: no limit (the sequence is one session). ``spans``: exclusions as levels (after, before).
    """

    packing: Packing
    levels: int
    entry_end_ms: int
    window_ms: int | None
    from_previous: bool
    strict: bool
    spans: tuple[tuple[int, int], ...]

    def within(self, later: str, earlier: str) -> str:
        """Whether the window reaches from one time to a later one."""
        return "true" if self.window_ms is None else f"{later} - {earlier} <= {self.window_ms}"

    def hit_levels(self, item: str, levels: str, *, after: int, before: int) -> str:
        """Whether an event is excluded at the level ``levels`` (from 1): between the two ends of a span,
        moved by ``after`` and ``before``."""
        tests = [
            f"({self.packing.excluded(item, number)} AND {levels} >= {first + after} AND {levels} < {last + before})"
            for number, (first, last) in enumerate(self.spans)
            if first + after < last + before
        ]
        return " OR ".join(tests) if tests else "false"


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


def level_fold(rules: ChainRules, optional_after: tuple[int, ...], sequence: str) -> str:
    """SQL Tuple: (the deciding time of each level's latest chain or 0, highest level, reached optional steps).

    The deciding time is that of the chain's first event, or of its last where the window runs from step to
    step. Optional steps are bits, in their order; ``optional_after`` says how many required ones precede each.
    """
    pack = rules.packing
    time = pack.time("x")
    kept = time if rules.from_previous else "p"
    numbers = list(range(rules.levels))
    extends = f"{pack.matches('x', 'k')} AND p > 0 AND {rules.within(time, 'p')}"
    if rules.spans:
        extends += f" AND NOT ({rules.hit_levels('x', 'k + 1', after=1, before=0)})"
    previous = f"arrayPushFront(arrayPopBack(acc.1), if({time} < {rules.entry_end_ms}, {time}, 0))"
    extended = f"arrayMap((p, k) -> if({extends}, {kept}, toInt64(0)), {previous}, {numbers})"
    old = "toInt64(0)" if rules.strict else "s"
    if rules.spans:
        old = f"if({rules.hit_levels('x', 'k + 1', after=0, before=0)}, toInt64(0), s)"
    state = f"arrayMap((c, s, k) -> if(c > 0, c, {old}), {extended}, acc.1, {numbers})"
    level = f"greatest(acc.2, toUInt8(arrayLastIndex(c -> c > 0, {extended})))"
    bits = ["acc.3"]
    for number, after in enumerate(optional_after):
        start = f"acc.1[{after}]"
        reached = f"{pack.matches_optional('x', number)} AND {start} > 0 AND {rules.within(time, start)}"
        if rules.spans:
            reached += f" AND NOT ({rules.hit_levels('x', str(after), after=0, before=0)})"
        bits.append(f"bitShiftLeft(toUInt32({reached}), {number})")
    flags = bits[0]
    for bit in bits[1:]:
        flags = f"bitOr({flags}, {bit})"
    initial = f"(arrayWithConstant({rules.levels}, toInt64(0)), toUInt8(0), toUInt32(0))"
    return f"arrayFold((acc, x) -> ({state}, {level}, toUInt32({flags})), {sequence}, {initial})"


def time_fold(rules: ChainRules, sequence: str) -> str:
    """SQL Array(Int64): the times of the chain that first reached the highest level, latest in all its events."""
    pack = rules.packing
    time = pack.time("x")
    numbers = list(range(rules.levels))
    reference = "p[-1]" if rules.from_previous else "p[1]"
    follows = f"if(k = 0, {time} < {rules.entry_end_ms}, notEmpty(p) AND {rules.within(time, reference)})"
    extends = f"{pack.matches('x', 'k')} AND {follows}"
    if rules.spans:
        extends += f" AND NOT ({rules.hit_levels('x', 'k + 1', after=1, before=0)})"
    none = "emptyArrayInt64()"
    previous = f"arrayPushFront(arrayPopBack(acc.1), {none})"
    extended = f"arrayMap((p, k) -> if({extends}, arrayPushBack(p, {time}), {none}), {previous}, {numbers})"
    old = none if rules.strict else "s"
    if rules.spans:
        old = f"if({rules.hit_levels('x', 'k + 1', after=0, before=0)}, {none}, s)"
    state = f"arrayMap((c, s, k) -> if(notEmpty(c), c, {old}), {extended}, acc.1, {numbers})"
    top = f"arrayLast(c -> notEmpty(c), {extended})"
    best = f"if(length({top}) > length(acc.2), {top}, acc.2)"
    initial = f"(arrayWithConstant({rules.levels}, {none}), {none})"
    return f"arrayFold((acc, x) -> ({state}, {best}), {sequence}, {initial}).2"


def start_fold(rules: ChainRules, bucket: BucketOf, sequence: str) -> str:
    """SQL Array(Tuple(Int64, UInt8)): buckets with the highest level of chains that begin in them.

    The fold runs backwards. Row k of its state has for each level m the earliest end of a chain of the steps
    k … m among the events seen (for windows from step to step: the earliest start of one).
    """
    pack = rules.packing
    time = pack.time("x")
    numbers = list(range(1, rules.levels + 1))
    nothing = f"arrayWithConstant({rules.levels}, toInt64({INFINITY_MS}))"
    following = f"arrayPushBack(arrayPopFront(acc.1), {nothing})"
    reachable = f"v < {INFINITY_MS}" if rules.window_ms is None else f"v <= {time} + {rules.window_ms}"
    if rules.from_previous:
        row = f"arrayMap((v, o, m) -> multiIf(m = k OR {reachable}, {time}, o), next, own, {numbers})"
    else:
        row = f"arrayMap((v, m) -> if(m = k, {time}, v), next, {numbers})"
    extends = pack.matches("x", "(k - 1)")
    old = nothing if rules.strict else "own"
    if rules.spans:
        extends += f" AND NOT ({rules.hit_levels('x', 'k', after=1, before=0)})"
        old = f"if({rules.hit_levels('x', 'k', after=1, before=1)}, {nothing}, own)"
    state = f"arrayMap((next, own, k) -> if({extends}, {row}, {old}), {following}, acc.1, {numbers})"
    level = f"toUInt8(1 + arrayCount(v -> {reachable}, arraySlice(({following})[1], 2)))"
    enters = f"{pack.matches('x', '0')} AND {time} < {rules.entry_end_ms}"
    initial = f"arrayWithConstant({rules.levels}, {nothing})"
    return bucket_fold(
        state=state, level=level, enters=enters, initial=initial, bucket=bucket, time=time, sequence=sequence
    )


def bucket_fold(
    *, state: str, level: str, enters: str, initial: str, bucket: BucketOf, time: str, sequence: str
) -> str:
    """A backward fold over packed events ``x`` that keeps the best level of each bucket of entry."""
    name = f"toInt64({bucket(time)})"
    same = f"notEmpty(acc.2) AND acc.2[-1].1 = {name}"
    better = f"arrayPushBack(arrayPopBack(acc.2), ({name}, greatest(acc.2[-1].2, {level})))"
    starts = f"multiIf(NOT ({enters}), acc.2, {same}, {better}, arrayPushBack(acc.2, ({name}, {level})))"
    empty = "CAST([] AS Array(Tuple(Int64, UInt8)))"
    return f"arrayFold((acc, x) -> ({state}, {starts}), arrayReverse({sequence}), ({initial}, {empty})).2"
