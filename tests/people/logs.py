"""Small logs for tests: links, events and changes written short."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from bihuan.kernel.hashing import key64
from bihuan.people import Change, Identities, Link, new_link
from bihuan.warehouse.project import ProjectStore

START_MS = 1_760_000_000_000


def link(from_id: str, to_id: str, at: int, kind: Any = "link") -> Link:
    return new_link(kind, from_id, to_id, START_MS + at)


def undo(target: Link, at: int) -> Link:
    return new_link("undo", target.from_id, target.to_id, START_MS + at, target=target.link_id)


def change(
    distinct_id: str, operation: Any, at: int, values: dict[str, Any] | None = None, *, number: int = 0
) -> Change:
    change_id = uuid.UUID(int=number) if number else uuid.uuid4()
    return Change(change_id, distinct_id, START_MS + at, START_MS + at, operation, values or {})


def add_events(
    store: ProjectStore, rows: Sequence[tuple[str, int]], identities: Identities | None = None
) -> None:
    """Events named "seen" as (distinct id, time), with the person the writer would give them."""
    person_of = identities.person_of if identities else (lambda key: key)
    store.engine.insert_rows(
        store.table("events"),
        [
            "event_id",
            "event",
            "time",
            "received_at",
            "person_id",
            "distinct_key",
            "distinct_id",
            "properties",
        ],
        [
            (
                uuid.uuid4(),
                "seen",
                moment(at),
                datetime.now(UTC),
                person_of(key64(name)),
                key64(name),
                name,
                "{}",
            )
            for name, at in rows
        ],
    )


def moment(at: int) -> datetime:
    return datetime.fromtimestamp((START_MS + at) / 1000, UTC)


def persons_in_queries(store: ProjectStore) -> dict[str, int]:
    """Each distinct id's person as a query resolves it: a pending override, else what the row carries."""
    overrides = (
        "SELECT distinct_key, argMax(person_id, version) AS person, argMax(pending, version) AS waits "
        f"FROM {store.table('identity_overrides')} GROUP BY distinct_key"
    )
    rows = store.engine.rows(
        "SELECT distinct_id, if(o.waits, o.person, e.person_id) AS person "
        f"FROM {store.table('events')} AS e LEFT JOIN ({overrides}) AS o "
        "ON o.distinct_key = e.distinct_key GROUP BY distinct_id, person"
    )
    persons: dict[str, int] = {}
    for name, person in rows:
        assert name not in persons, f"{name} resolves to two persons"
        persons[name] = person
    return persons
