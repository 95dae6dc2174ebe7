"""Sets of unit numbers in SQL: a bit mask of one integer while it is wide enough, else an array.

A mask costs one operation a row to collect, and asking for a range of units is one operation a person.
"""

from __future__ import annotations

from dataclasses import dataclass

_WIDTHS = (64, 128, 256)
_COUNTED_BIT_BY_BIT = 64


@dataclass(frozen=True)
class UnitSets:
    """How sets of the units 0 … ``count - 1`` are written."""

    count: int

    @property
    def width(self) -> int | None:
        """Bits of the mask; None for arrays."""
        return next((width for width in _WIDTHS if self.count <= width), None)

    def collect(self, unit: str, condition: str) -> str:
        """Aggregate: the set of the units of the rows that satisfy ``condition``; no other row matters."""
        if self.width is None:
            return f"arraySort(groupUniqArrayIf(toInt32({unit}), {condition}))"
        bit = f"bitShiftLeft({self._one}, toUInt16(greatest({unit}, 0)))"
        return f"groupBitOr(if({condition}, {bit}, {self._zero}))"

    def members(self, units: str) -> str:
        """Array of the units in a set, ascending."""
        return units if self.width is None else f"bitPositionsToArray({units})"

    def moved(self, units: str, back: str) -> str:
        """The set with every unit ``back`` less; those below zero fall out."""
        if self.width is None:
            return f"arrayFilter(u -> u >= 0, arrayMap(u -> u - {back}, {units}))"
        return f"bitShiftRight({units}, toUInt16({back}))"

    def has_any(self, units: str, first: int, last: int | None) -> str:
        """Whether a unit from ``first`` to ``last`` (None: any later) is in the set."""
        last = self.count - 1 if last is None else min(last, self.count - 1)
        if last < first:
            return "false"
        if self.width is None:
            return f"arrayExists(u -> u BETWEEN {first} AND {last}, {units})"
        return f"bitAnd({units}, {self._range(first, last)}) != 0"

    def size(self, units: str, first: int, last: int) -> str:
        """How many units from ``first`` to ``last`` are in the set."""
        if self.width is None:
            return f"arrayCount(u -> u BETWEEN {first} AND {last}, {units})"
        if (first, last) == (0, self.count - 1):
            return f"bitCount({units})"
        return f"bitCount(bitAnd({units}, {self._range(first, last)}))"

    def only(self, unit: str) -> str:
        """The set of one unit; empty when the number is none of a unit."""
        is_unit = f"{unit} BETWEEN 0 AND {self.count - 1}"
        if self.width is None:
            return f"if({is_unit}, [toInt32({unit})], CAST([] AS Array(Int32)))"
        return f"if({is_unit}, bitShiftLeft({self._one}, toUInt16(greatest({unit}, 0))), {self._zero})"

    def moved_on(self, units: str) -> str:
        """The set with every unit one more; the last falls out."""
        if self.width is None:
            return f"arrayMap(u -> toInt32(u + 1), arrayFilter(u -> u < {self.count - 1}, {units}))"
        return f"bitAnd(bitShiftLeft({units}, 1), {self._range(0, self.count - 1)})"

    def both(self, units: str, others: str) -> str:
        """The units in both sets."""
        if self.width is None:
            return f"arrayIntersect({units}, {others})"
        return f"bitAnd({units}, {others})"

    def without(self, units: str, others: str) -> str:
        """The units of the first set that are not in the second."""
        if self.width is None:
            return f"arrayFilter(u -> NOT has({others}, u), {units})"
        return f"bitAnd({units}, bitNot({others}))"

    def counts(self, units: str) -> str:
        """Aggregate: for each unit, how many rows have it in their set."""
        if self.width is not None and self.width <= _COUNTED_BIT_BY_BIT:
            tests = (f"countIf(bitTest({units}, {unit}))" for unit in range(self.count))
            return f"[{', '.join(tests)}]"
        members = self.members(units)
        sparse = f"sumMap(arrayMap(u -> toInt32(u), {members}), arrayMap(u -> toUInt64(1), {members}))"
        return f"arrayMap(i -> {sparse}.2[indexOf({sparse}.1, i)], range({self.count}))"

    @property
    def _one(self) -> str:
        return f"toUInt{self.width}(1)"

    @property
    def _zero(self) -> str:
        return f"toUInt{self.width}(0)"

    def _range(self, first: int, last: int) -> str:
        return f"toUInt{self.width}('{(1 << (last + 1)) - (1 << first)}')"
