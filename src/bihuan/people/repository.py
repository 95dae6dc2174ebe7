"""Queries about people: one person, the list, the timeline."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bihuan.access import Mask
from bihuan.kernel.hashing import key64
from bihuan.kernel.vocabulary import STANDARD
from bihuan.people.identity.repository import WIDE, overrides_of
from bihuan.people.identity.service import Identities
from bihuan.people.profiles.repository import ProfileRow, members_of, present_properties, select_profiles
from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.sql import json_path, literal, time_ms, tuple_of

SEARCHED_PROPERTIES = ("name", "email", "phone", "username", "$name", "$email", "$phone", "nickname")
# More names than a list of them is for.
MOST_NAMES = 10_000
# Ids that are a mail address, or a number long enough to be a telephone's or an identity card's.
PERSONAL_ID = r"@|\d{11}"


@dataclass(frozen=True)
class EventsOf:
    """How many events a person has, and when the first and last were (None without any)."""

    count: int
    first_ms: int | None
    last_ms: int | None


@dataclass(frozen=True)
class TimelineEvent:
    """One event of a person's timeline."""

    event_id: uuid.UUID
    event: str
    time_ms: int
    distinct_id: str
    session_id: str
    source: str
    properties: dict[str, Any]


def ids_of_person(identities: Identities, person: int) -> dict[int, str]:
    """All ids that resolve to a person, by key; the person's own only if links name it."""
    found = members_of(identities.store, [person])
    return {key: text for key, text in found.items() if identities.person_of(key) == person}


def ids_ever_of_person(identities: Identities, person: int) -> set[int]:
    """The keys of all ids that are or once were a person's."""
    return {person, *members_of(identities.store, [person])}


def events_condition(identities: Identities, person: int) -> str:
    """The rows of ``events`` that belong to a person, as a condition."""
    store = identities.store
    keys = {*ids_of_person(identities, person), person}
    listed = ", ".join(map(str, sorted(keys)))
    # Rows of an id still pending may carry any person it ever had; all others carry the resolved one, by
    # which a projection is ordered.
    pending = any(row.pending for row in overrides_of(store, keys))
    narrowed = "" if pending else f"person_id = {person} AND "
    return f"{narrowed}distinct_key IN ({listed})"


def events_of(store: ProjectStore, condition: str) -> EventsOf:
    """Count and span of the rows that meet ``condition``."""
    rows = store.engine.rows(
        "SELECT count(), toUnixTimestamp64Milli(min(time)), toUnixTimestamp64Milli(max(time)) "
        f"FROM {store.table('events')} WHERE {condition}",
        settings=WIDE,
    )
    count, first_ms, last_ms = rows[0]
    return EventsOf(count, first_ms, last_ms) if count else EventsOf(0, None, None)


def timeline(
    store: ProjectStore,
    condition: str,
    *,
    events: Sequence[str] = (),
    before_ms: int | None = None,
    before: tuple[Any, ...] | None,
    limit: int,
) -> list[TimelineEvent]:
    """Events of these names (none: of any) latest first, from before a time and a (time, event id)."""
    if events:
        condition += f" AND event IN {tuple_of(events)}"
    if before_ms is not None:
        condition += f" AND time < {time_ms(before_ms)}"
    if before is not None:
        moment = time_ms(before[0])
        condition += f" AND time <= {moment} AND (time, event_id) < ({moment}, {literal(before[1])})"
    rows = store.engine.rows(
        "SELECT event_id, event, toUnixTimestamp64Milli(time), distinct_id, session_id, source, "
        "toString(properties) "
        f"FROM {store.table('events')} WHERE {condition} ORDER BY time DESC, event_id DESC LIMIT {limit}",
        settings=WIDE,
    )
    return [
        TimelineEvent(event_id, event, moment_ms, name, session, source, present_properties(properties))
        for event_id, event, moment_ms, name, session, source, properties in rows
    ]


def session_starts(store: ProjectStore, condition: str, *, until_ms: int, gap_seconds: int) -> list[int]:
    """When a person's sessions began, until a time, ascending. A pause ends a session: there are few."""
    step = "toUnixTimestamp64Milli(time)"
    rows = store.engine.rows(
        f"SELECT at FROM (SELECT {step} AS at, lagInFrame({step}, 1, -1000000000000000) "
        "OVER (ORDER BY time ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS previous "
        f"FROM {store.table('events')} WHERE {condition} AND time <= {time_ms(until_ms)}) "
        f"WHERE at - previous > {gap_seconds * 1000} ORDER BY at",
        settings=WIDE,
    )
    return [row[0] for row in rows]


def list_profiles(
    store: ProjectStore,
    *,
    search: str | None,
    properties: Sequence[str] = (),
    mask: Mask,
    before: tuple[Any, ...] | None,
    limit: int,
) -> list[ProfileRow]:
    """Profiles that are not deleted, the last changed first, from before an (updated, person id).

    ``search`` is looked for in ``properties``; without any, in ids and in what people are called by. What
    ``mask`` hides must be given whole: by its parts it could be guessed, one letter after the other.
    """
    conditions = ["NOT deleted"]
    if before is not None:
        conditions.append(f"(updated_at, person_id) < ({time_ms(before[0])}, {before[1]})")
    if search:
        names = properties or SEARCHED_PROPERTIES
        found = [
            _looked_for(search, name, hidden=mask.hides and mask.kind(name) is not None) for name in names
        ]
        if not properties:
            within = f"positionCaseInsensitiveUTF8(each, {literal(search)}) > 0"
            if mask.hides:
                within = f"each = {literal(search)} OR ({within} AND NOT match(each, {literal(PERSONAL_ID)}))"
            found.append(f"arrayExists(each -> {within}, distinct_ids)")
        conditions.append("(" + " OR ".join(found) + ")")
    return select_profiles(
        store,
        where=" AND ".join(conditions),
        tail=f"ORDER BY updated_at DESC, person_id DESC LIMIT {limit}",
    )


def _looked_for(search: str, name: str, *, hidden: bool) -> str:
    value = f"ifNull(toString(properties.{json_path(name)}), '')"
    if hidden:
        return f"lowerUTF8({value}) = lowerUTF8({literal(search)})"
    return f"positionCaseInsensitiveUTF8({value}, {literal(search)}) > 0"


def text_of_person(store: ProjectStore, person: int) -> str | None:
    """Some id of a person who has events but no profile; None when nothing is recorded."""
    sql = f"SELECT distinct_id FROM {store.table('events')} WHERE person_id = {person} LIMIT 1"
    rows = store.engine.rows(sql)
    return rows[0][0] if rows else None


def texts_of_persons(store: ProjectStore, persons: Sequence[int]) -> dict[int, list[str]]:
    """Up to ten ids of each person who has events, as the events carry them."""
    if not persons:
        return {}
    listed = ", ".join(map(str, persons))
    rows = store.engine.rows(
        f"SELECT person_id, arraySort(groupUniqArray(10)(distinct_id)) FROM {store.table('events')} "
        f"WHERE person_id IN ({listed}) GROUP BY person_id"
    )
    return {row[0]: list(row[1]) for row in rows}


def person_key(identities: Identities, person: str) -> int:
    """The person id for what a caller names a person by: one of the ids, or ``#`` and the number."""
    if person.startswith("#") and person[1:].isdigit():
        return identities.person_of(int(person[1:]))
    return identities.person_of(key64(person))


def property_names(store: ProjectStore) -> list[str]:
    """The names of all properties of profiles, declared ones only where one has a value."""
    table = store.table("profiles")
    given = ", ".join(f"countIf(isNotNull(properties.{json_path(name)}))" for name in STANDARD)
    counts = store.engine.rows(f"SELECT {given} FROM {table} FINAL WHERE NOT deleted")[0]
    names = {name for name, count in zip(STANDARD, counts, strict=True) if count}
    for paths in ("JSONDynamicPaths(properties)", "JSONSharedDataPaths(properties)"):
        sql = f"SELECT DISTINCT arrayJoin({paths}) FROM {table} FINAL WHERE NOT deleted LIMIT {MOST_NAMES}"
        names.update(row[0] for row in store.engine.rows(sql))
    return sorted(names)
