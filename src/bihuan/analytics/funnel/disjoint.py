"""Chains of steps that no event can match two of: few passes over each person's events in order.

An event is packed into 64 bits: Unix milliseconds, then the number of its step from 0 (``levels``: none),
then the code of its value in a breakdown. So a sorted array is in order of time and, at the same instant, of
the steps. A chain is followed by its first event: of the chains that an event can end, the one begun last
lasts longest, and the later the event, the later that one begins. The engine's ``windowFunnel`` took a third
longer than these passes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bihuan.analytics.funnel.chains import Passes
from bihuan.analytics.funnel.query import FunnelBreakdown
from bihuan.analytics.funnel.segments import CODE_BITS, LAST_CODE, reversed_code
from bihuan.analytics.query import EventSelector
from bihuan.analytics.sql import EventsSource
from bihuan.warehouse.sql import array

NOTHING = "toUInt64(0)"


@dataclass(frozen=True)
class DisjointChains:
    """The rules: ``levels`` steps, begun before ``entry_end_ms``, within ``window_ms`` of the first.

    ``strict``: the events are neighbours. ``has_code``: whether an event carries a code.
    """

    levels: int
    entry_end_ms: int
    window_ms: int
    strict: bool
    has_code: bool

    def packed(self, source: EventsSource, steps: Sequence[EventSelector]) -> str:
        """SQL UInt64 of a row ``e``, with the column ``code`` if events carry one."""
        if any(step.filter is not None for step in steps):
            tests = ", ".join(f"{source.is_one_of(step)}, {number}" for number, step in enumerate(steps))
            number = f"multiIf({tests}, {self.levels})"
        else:
            # Stays within the dictionary of names; a comparison for each step does not.
            names = [name for step in steps for name in step.events]
            numbers = [number for number, step in enumerate(steps) for _ in step.events]
            number = f"transform(e.event, {array(names)}, {array(numbers)}, {self.levels})"
        milliseconds = "toUInt64(toUnixTimestamp64Milli(e.time))"
        item = f"bitOr(bitShiftLeft({milliseconds}, {self._step_bits}), {number})"
        return f"bitOr(bitShiftLeft({item}, {CODE_BITS}), code)" if self.has_code else item

    def time(self, item: str) -> str:
        """SQL Int64: the Unix milliseconds of a packed event."""
        return f"toInt64(bitShiftRight({item}, {self._bits}))"

    def in_order(self, items: str) -> str:
        """SQL Array: packed events as the passes expect them, the latest first unless they are neighbours."""
        return f"array{'' if self.strict else 'Reverse'}Sort({items})"

    def level_passes(self) -> Passes:
        """``level`` over ``events``, the packed events in order."""
        later = [
            f"arrayExists((x, p) -> p > 0 AND {self._within}, sequence, c{level})"
            for level in range(2, self.levels)
        ]
        later.append(f"arrayExists((x, p) -> {self._reaches(self.levels)}, sequence, b{self.levels})")
        return [*self._carrying(), self._level(later)]

    def time_passes(self) -> Passes:
        """``level`` and ``times``: of the chain that first reached the level, begun as late as possible.

        Only for chains that need not be neighbours. ``times`` are empty below the second level.
        """
        later = range(2, self.levels + 1)
        places = {
            f"i{level}": f"arrayLastIndex((x, p) -> {self._reaches(level)}, sequence, b{level})"
            for level in later
        }
        passes = [*self._carrying(), places, self._level([f"({place} > 0)" for place in places])]
        begun = ", ".join(f"b{level}[i{level}]" for level in later)
        passes.append({"t1": f"if(level > 1, [{begun}][level - 1], {NOTHING})"})
        for number in reversed(later):
            before = f"arrayFirst(x -> {self._is('x', number - 1)} AND x < t{number + 1}, sequence)"
            passed = f"level > {number}, {before}, " if number < self.levels else ""
            passes.append(
                {f"t{number}": f"multiIf(level = {number}, sequence[i{number}], {passed}{NOTHING})"}
            )
        times = ", ".join(self.time(f"t{number}") for number in range(1, self.levels + 1))
        return [*passes, {"times": f"if(level > 1, arraySlice([{times}], 1, level), emptyArrayInt64())"}]

    def touch_passes(self, breakdown: FunnelBreakdown) -> Passes:
        """``touch`` over ``events``, as ``touch_aggregate`` gives it over rows."""
        is_last = breakdown.touch == "last"
        at_start = is_last != self.strict
        matches = ""
        if breakdown.step is not None:
            matches = self._is("x", breakdown.step - 1)
        elif self.strict:
            matches = f"bitAnd(x, {self._step_mask}) < {self.levels << self._code_bits}"
        touched = f"events[{1 if at_start else -1}]"
        several = f"{self.time(f'events[{2 if at_start else -2}]')} = {self.time('touched')}"
        if matches:
            touched = f"{'arrayFirst' if at_start else 'arrayLast'}(x -> {matches}, events)"
            several = "true"
        tied = " AND ".join([f"{self.time('x')} = {self.time('touched')}", *([matches] if matches else [])])
        least = f"arrayMin(x -> if({tied}, {_code('x')}, {LAST_CODE}), events)"
        # Hardly ever are there several events at the deciding instant.
        code = f"if({several}, {least}, {_code('touched')})"
        shown = reversed_code(code) if is_last else code
        touch = f"bitOr(bitShiftLeft(bitShiftRight(touched, {self._bits}), {CODE_BITS}), {shown})"
        return [{"touched": touched}, {"touch": f"if(touched = 0, {NOTHING}, {touch})"}]

    @property
    def _step_bits(self) -> int:
        return self.levels.bit_length()

    @property
    def _code_bits(self) -> int:
        return CODE_BITS if self.has_code else 0

    @property
    def _bits(self) -> int:
        return self._step_bits + self._code_bits

    @property
    def _entered(self) -> str:
        if self.strict:
            return f"arrayExists(x -> {self._begins('x')}, sequence)"
        return self._begins("b2[1]")

    @property
    def _within(self) -> str:
        return f"x - p <= {((self.window_ms + 1) << self._bits) - 1}"

    def _carrying(self) -> Passes:
        """``sequence``: the events that matter.

        ``b2`` …: at each event the first one of the chain it could extend to that level. ``c2`` …: where an
        event does extend one, the first event of its chain, whatever the window; else 0.
        """
        # Of events that begin a chain, with no other between them, only the last can matter.
        sequence = f"arrayCompact(x -> if({self._begins('x')}, 0, x), events)"
        passes: Passes = [{"sequence": "events" if self.strict else sequence}]
        begun = f"arrayReverseFill(x -> {self._begins('x')}, sequence)"
        if self.strict:
            begun = f"arrayShiftRight(events, 1, toUInt64({self.levels << self._code_bits}))"
        passes.append({"b2": begun})
        for level in range(2, self.levels):
            extends = f"{self._is('x', level - 1)} AND {self._begun('p', level)}"
            passes.append({f"c{level}": f"arrayMap((x, p) -> p * ({extends}), sequence, b{level})"})
            carried = f"arrayReverseFill(p -> p > 0, c{level})"
            if self.strict:
                carried = f"arrayShiftRight(c{level}, 1)"
            passes.append({f"b{level + 1}": carried})
        return passes

    def _level(self, later: Sequence[str]) -> dict[str, str]:
        return {"level": f"toUInt8(({self._entered}) * (1 + {' + '.join(later)}))"}

    def _reaches(self, level: int) -> str:
        """Whether the event ``x`` extends to that level the chain that ``p`` began."""
        return f"{self._is('x', level - 1)} AND {self._begun('p', level)} AND {self._within}"

    def _begun(self, item: str, level: int) -> str:
        """Whether an item of ``b2`` … is the first of a chain."""
        if level > 2:
            return f"{item} > 0"
        # An item ahead of all that begin a chain is the earliest event. Where that is one of the first step,
        # it comes too late, and so do all after it.
        return self._begins(item) if self.strict else self._is(item, 0)

    def _begins(self, item: str) -> str:
        return f"{self._is(item, 0)} AND {item} < {self.entry_end_ms << self._bits}"

    def _is(self, item: str, number: int) -> str:
        return f"bitAnd({item}, {self._step_mask}) = {number << self._code_bits}"

    @property
    def _step_mask(self) -> int:
        return ((1 << self._step_bits) - 1) << self._code_bits


def _code(item: str) -> str:
    return f"bitAnd({item}, {LAST_CODE})"
