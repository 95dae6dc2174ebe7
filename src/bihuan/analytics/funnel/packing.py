"""How one event of a funnel is written as one sortable value.

From the high bits down: time in milliseconds, rank, one bit for each required step, optional step and
exclusion it matches. The rank puts events of the same instant into the order of the steps: the first
required step matched, else the first optional one; none at all is last. Where 64 bits do not suffice the
same parts make a tuple.
"""

from __future__ import annotations

from dataclasses import dataclass

from bihuan.analytics.funnel.query import FunnelQuery

TIME_BITS, RANK_BITS, WORD_BITS = 42, 5, 64


@dataclass(frozen=True)
class Packing:
    """The layout for one query; ``required`` and ``optional`` are indexes of steps."""

    required: tuple[int, ...]
    optional: tuple[int, ...]
    exclusions: int

    @property
    def mask_bits(self) -> int:
        """How many conditions an event is tested for."""
        return len(self.required) + len(self.optional) + self.exclusions

    @property
    def wide(self) -> bool:
        """Whether a tuple is needed."""
        return TIME_BITS + RANK_BITS + self.mask_bits > WORD_BITS

    def packed(self, milliseconds: str) -> str:
        """SQL of the value over a row with the columns ``s0`` …, ``x0`` … and a time."""
        required = [f"s{index}" for index in self.required]
        optional = [f"s{index}" for index in self.optional]
        excluded = [f"x{index}" for index in range(self.exclusions)]
        ranks = ", ".join(f"s{index}, {index + 1}" for index in (*self.required, *self.optional))
        rank = f"multiIf({ranks}, {len(required) + len(optional) + 1})"
        if self.wide:
            masks = ", ".join(_bits(columns) for columns in (required, optional, excluded))
            return f"(toInt64({milliseconds}), {rank}, {masks})"
        mask = _bits([*excluded, *optional, *required])
        shift = self.mask_bits
        return (
            f"bitOr(bitOr(bitShiftLeft(toUInt64({milliseconds}), {shift + RANK_BITS}), "
            f"bitShiftLeft(toUInt64({rank}), {shift})), {mask})"
        )

    def time(self, item: str) -> str:
        """SQL Int64: the time of a packed event."""
        return f"{item}.1" if self.wide else f"toInt64(bitShiftRight({item}, {self.mask_bits + RANK_BITS}))"

    def matches(self, item: str, level: int) -> str:
        """Whether it is an event of the required step number ``level``, counted from 0."""
        if self.wide:
            return f"bitTest({item}.3, {level})"
        return f"bitTest({item}, {self.exclusions + len(self.optional) + level})"

    def matches_optional(self, item: str, number: int) -> str:
        """Whether it is an event of the optional step with that number, counted from 0."""
        return f"bitTest({item}.4, {number})" if self.wide else f"bitTest({item}, {self.exclusions + number})"

    def excluded(self, item: str, number: int) -> str:
        """Whether it is an event of the exclusion with that number."""
        return f"bitTest({item}.5, {number})" if self.wide else f"bitTest({item}, {number})"


def packing_of(query: FunnelQuery) -> Packing:
    """The layout a query needs."""
    optional = tuple(index for index, step in enumerate(query.steps) if step.optional)
    return Packing(query.required, optional, len(query.exclusions))


def _bits(conditions: list[str]) -> str:
    if not conditions:
        return "toUInt64(0)"
    return " + ".join(f"bitShiftLeft(toUInt64({column}), {bit})" for bit, column in enumerate(conditions))
