"""Sequences: whether a person took steps one after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from bihuan.analytics.query.events import EventSelector
from bihuan.analytics.query.overlap import disjoint

# Below any time, and so that a difference to one does not wrap.
_NEVER = -(1 << 62)


@dataclass(frozen=True)
class Steps:
    """Steps and the columns that say of a row whether it is one; ``within_ms`` None: any length."""

    steps: tuple[EventSelector, ...]
    within_ms: int | None
    rows: Sequence[str]

    def aggregate(self) -> str:
        """SQL aggregate over a person's rows, for ``condition``."""
        if self._apart:
            window = self.within_ms if self.within_ms is not None else 1 << 53
            return f"windowFunnel({window})(toUInt64(toUnixTimestamp64Milli(time)), {', '.join(self.rows)})"
        bits = [f"if({row}, {1 << index}, 0)" for index, row in enumerate(self.rows)]
        mask = f"toUInt16({' + '.join(bits)})"
        return f"groupArrayIf((toUnixTimestamp64Milli(time), {mask}), {mask} != 0)"

    def condition(self, column: str) -> str:
        """SQL Bool over the aggregate."""
        if self._apart:
            return f"({column} = {len(self.steps)})"
        begun = f"arrayFold((s, x) -> [{', '.join(map(self._begun, range(len(self.steps))))}], "
        in_order = f"arraySort(x -> (x.1, bitAnd(x.2, -x.2), x.2), {column})"
        nothing = ", ".join(f"toInt64({_NEVER})" for _ in self.steps)
        return f"({begun}{in_order}, [{nothing}])[{len(self.steps)}] != {_NEVER})"

    @property
    def _apart(self) -> bool:
        """Whether no event can be two steps; only then is the engine's own funnel the same."""
        return all(disjoint(*pair) for pair in combinations(self.steps, 2))

    def _begun(self, index: int) -> str:
        """When the latest chain began that has come so far, after the event ``x``."""
        is_step = f"bitTest(x.2, {index})"
        if index == 0:
            return f"if({is_step}, x.1, s[1])"
        reaches = f"s[{index}] != {_NEVER}"
        if self.within_ms is not None:
            reaches += f" AND x.1 - s[{index}] <= {self.within_ms}"
        # The last step stays once it is reached.
        return f"if({is_step} AND {reaches}, s[{index}], s[{index + 1}])"
