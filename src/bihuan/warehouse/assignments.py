"""Which value a person has of something, and had: tags, audiences, stages. A log of changes, never rewritten.

A subject is what values are of: the id of a tag or an audience. A row says that from its time on a person's
value is ``value`` ('' for none, as is ``before``). The row names the person of that time, from whom merges
lead on to the one of now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.sql import literal, time_ms, tuple_of

TABLE = "assignments"
MEMBER = "1"  # the one value of audiences
# Numbers can have as many values as there are people.
MOST_VALUES = 200
MOST_WAYS = 2_000
Table = Callable[[str], str]
# A tuple of time and value orders the same rows in five times as long.
_LATER = (
    "bitOr(bitShiftLeft(toUInt128(toUnixTimestamp64Milli(a.time)), 64), "
    "if(a.value = '', 0, cityHash64(a.value)))"
)


@dataclass(frozen=True)
class Change:
    """How many people went from one value to another; '' is none."""

    before: str
    value: str
    people: int


@dataclass(frozen=True)
class Moved:
    """How many changes were from no value to one, from one to another, and to none."""

    entered: int
    changed: int
    left: int


@dataclass(frozen=True)
class Held:
    """How many people have a value, how many values there are, and people by the most frequent ones."""

    people: int = 0
    value_count: int = 0
    values: Mapping[str, int] = field(default_factory=dict)


def owners_sql(table: Table, given: str) -> str:
    """SELECT of ``person_id, person`` for a SELECT of ``person_id``: whose it is now, after all merges."""
    return (
        "SELECT g.person_id AS person_id, coalesce(o.owner, g.person_id) AS person "
        f"FROM ({given}) AS g\n"
        f"LEFT ANY JOIN ({_merged_sql(table, given)}) AS o ON o.distinct_key = g.person_id"
    )


def _merged_sql(table: Table, given: str) -> str:
    return (
        "SELECT distinct_key, toNullable(argMax(person_id, version)) AS owner "
        f"FROM {table('identity_overrides')} WHERE distinct_key IN ({given}) GROUP BY distinct_key"
    )


def values_sql(table: Table, subject_ids: Iterable[str], *, at_ms: int | None = None) -> str:
    """SELECT of ``subject_id, person, value``: who has a value, now or at a time.

    Of people who were merged the later value counts; of the same time any before none, and of two of them
    always the same one.
    """
    ids = sorted(set(subject_ids))
    rows = f"FROM {table(TABLE)} WHERE subject_id IN {tuple_of(ids)}"
    if at_ms is not None:
        rows += f" AND time <= {time_ms(at_ms)}"
    # Persons alone are grouped several times as quickly as pairs.
    grouped = "person" if len(ids) == 1 else "subject_id, person"
    subject = literal(ids[0]) if len(ids) == 1 else "a.subject_id"
    return (
        f"SELECT {subject} AS subject_id, coalesce(o.owner, a.person_id) AS person, "
        f"argMax(a.value, {_LATER}) AS value\n"
        f"FROM (SELECT subject_id, person_id, time, value {rows}) AS a\n"
        f"LEFT ANY JOIN ({_merged_sql(table, f'SELECT person_id {rows}')}) AS o\n"
        f"ON o.distinct_key = a.person_id\nGROUP BY {grouped} HAVING value != ''"
    )


def value_sql(table: Table, subject_id: str, *, at_ms: int | None = None) -> str:
    """SELECT of ``person, value`` of one subject."""
    return f"SELECT person, value FROM ({values_sql(table, [subject_id], at_ms=at_ms)})"


def assign(
    store: ProjectStore,
    subject_id: str,
    wanted: str,
    *,
    at_ms: int,
    cause: str,
    among: str | None = None,
    settings: dict[str, Any] | None = None,
) -> None:
    """Have people's values of a subject be what a SELECT of ``person, value`` says, from a time on.

    Args:
        wanted: each person once; who is not in it has no value any more.
        at_ms: later than any change of the subject before.
        cause: why, in a word: ``refresh``, ``event``, ``member``, ``import``.
        among: a SELECT of the only persons that change; ``wanted`` has nobody else.
        settings: limits of the engine.

    Running it again changes nothing.
    """
    held = value_sql(store.table, subject_id)
    if among is not None:
        held += f" WHERE person IN ({among})"
    both = (
        f"SELECT person, value AS new, '' AS old FROM ({wanted})\n"
        f"UNION ALL\nSELECT person, '' AS new, value AS old FROM ({held})"
    )
    changed = f"SELECT person, max(new) AS value, max(old) AS before FROM (\n{both}\n) GROUP BY person"
    store.engine.command(
        f"INSERT INTO {store.table(TABLE)} (subject_id, person_id, time, value, before, cause)\n"
        f"SELECT {literal(subject_id)}, person, {time_ms(at_ms)}, value, before, {literal(cause)}\n"
        f"FROM (\n{changed}\n) WHERE value != before",
        settings=settings,
    )


def changes(
    store: ProjectStore, subject_id: str, *, after_ms: int, until_ms: int
) -> tuple[list[Change], int]:
    """Who went from where to where at times in ``(after_ms, until_ms]``, every step of theirs counted.

    Returns the most frequent ways, and how many there are in all.
    """
    steps = _between(store, subject_id, after_ms, until_ms)
    rows = store.engine.rows(
        f"SELECT before, value, count() AS people, count() OVER () {steps} "
        f"GROUP BY before, value ORDER BY people DESC, before, value LIMIT {MOST_WAYS}"
    )
    return [Change(*row[:3]) for row in rows], rows[0][3] if rows else 0


def moved(store: ProjectStore, subject_id: str, *, after_ms: int, until_ms: int) -> Moved:
    """How many steps there were at times in ``(after_ms, until_ms]``."""
    rows = store.engine.rows(
        "SELECT countIf(before = ''), countIf(before != '' AND value != ''), countIf(value = '') "
        f"{_between(store, subject_id, after_ms, until_ms)}"
    )
    return Moved(*rows[0])


def _between(store: ProjectStore, subject_id: str, after_ms: int, until_ms: int) -> str:
    return (
        f"FROM {store.table(TABLE)} WHERE subject_id = {literal(subject_id)} "
        f"AND time > {time_ms(after_ms)} AND time <= {time_ms(until_ms)}"
    )


def size_changes(table: Table, subject_id: str, time_zone: str) -> str:
    """SELECT of ``day, value, gained`` in order of days: by how much the people of a value grew on each."""
    day = f"toDate(time, {literal(time_zone)})"
    rows = f"FROM {table(TABLE)} WHERE subject_id = {literal(subject_id)}"
    return (
        f"SELECT day, value, sum(gained) AS gained FROM (\n"
        f"SELECT {day} AS day, value, toInt64(count()) AS gained {rows} AND value != '' GROUP BY day, value\n"
        f"UNION ALL\nSELECT {day} AS day, before AS value, -toInt64(count()) AS gained {rows} "
        "AND before != '' GROUP BY day, value\n) GROUP BY day, value ORDER BY day, value"
    )


def last_change_ms(store: ProjectStore, subject_id: str) -> int | None:
    """When a subject changed last, in Unix milliseconds."""
    rows = store.engine.rows(
        f"SELECT toUnixTimestamp64Milli(max(time)), count() FROM {store.table(TABLE)} "
        f"WHERE subject_id = {literal(subject_id)}"
    )
    return rows[0][0] if rows[0][1] else None


def sizes(store: ProjectStore, subject_ids: Iterable[str]) -> dict[str, Held]:
    """How many people have which value now, by subject."""
    ids = sorted(set(subject_ids))
    if not ids:
        return {}
    by_value = (
        "SELECT toString(subject_id) AS subject, value, toInt64(count()) AS people "
        f"FROM ({values_sql(store.table, ids)}) GROUP BY subject, value"
    )
    rows = store.engine.rows(
        f"SELECT subject, sum(people), count(), groupArraySorted({MOST_VALUES})((-people, toString(value))) "
        f"FROM ({by_value}) GROUP BY subject"
    )
    found = {
        subject: Held(people, values, {value: -fewer for fewer, value in most})
        for subject, people, values, most in rows
    }
    return {each: found.get(each, Held()) for each in ids}


def forget(store: ProjectStore, subject_id: str) -> None:
    """Delete all values of a subject, past ones too."""
    layout = store.layout
    store.engine.command(
        f"ALTER TABLE {layout.local_name(TABLE)}{layout.on_cluster} "
        f"DELETE WHERE subject_id = {literal(subject_id)}"
    )
