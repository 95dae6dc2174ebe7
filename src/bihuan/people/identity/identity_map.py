"""The identity table in memory: 26 bytes an id, so that every event finds its person without a query."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# Beyond this many recent entries they are merged into the arrays; a merge of a million takes 0.1 s.
RECENT_LIMIT = 50_000


class Entry(NamedTuple):
    """What is known of one id. ``version`` is that of its row; ``known`` as in ``resolution``."""

    person_id: int
    version: int
    known: bool


class IdentityMap:
    """Ids that occur in the link log, by their 64-bit key. Readers need no lock; one writer at a time."""

    def __init__(self) -> None:
        self._recent: dict[int, Entry] = {}
        self._base = _Arrays(array("Q"), array("Q"), array("Q"), bytearray())
        self.latest_version = 0

    def __len__(self) -> int:
        base, recent = self._base, self._recent
        return len(base.keys) + sum(1 for key in recent if base.find(key) is None)

    def get(self, key: int) -> Entry | None:
        """The entry of an id; None for one that no link names."""
        return self._recent.get(key) or self._base.find(key)

    def person_of(self, key: int) -> int:
        """The person of an id: itself unless a link says otherwise."""
        entry = self._recent.get(key)
        if entry is not None:
            return entry.person_id
        keys, persons, _, _ = self._base
        at = bisect_left(keys, key)
        return persons[at] if at < len(keys) and keys[at] == key else key

    def persons_of(self, keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """``person_of`` for an array of keys at once."""
        base, recent = self._base, self._recent
        persons = keys.copy()
        if base.keys:
            known = np.frombuffer(base.keys, np.uint64)
            at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
            hit = known[at] == keys
            persons[hit] = np.frombuffer(base.persons, np.uint64)[at[hit]]
        if recent:
            for index, key in enumerate(keys.tolist()):
                entry = recent.get(key)
                if entry is not None:
                    persons[index] = entry.person_id
        return persons

    def put(self, entries: dict[int, Entry]) -> None:
        """Add or replace entries; one of an older version than what is held is ignored."""
        for key, entry in entries.items():
            held = self.get(key)
            if held is None or held.version <= entry.version:
                self._recent[key] = entry
                self.latest_version = max(self.latest_version, entry.version)
        if len(self._recent) > RECENT_LIMIT:
            self._compact()

    def load(
        self,
        keys: NDArray[np.uint64],
        persons: NDArray[np.uint64],
        versions: NDArray[np.uint64],
        known: NDArray[np.uint8],
    ) -> None:
        """Merge whole columns in; of two rows with one key the higher version is kept."""
        base = self._base
        self.latest_version = max(self.latest_version, int(versions.max(initial=0)))
        all_keys = np.concatenate([np.frombuffer(base.keys, np.uint64), keys])
        all_versions = np.concatenate([np.frombuffer(base.versions, np.uint64), versions])
        order = np.lexsort((all_versions, all_keys))
        sorted_keys = all_keys[order]
        last = np.append(sorted_keys[1:] != sorted_keys[:-1], True) if len(order) else np.zeros(0, bool)
        chosen = order[last]
        self._base = _Arrays(
            _array(all_keys[chosen]),
            _array(np.concatenate([np.frombuffer(base.persons, np.uint64), persons])[chosen]),
            _array(all_versions[chosen]),
            bytearray(np.concatenate([np.frombuffer(base.known, np.uint8), known])[chosen].tobytes()),
        )

    def _compact(self) -> None:
        recent = self._recent
        self.load(
            np.fromiter(recent, np.uint64, len(recent)),
            np.fromiter((entry.person_id for entry in recent.values()), np.uint64, len(recent)),
            np.fromiter((entry.version for entry in recent.values()), np.uint64, len(recent)),
            np.fromiter((entry.known for entry in recent.values()), np.uint8, len(recent)),
        )
        # After the arrays, so that a reader without a lock finds every entry in one of the two.
        self._recent = {}


class _Arrays(NamedTuple):
    keys: array[int]
    persons: array[int]
    versions: array[int]
    known: bytearray

    def find(self, key: int) -> Entry | None:
        at = bisect_left(self.keys, key)
        if at < len(self.keys) and self.keys[at] == key:
            return Entry(self.persons[at], self.versions[at], bool(self.known[at]))
        return None


def _array(values: NDArray[np.uint64]) -> array[int]:
    result = array("Q")
    result.frombytes(values.tobytes())
    return result
