"""Small numbers of people, for bitmaps: given once, in order, and never to another."""

from __future__ import annotations

from collections.abc import Callable

from bihuan.warehouse.project import ProjectStore

TOP = 2**32 - 1


def give_numbers(store: ProjectStore, where: str) -> None:
    """Number the people of the rows of ``events`` that have none yet. One caller at a time."""
    numbers, events = store.table("person_numbers"), store.table("events")
    found = f"SELECT DISTINCT person_id, distinct_key FROM {events} WHERE {where}"
    known = (
        f"SELECT person_id, distinct_key, number FROM {numbers} "
        f"WHERE person_id IN (SELECT person_id FROM (\n{found}\n))"
    )
    new = (
        f"SELECT person_id, distinct_key FROM (\n{found}\n) "
        f"WHERE (person_id, distinct_key) NOT IN (SELECT person_id, distinct_key FROM (\n{known}\n))"
    )
    store.engine.command(
        f"INSERT INTO {numbers} (person_id, distinct_key, number)\n"
        "SELECT person_id, distinct_key, if(own > 0, own, "
        f"toUInt32(ifNull((SELECT max(number) FROM {numbers}), 0)\n"
        "    + dense_rank() OVER (PARTITION BY own > 0 ORDER BY person_id)))\n"
        f"FROM (\n{new}\n) AS new\n"
        f"LEFT ANY JOIN (SELECT person_id, any(number) AS own FROM (\n{known}\n) GROUP BY person_id) "
        "AS given USING (person_id)",
        settings={"insert_deduplicate": 0},
    )


def numbered_sql(table: Callable[[str], str], rows: str) -> str:
    """The rows of a SELECT with a column ``person``, and ``number`` of that person beside it.

    Whoever has none yet gets one for this statement only, counted down from the top.
    """
    given = (
        f"SELECT person_id, any(number) AS given FROM {table('person_numbers')} "
        f"WHERE person_id IN (SELECT person FROM (\n{rows}\n)) GROUP BY person_id"
    )
    rank = "dense_rank() OVER (PARTITION BY given > 0 ORDER BY person)"
    return (
        f"SELECT raw.*, if(given > 0, given, toUInt32({TOP} - {rank})) AS number\n"
        f"FROM (\n{rows}\n) AS raw LEFT ANY JOIN (\n{given}\n) AS numbers ON numbers.person_id = raw.person"
    )


def affected_persons_sql(table: Callable[[str], str]) -> str:
    """SELECT of the persons whose rows may now be another's, or who may have got another's rows."""
    pending = f"{table('identity_overrides')} FINAL WHERE pending"
    return (
        f"SELECT person_id FROM {table('person_numbers')} "
        f"WHERE distinct_key IN (SELECT distinct_key FROM {pending})\n"
        f"UNION ALL SELECT person_id FROM {pending}"
    )
