"""The ids under which others know people."""

from __future__ import annotations

from collections.abc import Sequence

from bihuan.people import People
from bihuan.people.repository import texts_of_persons


def distinct_ids(people: People, persons: Sequence[int]) -> dict[int, list[str]]:
    """The ids of each person, the first seen first; none of people of whom nothing is recorded (any more)."""
    wanted = sorted(set(persons))
    found = {each.person_id: list(each.distinct_ids) for each in people.summaries(wanted)}
    rest = texts_of_persons(people.store, [each for each in wanted if not found.get(each)])
    return {person: ids for person, ids in {**found, **rest}.items() if ids}
