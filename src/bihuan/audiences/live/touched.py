"""Whose events or profiles have just come, as far as anything live asks for them."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bihuan.kernel.hashing import key64
from bihuan.people import Change, Link

# Above so many people everyone is looked at: that is quicker, and bounds the memory.
MOST_KEYS = 200_000


@dataclass(frozen=True)
class Watched:
    """What is worth a look: events of these names (None: of any), and whether profiles and ids are."""

    events: frozenset[str] | None = frozenset()
    profiles: bool = False


class StoredEvent(Protocol):
    """A stored event."""

    @property
    def event(self) -> str:
        """Its name."""

    @property
    def distinct_key(self) -> int:
        """The hash of the id it came with."""


class Stored(Protocol):
    """What a request has stored: ``bihuan.collect.preparation.Prepared``."""

    @property
    def events(self) -> Sequence[StoredEvent]:
        """Events."""

    @property
    def records(self) -> Sequence[Link | Change]:
        """What was said about people."""


class Touched:
    """The ids in question since they were taken last. Thread-safe.

    ``everyone``: there may be more than are known, as at the start of the process.
    """

    def __init__(self) -> None:
        self.watched = Watched()
        self._keys: set[int] = set()
        self._everyone = True
        self._lock = threading.Lock()

    def saw(self, stored: Stored) -> None:
        """Something was stored."""
        names = self.watched.events
        keys = {row.distinct_key for row in stored.events if names is None or row.event in names}
        if self.watched.profiles:
            for record in stored.records:
                ids = (record.from_id, record.to_id) if isinstance(record, Link) else (record.distinct_id,)
                keys.update(map(key64, ids))
        if keys:
            with self._lock:
                self._keys |= keys
                if len(self._keys) > MOST_KEYS:
                    self._keys.clear()
                    self._everyone = True

    def take(self) -> set[int] | None:
        """The ids, which are forgotten; None for everyone."""
        with self._lock:
            keys, everyone = self._keys, self._everyone
            self._keys, self._everyone = set(), False
        return None if everyone else keys

    def give_back(self, keys: set[int] | None) -> None:
        """These could not be looked at; they are due again."""
        with self._lock:
            self._everyone = self._everyone or keys is None
            self._keys |= keys or set()
