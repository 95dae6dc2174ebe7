"""Profiles of one project: logged changes in, folded profiles out."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from bihuan.kernel.hashing import key64
from bihuan.people.identity.service import EPOCH_MS, Identities
from bihuan.people.profiles import repository
from bihuan.people.profiles.changes import Change
from bihuan.people.profiles.folding import Profile, fold
from bihuan.people.profiles.repository import ProfileRow
from bihuan.people.profiles.stored import stored_json

PERSONS_AT_ONCE = 20_000
# Below this the question costs as much as reading the changes back.
NEW_PERSONS_WORTH_ASKING = 200
# A version is the time of the person's last change of ids, then the number of changes folded.
COUNT_BITS = 22
LARGEST_COUNT = (1 << COUNT_BITS) - 1


class Profiles:
    """The profiles of one project. Thread-safe.

    A profile is folded anew from the whole log of its person, so a fold that missed what another process
    logged at the same moment counts fewer changes and loses to the fuller one.
    """

    def __init__(self, identities: Identities) -> None:
        self.identities = identities
        self.store = identities.store
        self._lock = threading.Lock()

    def apply(self, changes: Sequence[Change], *, moved: Iterable[int] = ()) -> None:
        """Log the changes and fold the profiles they touch.

        Args:
            changes: in any order; ones logged before are harmless.
            moved: persons whose ids changed (``IdentityChange.persons``), whose profiles follow.
        """
        repository.insert_changes(self.store, changes)
        touched: defaultdict[int, list[Change]] = defaultdict(list)
        for change in changes:
            touched[key64(change.distinct_id)].append(change)
        new = self._new_persons(touched)
        persons = {self.identities.person_of(key) for key in touched} | set(moved)
        with self._lock:
            rows = [self._row(key, {key: touched[key][0].distinct_id}, fold(touched[key])) for key in new]
            repository.insert_profiles(self.store, [row for row in rows if row is not None])
        self.refold(persons.difference(new))

    def refold(self, persons: Iterable[int]) -> None:
        """Fold the profiles of these persons anew; one that became part of another person is put away."""
        ordered = sorted(set(persons))
        with self._lock:
            for start in range(0, len(ordered), PERSONS_AT_ONCE):
                self._refold(ordered[start : start + PERSONS_AT_ONCE])

    def _new_persons(self, touched: Mapping[int, list[Change]]) -> list[int]:
        """Those of whom the log, just written, has nothing else: their part of it need not be read back."""
        alone = {key: len(changes) for key, changes in touched.items() if not self.identities.has_links(key)}
        if len(alone) < NEW_PERSONS_WORTH_ASKING:
            return []
        more = repository.keys_with_more(self.store, alone)
        return [key for key in alone if key not in more]

    def _refold(self, persons: list[int]) -> None:
        identities = self.identities
        present = [person for person in persons if identities.person_of(person) == person]
        members = self._members(present)
        owners = {key: person for person, ids in members.items() for key in ids}
        changes: defaultdict[int, list[Change]] = defaultdict(list)
        for key, change in repository.changes_of(self.store, owners):
            person = owners[key]
            changes[person].append(change)
            members[person][key] = change.distinct_id
        rows = [self._row(person, members[person], fold(changes[person])) for person in present]
        rows += [self._put_away(person) for person in persons if identities.person_of(person) != person]
        repository.insert_profiles(self.store, [row for row in rows if row is not None])

    def _members(self, persons: list[int]) -> dict[int, dict[int, str]]:
        members: dict[int, dict[int, str]] = {person: {person: ""} for person in persons}
        linked = [person for person in persons if self.identities.has_links(person)]
        for key, text in repository.members_of(self.store, linked).items():
            person = self.identities.person_of(key)
            if person in members:
                members[person][key] = text
        return members

    def _row(self, person: int, members: dict[int, str], profile: Profile) -> ProfileRow | None:
        ids = sorted(text for text in members.values() if text)
        if not ids:
            return None
        tick = self.identities.latest_tick(members)
        linked_ms = EPOCH_MS + tick
        return ProfileRow(
            person_id=person,
            distinct_ids=ids,
            first_seen_ms=linked_ms if profile.first_ms is None else profile.first_ms,
            updated_ms=linked_ms if profile.last_ms is None else profile.last_ms,
            deleted=profile.deleted,
            properties_json=stored_json(profile.properties),
            version=tick << COUNT_BITS | min(profile.count, LARGEST_COUNT),
        )

    def _put_away(self, person: int) -> ProfileRow:
        tick = self.identities.latest_tick([person])
        moment_ms = EPOCH_MS + tick
        return ProfileRow(person, [], moment_ms, moment_ms, True, "{}", tick << COUNT_BITS)
