"""Names of events that a process has let in, so that those met for the first time can be learned at once."""

from __future__ import annotations

import threading
from collections.abc import Iterable

# A sender that puts ids into names would fill memory; the catalog does not learn that many either.
MOST_NAMES = 10_000
# Rows wait in the queue for moments before they can be read.
TRIES = 15


class EventNames:
    """What collection has met. ``known`` is looked at for each event; the rest happens once a name.

    Thread-safe: ``met`` may be told of a name more than once.
    """

    def __init__(self) -> None:
        self.known: set[str] = set()
        self._fresh: dict[str, int] = {}
        self._lock = threading.Lock()

    def met(self, name: str) -> None:
        """A name that is not in ``known``."""
        with self._lock:
            if len(self.known) < MOST_NAMES:
                self.known.add(name)
                self._fresh.setdefault(name, TRIES)

    def fresh(self) -> list[str]:
        """Names that are to be learned."""
        return list(self._fresh)

    def learned(self, names: Iterable[str]) -> None:
        """These are learned; the others are tried again, but not for ever."""
        with self._lock:
            done = set(names)
            left = {name: tries - 1 for name, tries in self._fresh.items() if name not in done}
            self._fresh = {name: tries for name, tries in left.items() if tries > 0}
