"""Which values a person has and had, of tags and of audiences alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from bihuan.people.identity.repository import WIDE
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.assignments import TABLE, owners_sql
from bihuan.warehouse.sql import tuple_of


@dataclass(frozen=True)
class Changed:
    """A person's value from a time on; '' is none."""

    at: datetime
    before: str
    value: str


def stays(past: Iterable[Changed]) -> list[tuple[datetime, datetime | None]]:
    """When a person entered an audience and left it, in order of time; None for who is still in it.

    Of a person that several were merged into, the latest change of any of them counts.
    """
    found: list[tuple[datetime, datetime | None]] = []
    for each in past:
        inside = bool(found) and found[-1][1] is None
        if each.value and not inside:
            found.append((each.at, None))
        elif not each.value and inside:
            found[-1] = (found[-1][0], each.at)
    return found


def values_of_person(
    store: ProjectStore, person: int, subject_ids: Iterable[str]
) -> dict[str, list[Changed]]:
    """Every change of a person's values in order of time, by subject; merges lead to the person of now."""
    wanted = sorted(set(subject_ids))
    if not wanted:
        return {}
    keys = f"SELECT DISTINCT distinct_key FROM {store.table('identity_overrides')} WHERE person_id = {person}"
    rows = (
        f"SELECT DISTINCT person_id FROM {store.table(TABLE)} "
        f"WHERE subject_id IN {tuple_of(wanted)} AND (person_id = {person} OR person_id IN ({keys}))"
    )
    owned = f"SELECT person_id FROM ({owners_sql(store.table, rows)}) WHERE person = {person}"
    found: dict[str, list[Changed]] = {}
    for subject_id, at_ms, before, value in store.engine.rows(
        f"SELECT subject_id, toUnixTimestamp64Milli(time), before, value FROM {store.table(TABLE)} "
        f"WHERE subject_id IN {tuple_of(wanted)} AND person_id IN ({owned}) ORDER BY subject_id, time",
        settings=WIDE,
    ):
        at = datetime.fromtimestamp(at_ms / 1000, UTC)
        found.setdefault(subject_id, []).append(Changed(at, before, value))
    return found
