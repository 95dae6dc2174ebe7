"""Layers: experiments that must not share people take ranges of one layer's draws."""

from __future__ import annotations

from collections.abc import Iterable

from bihuan.experiments.assignment import PARTS, draw, draw_sql

Slots = tuple[int, int]
"""Draws ``[start, end)`` of a layer."""


def free_slots(taken: Iterable[Slots], size: int) -> Slots | None:
    """The first range of ``size`` draws that nobody has taken; None if there is none."""
    start = 0
    for begin, end in sorted(taken):
        if begin - start >= size:
            break
        start = max(start, end)
    return (start, start + size) if start + size <= PARTS else None


def in_slots(salt: str, slots: Slots, person: int) -> bool:
    """Whether a layer's draw of a person lies in a range."""
    return slots[0] <= draw(salt, person) < slots[1]


def in_slots_sql(salt: str, slots: Slots, person: str) -> str:
    """SQL Bool of the same."""
    drawn = draw_sql(salt, person)
    return f"({drawn} >= {slots[0]} AND {drawn} < {slots[1]})"
