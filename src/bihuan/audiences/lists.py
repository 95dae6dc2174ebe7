"""People by ids that somebody wrote down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bihuan.kernel.hashing import key64
from bihuan.people import People
from bihuan.people.identity.repository import WIDE, in_statements
from bihuan.warehouse import ProjectStore


def listed_people(people: People, distinct_ids: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """The person of each id, and the ids of which nothing is recorded."""
    keys = {each: key64(each) for each in dict.fromkeys(distinct_ids)}
    persons = {each: people.identities.person_of(key) for each, key in keys.items()}
    # Rows that are not yet rewritten carry the person of before a merge.
    recorded = recorded_among(people.store, {*keys.values(), *persons.values()})
    known = {
        each: persons[each] for each, key in keys.items() if key in recorded or persons[each] in recorded
    }
    return known, [each for each in keys if each not in known]


def recorded_among(store: ProjectStore, persons: Iterable[int]) -> set[int]:
    """Which of these person ids have events or a profile."""
    found: set[int] = set()
    for listed in in_statements(persons):
        for table, condition in (("events", "1"), ("profiles", "NOT deleted")):
            final = " FINAL" if table == "profiles" else ""
            rows = store.engine.rows(
                f"SELECT DISTINCT person_id FROM {store.table(table)}{final} "
                f"WHERE person_id IN {listed} AND {condition}",
                settings=WIDE,
            )
            found |= {row[0] for row in rows}
    return found
