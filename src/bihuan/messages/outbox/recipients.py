"""Who the messages of a batch go to: profiles and habits, one question each for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bihuan.messages.outbox.policies.clock import DAY_MS, zone_of
from bihuan.messages.outbox.policies.timing import active_hour
from bihuan.messages.outbox.ports import Recipient, SendingProject
from bihuan.people.identity.repository import WIDE
from bihuan.people.profiles.repository import present_properties, select_profiles
from bihuan.people.repository import texts_of_persons
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.sql import literal, time_ms

HABIT_DAYS = 28
# Hours of a project's people, where somebody's own are not known: enough of them to see the day's shape.
_MOST_HOURS = 200_000
OWN_SOURCE = "bihuan"


def recipients_of(project: SendingProject, person_ids: Sequence[int]) -> dict[int, Recipient]:
    """Everybody who is known, by the id they were queued under; merged persons are who they are now."""
    person_of = project.people.identities.person_of
    now = {each: person_of(each) for each in set(person_ids)}
    listed = ", ".join(map(str, sorted(set(now.values()))))
    if not listed:
        return {}
    rows = select_profiles(project.store, where=f"person_id IN ({listed}) AND NOT deleted")
    default = project.row.time_zone
    found = {}
    for row in rows:
        properties = present_properties(row.properties_json)
        zone = zone_of(properties.get("$timezone"), default)
        if row.distinct_ids:
            found[row.person_id] = Recipient(row.person_id, row.distinct_ids[0], properties, zone)
    nameless = [each for each in set(now.values()) if each not in found]
    for person, ids in texts_of_persons(project.store, nameless).items():
        found[person] = Recipient(person, ids[0], {}, zone_of(None, default))
    return {queued: found[person] for queued, person in now.items() if person in found}


def active_hours(
    store: ProjectStore, recipients: Sequence[Recipient], now_ms: int, default_zone: str
) -> dict[int, int]:
    """The hour of the day in which each person is active, of the last four weeks.

    Who did too little takes the hour in which most people are active; nobody where nobody did anything.
    """
    persons = {each.person_id: each.zone for each in recipients}
    listed = ", ".join(map(str, persons))
    hours = _hours(store, f"person_id IN ({listed})", now_ms) if listed else {}
    found = {}
    for person, zone in persons.items():
        hour = active_hour(hours.get(person, ()), zone)
        if hour is not None:
            found[person] = hour
    others = [person for person in persons if person not in found]
    if others:
        zone = zone_of(None, default_zone)
        common = _common_hour(store, zone, now_ms)
        if common is not None:
            found |= dict.fromkeys(others, common)
    return found


def _hours(store: ProjectStore, condition: str, now_ms: int) -> dict[int, list[int]]:
    rows = store.engine.rows(
        "SELECT person_id, groupUniqArray(toUnixTimestamp(toStartOfHour(time))) "
        f"FROM {store.table('events')} WHERE {condition} AND {_lately(now_ms)} GROUP BY person_id",
        settings=WIDE,
    )
    return {person: [each * 1000 for each in hours] for person, hours in rows}


def _common_hour(store: ProjectStore, zone: ZoneInfo, now_ms: int) -> int | None:
    rows = store.engine.rows(
        "SELECT DISTINCT person_id, toUnixTimestamp(toStartOfHour(time)) "
        f"FROM {store.table('events')} WHERE {_lately(now_ms)} LIMIT {_MOST_HOURS}"
    )
    return active_hour((hour * 1000 for _, hour in rows), zone)


def _lately(now_ms: int) -> str:
    since_ms = now_ms - HABIT_DAYS * DAY_MS
    # What the system did to people says nothing of when they look.
    return f"time > {time_ms(since_ms)} AND time <= {time_ms(now_ms)} AND source != {literal(OWN_SOURCE)}"
