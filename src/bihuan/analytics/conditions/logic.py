"""AND, OR and NOT over conditions of which some may be unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bihuan.analytics.conditions.values import (
    All,
    AnyCondition,
    AnyOf,
    Did,
    Leaf,
    Not,
    Occurrence,
    OfProperty,
    Sequence,
)


def combined(wanted: AnyCondition, of: Callable[[Leaf], bool | None]) -> bool | None:
    """What holds when ``of`` tells what its leaves are; None where that depends on an unknown one."""
    match wanted:
        case All():
            return _all(combined(item, of) for item in wanted.items)
        case AnyOf():
            return _negated(_all(_negated(combined(item, of)) for item in wanted.items))
        case Not():
            return _negated(combined(wanted.item, of))
        case _:
            return of(wanted)


def without_deeds(wanted: AnyCondition) -> bool | None:
    """What holds for people who did none of the events in question; None where that depends on the person."""

    def of(leaf: Leaf) -> bool | None:
        if isinstance(leaf, Did):
            if isinstance(leaf.figure, OfProperty) and leaf.figure.aggregate in ("avg", "min", "max"):
                return False
            return leaf.compare.holds(0)
        return False if isinstance(leaf, Occurrence | Sequence) else None

    return combined(wanted, of)


def _all(parts: Iterable[bool | None]) -> bool | None:
    unknown = False
    for part in parts:
        if part is False:
            return False
        unknown = unknown or part is None
    return None if unknown else True


def _negated(part: bool | None) -> bool | None:
    return None if part is None else not part
