"""How audiences overlap, and how people flow between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query.base import Value
from bihuan.warehouse.assignments import values_sql
from bihuan.warehouse.sql import array

MOST_SETS = 10
Row = Sequence[Any]


class Intersection(Value):
    """People who are in all of ``sets`` (indexes, ascending) and in no other."""

    sets: tuple[int, ...]
    people: int


class Overlap(Value):
    """The sizes of the sets, and of all 2^k - 1 exclusive intersections, the greatest first."""

    sizes: tuple[int, ...]
    people: int
    intersections: tuple[Intersection, ...]


def overlap_sql(sets: Sequence[str]) -> str:
    """The statement, for SELECTs of ``person``: rows of ``mask, people``; bit i stands for the i-th."""
    return f"SELECT mask, count() AS people\nFROM (\n{_masks_sql(sets)}\n)\nGROUP BY mask\nORDER BY mask"


def overlap_people_sql(sets: Sequence[str], within: Sequence[int]) -> str:
    """SELECT of ``person``: who is in all of these sets and in no other."""
    mask = sum(1 << index for index in set(within))
    return f"SELECT person\nFROM (\n{_masks_sql(sets)}\n)\nWHERE mask = {mask}"


def read_overlap(sets: int, rows: Sequence[Row]) -> Overlap:
    """The result of ``overlap_sql``'s rows for so many sets."""
    people = {row[0]: row[1] for row in rows}
    found = [
        Intersection(
            sets=tuple(index for index in range(sets) if mask >> index & 1), people=people.get(mask, 0)
        )
        for mask in range(1, 1 << sets)
    ]
    found.sort(key=lambda each: (-each.people, len(each.sets), each.sets))
    return Overlap(
        sizes=tuple(sum(each.people for each in found if index in each.sets) for index in range(sets)),
        people=sum(people.values()),
        intersections=tuple(found),
    )


def held_sql(ctx: ProjectContext, subject_ids: Sequence[str], at_ms: int) -> str:
    """SELECT of ``person, value``: the first of these audiences that a person was in at a time.

    A list of them, one for each time, makes the links of a flow: ``stages.links_sql``.
    """
    held = values_sql(ctx.table, subject_ids, at_ms=at_ms)
    ids = array(subject_ids)
    return (
        f"SELECT person, {ids}[min(indexOf({ids}, toString(subject_id)))] AS value\n"
        f"FROM (\n{held}\n)\nGROUP BY person"
    )


def _masks_sql(sets: Sequence[str]) -> str:
    if not 1 <= len(sets) <= MOST_SETS:
        raise ValueError(f"between 1 and {MOST_SETS} sets can be compared")
    every = "\nUNION ALL\n".join(
        f"SELECT person, toUInt16({1 << index}) AS bit FROM (\n{sql}\n)" for index, sql in enumerate(sets)
    )
    return f"SELECT person, groupBitOr(bit) AS mask\nFROM (\n{every}\n)\nGROUP BY person"
