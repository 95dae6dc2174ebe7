"""People of one project: who they are, what is known of them, what they did."""

from __future__ import annotations

import uuid
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bihuan.access import Mask
from bihuan.kernel.hashing import key64
from bihuan.people import repository
from bihuan.people.cursor import decode, encode
from bihuan.people.erasure import Erasures
from bihuan.people.errors import PersonNotFound
from bihuan.people.identity.links import Link
from bihuan.people.identity.repository import StoredLink
from bihuan.people.identity.service import Identities, IdentityChange
from bihuan.people.profiles.changes import Change
from bihuan.people.profiles.repository import ProfileRow, present_properties, profile_of, select_profiles
from bihuan.people.profiles.service import Profiles
from bihuan.people.repository import EventsOf, TimelineEvent
from bihuan.warehouse.project import ProjectStore

SHOWN = Mask({}, hides=False)


@dataclass(frozen=True)
class PersonSummary:
    """A person in a list. Times are None for one who has events only."""

    person_id: int
    distinct_ids: list[str]
    first_seen_ms: int | None
    updated_ms: int | None
    properties: dict[str, Any]

    def seen(self) -> dict[str, Any]:
        """What tells about the person: the properties, and the ids."""
        return {**self.properties, "": self.distinct_ids}


@dataclass(frozen=True)
class PersonDetail:
    """A person with the count and span of their events."""

    summary: PersonSummary
    events: EventsOf


class People:
    """Everything about the people of one project. Thread-safe; one of it in a process.

    ``identities``, ``profiles`` and ``erasures`` are the parts; the methods here are what crosses them.
    ``erased``: who is told of an erasure, by the keys of the person and of all ids; again must do no harm.
    """

    def __init__(self, store: ProjectStore) -> None:
        self.store = store
        self.identities = Identities(store)
        self.profiles = Profiles(self.identities)
        self.erasures = Erasures(self.profiles)
        self.erased: list[Callable[[list[int]], None]] = []

    def record(self, links: Sequence[Link], changes: Sequence[Change], *, received_ms: int) -> IdentityChange:
        """Store what a batch says about people. Call it before its events are stored.

        When it returns, queries see the links, and profiles are folded. What belongs to an erased person is
        left out.
        """
        covers = self.erasures.covers
        links = [
            link
            for link in links
            if not (covers(key64(link.from_id), link.time_ms) or covers(key64(link.to_id), link.time_ms))
        ]
        changes = [change for change in changes if not covers(key64(change.distinct_id), change.time_ms)]
        change = self.identities.apply(links, received_ms=received_ms) if links else IdentityChange()
        if changes or change.persons:
            self.profiles.apply(changes, moved=change.persons)
        return change

    def merge(self, from_id: str, to_id: str, *, actor: str) -> IdentityChange:
        """Join two persons; the person of ``to_id`` remains. Raises as ``Identities.merge``."""
        change = self.identities.merge(from_id, to_id, actor=actor)
        self.profiles.refold(change.persons)
        return change

    def undo(self, link_id: uuid.UUID, *, actor: str) -> IdentityChange:
        """Take back a row of the identity log. Raises as ``Identities.undo``."""
        change = self.identities.undo(link_id, actor=actor)
        self.profiles.refold(change.persons)
        return change

    def erase(self, person: str, *, actor: str) -> list[str]:
        """Erase a person, named by any of the ids; returns the ids."""
        key = self.identities.person_of(key64(person))
        ids = self.erasures.erase(person, actor=actor)
        for tell in self.erased:
            tell(sorted({key, *map(key64, ids)}))
        return ids

    def get(self, person: str) -> PersonDetail:
        """One person, by any id, or by ``#`` and the person's number.

        Raises:
            PersonNotFound: nothing is recorded of such a person.
        """
        key = repository.person_key(self.identities, person)
        events = repository.events_of(self.store, repository.events_condition(self.identities, key))
        row = profile_of(self.store, key)
        if row is None and events.count == 0:
            raise PersonNotFound(person=person, path="person")
        return PersonDetail(self._summary(key, row), events)

    def search(
        self,
        *,
        search: str | None = None,
        properties: Sequence[str] = (),
        mask: Mask = SHOWN,
        cursor: str | None = None,
        limit: int = 100,
    ) -> tuple[list[PersonSummary], str | None]:
        """People with a profile, the last changed first, and the cursor of the next page.

        ``search`` looks in ids, names, mail addresses and telephone numbers; a person found by an exact id
        comes first, profile or not. With ``properties`` it looks in these only. What ``mask`` hides is found
        by the whole of it only.
        """
        before = None if cursor is None else decode(cursor, int, int)
        rows = repository.list_profiles(
            self.store, search=search, properties=properties, mask=mask, before=before, limit=limit + 1
        )
        people = [self._summary(row.person_id, row) for row in rows[:limit]]
        if search and before is None and not properties:
            people = self._exact_first(search, people)
        if len(rows) <= limit:
            return people, None
        return people, encode(rows[limit - 1].updated_ms, rows[limit - 1].person_id)

    def property_names(self) -> list[str]:
        """The properties that any profile has, by name."""
        return repository.property_names(self.store)

    def summaries(self, persons: Sequence[int]) -> list[PersonSummary]:
        """People by person id, in the given order; reads them in bulk."""
        if not persons:
            return []
        listed = ", ".join(map(str, persons))
        profiles = select_profiles(self.store, where=f"person_id IN ({listed}) AND NOT deleted")
        rows = {row.person_id: row for row in profiles}
        texts = repository.texts_of_persons(self.store, [each for each in persons if each not in rows])
        found = []
        for person in persons:
            row = rows.get(person)
            if row is None:
                found.append(PersonSummary(person, texts.get(person, []), None, None, {}))
            else:
                found.append(self._summary(person, row))
        return found

    def links(
        self, person: str, *, cursor: str | None = None, limit: int = 100
    ) -> tuple[list[StoredLink], str | None]:
        """What was said of a person's ids, also of those they have lost again, the latest first."""
        key = repository.person_key(self.identities, person)
        keys = repository.ids_ever_of_person(self.identities, key)
        return self.identities.links(distinct_keys=keys, cursor=cursor, limit=limit)

    def session_starts(self, person: str, events: Sequence[TimelineEvent], *, gap_seconds: int) -> list[int]:
        """When the session of each of these events of a person began: its run of events without a pause."""
        if not events:
            return []
        key = repository.person_key(self.identities, person)
        starts = repository.session_starts(
            self.store,
            repository.events_condition(self.identities, key),
            until_ms=max(event.time_ms for event in events),
            gap_seconds=gap_seconds,
        )
        return [starts[max(0, bisect_right(starts, event.time_ms) - 1)] for event in events]

    def timeline(
        self,
        person: str,
        *,
        events: Sequence[str] = (),
        before_ms: int | None = None,
        cursor: str | None = None,
        limit: int = 100,
    ) -> tuple[list[TimelineEvent], str | None]:
        """A person's events, the latest first, and the cursor of the next page.

        ``events`` narrows them to these names, ``before_ms`` to those before a moment.
        """
        key = repository.person_key(self.identities, person)
        before = None if cursor is None else decode(cursor, int, uuid.UUID)
        found = repository.timeline(
            self.store,
            repository.events_condition(self.identities, key),
            events=events,
            before_ms=before_ms,
            before=before,
            limit=limit + 1,
        )
        if len(found) <= limit:
            return found, None
        return found[:limit], encode(found[limit - 1].time_ms, found[limit - 1].event_id)

    def _exact_first(self, search: str, people: list[PersonSummary]) -> list[PersonSummary]:
        key = self.identities.person_of(key64(search))
        if any(person.person_id == key for person in people):
            return sorted(people, key=lambda person: person.person_id != key)
        try:
            return [self.get(search).summary, *people]
        except PersonNotFound:
            return people

    def _summary(self, person: int, row: ProfileRow | None) -> PersonSummary:
        if row is not None and not row.deleted:
            properties = present_properties(row.properties_json)
            return PersonSummary(person, row.distinct_ids, row.first_seen_ms, row.updated_ms, properties)
        ids = sorted(repository.ids_of_person(self.identities, person).values())
        text = None if ids else repository.text_of_person(self.store, person)
        return PersonSummary(person, ids or ([text] if text is not None else []), None, None, {})
