"""From which value people went to which: between times, and day by day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query.base import Value
from bihuan.analytics.sql import local_date
from bihuan.warehouse.assignments import TABLE, owners_sql, value_sql
from bihuan.warehouse.sql import literal, time_ms

Row = Sequence[Any]
_EPOCH = date(1970, 1, 1)


class Link(Value):
    """How many people had ``before`` and next had ``value``; '' is none. ``step`` counts from 0."""

    step: int
    before: str
    value: str
    people: int


class Transitions(Value):
    """Who went where between two times, those who stayed among them.

    ``values`` are the values anybody had, in the order of ``known`` and then of the alphabet, '' last.
    ``matrix[i][j]`` people went from the i-th to the j-th.
    """

    values: tuple[str, ...]
    matrix: tuple[tuple[int, ...], ...]


class Move(Value):
    """How many changes from one value to another there were on a day; '' is none."""

    day: date
    before: str
    value: str
    people: int


class DayFlow(Value):
    """How often a value was taken up and given up on a day."""

    day: date
    value: str
    entered: int
    left: int


def links_sql(values: Sequence[str]) -> str:
    """SELECT of ``step, before, value, people`` for SELECTs of ``person, value`` in order of time."""
    return (
        "SELECT step - 1 AS step, before, value, count() AS people\n"
        f"FROM (\n{_steps_sql(values)}\n)\nGROUP BY step, before, value\nORDER BY step, before, value"
    )


def link_people_sql(values: Sequence[str], link: Link) -> str:
    """SELECT of ``person``: who is behind a link."""
    return (
        f"SELECT person\nFROM (\n{_steps_sql(values)}\n)\nWHERE step = {link.step + 1} "
        f"AND before = {literal(link.before)} AND value = {literal(link.value)}"
    )


def assigned_sql(ctx: ProjectContext, subject_id: str, times_ms: Sequence[int]) -> list[str]:
    """SELECTs of ``person, value`` of a subject at each time, for ``links_sql``."""
    return [value_sql(ctx.table, subject_id, at_ms=at_ms) for at_ms in times_ms]


def read_links(rows: Sequence[Row]) -> tuple[Link, ...]:
    """The result of ``links_sql``."""
    return tuple(Link(step=row[0], before=row[1], value=row[2], people=row[3]) for row in rows)


def transitions(links: Sequence[Link], known: Sequence[str] = ()) -> Transitions:
    """The matrix of links of one step; ``known`` values are in it even if nobody has them."""
    seen = {value for link in links for value in (link.before, link.value)}
    others = sorted(seen - set(known) - {""})
    values = (*known, *others, *([""] if "" in seen else []))
    people = {(link.before, link.value): link.people for link in links}
    matrix = tuple(tuple(people.get((before, value), 0) for value in values) for before in values)
    return Transitions(values=values, matrix=matrix)


def moves_sql(ctx: ProjectContext, subject_id: str, *, after_ms: int, until_ms: int) -> str:
    """SELECT of ``day, before, value, changes`` of a subject at times in ``(after_ms, until_ms]``."""
    rows = _changes(ctx, subject_id, after_ms, until_ms)
    day = f"toInt32({local_date(ctx, 'time')})"
    return f"SELECT {day} AS day, before, value, count() {rows} GROUP BY day, before, value ORDER BY ALL"


def moved_people_sql(
    ctx: ProjectContext, subject_id: str, before: str, value: str, *, after_ms: int, until_ms: int
) -> str:
    """SELECT of ``person``: whoever made that move at times in ``(after_ms, until_ms]``, as they are now."""
    rows = _changes(ctx, subject_id, after_ms, until_ms)
    moved = f"SELECT DISTINCT person_id {rows} AND before = {literal(before)} AND value = {literal(value)}"
    return f"SELECT DISTINCT person FROM ({owners_sql(ctx.table, moved)})"


def read_moves(rows: Sequence[Row]) -> tuple[Move, ...]:
    """The result of ``moves_sql``."""
    return tuple(
        Move(day=_EPOCH + timedelta(days=row[0]), before=row[1], value=row[2], people=row[3]) for row in rows
    )


def day_flows(moves: Sequence[Move]) -> tuple[DayFlow, ...]:
    """Entries and exits of each value on each day that has any, in order."""
    found: dict[tuple[date, str], list[int]] = {}
    for move in moves:
        for index, value in enumerate((move.value, move.before)):
            if value:
                found.setdefault((move.day, value), [0, 0])[index] += move.people
    return tuple(
        DayFlow(day=day, value=value, entered=entered, left=left)
        for (day, value), (entered, left) in sorted(found.items())
    )


def _steps_sql(values: Sequence[str]) -> str:
    """A row for each person and step with a value on either side of it."""
    every = "\nUNION ALL\n".join(
        f"SELECT person, value, {index} AS at FROM (\n{sql}\n)" for index, sql in enumerate(values)
    )
    held = ", ".join(f"maxIf(value, at = {index})" for index in range(len(values)))
    people = f"SELECT person, [{held}] AS held\nFROM (\n{every}\n)\nGROUP BY person"
    return (
        f"SELECT person, step, held[step] AS before, held[step + 1] AS value\nFROM (\n{people}\n)\n"
        f"ARRAY JOIN range(1, {len(values)}) AS step\nWHERE before != '' OR value != ''"
    )


def _changes(ctx: ProjectContext, subject_id: str, after_ms: int, until_ms: int) -> str:
    return (
        f"FROM {ctx.table(TABLE)} WHERE subject_id = {literal(subject_id)} "
        f"AND time > {time_ms(after_ms)} AND time <= {time_ms(until_ms)}"
    )
