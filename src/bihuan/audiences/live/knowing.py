"""What is known of a few people, for the interpreter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bihuan.analytics import ProjectContext
from bihuan.analytics.conditions import AnyCondition, Known, Listed, leaves, properties_of, selectors_of
from bihuan.analytics.reference.log import LogEvent
from bihuan.analytics.sql import EventsSource
from bihuan.kernel.hashing import key64
from bihuan.people import People
from bihuan.people.profiles.repository import present_properties, select_profiles
from bihuan.warehouse.assignments import MEMBER, values_sql
from bihuan.warehouse.sql import literal, tuple_of


def names_of_events(conditions: Iterable[AnyCondition]) -> frozenset[str] | None:
    """The events that conditions ask for; None where it is any."""
    selectors = [
        each for condition in conditions for leaf in leaves(condition) for each in selectors_of(leaf)
    ]
    if any(not selector.events for selector in selectors):
        return None
    return frozenset(name for selector in selectors for name in selector.events)


def known_people(
    ctx: ProjectContext, people: People, persons: Sequence[int], conditions: Sequence[AnyCondition]
) -> list[Known]:
    """Those of the persons who have an event by now or a profile, with what the conditions may ask for."""
    among = tuple_of(persons)
    events = _events(ctx, people, among, names_of_events(conditions))
    profiles = {
        row.person_id: present_properties(row.properties_json)
        for row in select_profiles(people.store, where=f"person_id IN {among} AND NOT deleted")
    }
    subjects = {
        ref.name for each in conditions for ref in properties_of(each) if ref.scope in ("tag", "audience")
    }
    held = _held(ctx, people, among, subjects)
    listed = {
        key64(each)
        for condition in conditions
        for leaf in leaves(condition)
        if isinstance(leaf, Listed)
        for each in leaf.distinct_ids
    }
    owners = {key: people.identities.person_of(key) for key in listed}
    there = set(profiles) | set(events) | _with_any_event(ctx, people, among)
    return [
        Known(
            person=person,
            events=tuple(events.get(person, ())),
            profile=profiles.get(person, {}),
            keys=frozenset(key for key, owner in owners.items() if owner == person),
            tags=held.get(person, {}),
            audiences=frozenset(each for each, value in held.get(person, {}).items() if value == MEMBER),
        )
        for person in persons
        if person in there
    ]


def _events(
    ctx: ProjectContext, people: People, among: str, names: frozenset[str] | None
) -> dict[int, list[LogEvent]]:
    if names is not None and not names:
        return {}
    source = EventsSource(ctx).between(None, ctx.now_ms + 1)
    source.column("person", source.person).column("name", "toString(e.event)")
    source.column("at", "toUnixTimestamp64Milli(e.time)").column("id", "e.event_id")
    source.column("distinct", "e.distinct_id").column("session", "e.session_id")
    source.column("origin", "toString(e.source)").column("said", "toString(e.properties)")
    source.where(f"{source.person} IN {among}")
    if names is not None:
        source.where(f"e.event IN {tuple_of(sorted(names))}")
    found: dict[int, list[LogEvent]] = {}
    for person, name, at_ms, event_id, distinct_id, session, origin, said in people.store.engine.rows(
        source.sql()
    ):
        event = LogEvent(
            event=name,
            time_ms=at_ms,
            person=person,
            distinct_id=distinct_id,
            properties=present_properties(said),
            session_id=session,
            source=origin,
            event_id=event_id,
        )
        found.setdefault(person, []).append(event)
    return found


def _with_any_event(ctx: ProjectContext, people: People, among: str) -> set[int]:
    source = EventsSource(ctx).between(None, ctx.now_ms + 1)
    source.column("person", source.person).where(f"{source.person} IN {among}")
    return {row[0] for row in people.store.engine.rows(f"SELECT DISTINCT person FROM ({source.sql()})")}


def _held(ctx: ProjectContext, people: People, among: str, subjects: set[str]) -> dict[int, dict[str, str]]:
    if not subjects:
        return {}
    held: dict[int, dict[str, str]] = {}
    sql = f"SELECT person, subject_id, value FROM ({values_sql(ctx.table, subjects)}) WHERE person IN {among}"
    for person, subject, value in people.store.engine.rows(sql):
        held.setdefault(person, {})[subject] = value
    return held


def given_sql(values: dict[int, str]) -> str:
    """SELECT of ``person, value`` of some persons' values, without those that are ''."""
    rows = [f"({person}, {literal(value)})" for person, value in sorted(values.items()) if value]
    if not rows:
        return "SELECT toUInt64(0) AS person, '' AS value WHERE false"
    pairs = f"CAST([{', '.join(rows)}] AS Array(Tuple(UInt64, String)))"
    return f"SELECT pair.1 AS person, pair.2 AS value FROM (SELECT arrayJoin({pairs}) AS pair)"


def persons_sql(persons: Iterable[int]) -> str:
    """SELECT of one column ``person``."""
    listed = ", ".join(map(str, sorted(persons)))
    return f"SELECT arrayJoin(CAST([{listed}] AS Array(UInt64))) AS person"
