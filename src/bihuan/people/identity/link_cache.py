"""SDKs repeat the same link at every page load; the ones already in the log cost a dictionary look-up."""

from __future__ import annotations

from collections import OrderedDict

from bihuan.kernel.hashing import key64
from bihuan.people.identity.links import Link


class LinkCache:
    """The pairs known to be in the log, with their earliest time. Bounded; the least recently seen go first.

    A repeated link with the same or a later time changes nothing: the earliest of a pair decides, and an
    undo cancels the pair.
    """

    def __init__(self, capacity: int = 200_000) -> None:
        self._capacity = capacity
        self._times: OrderedDict[int, int] = OrderedDict()

    def covers(self, link: Link) -> bool:
        """Whether the log already says as much."""
        key = _key(link)
        time_ms = self._times.get(key)
        if time_ms is None:
            return False
        self._times.move_to_end(key)
        return time_ms <= link.time_ms

    def remember(self, link: Link) -> None:
        """Note that ``link`` is in the log."""
        key = _key(link)
        self._times[key] = min(link.time_ms, self._times.get(key, link.time_ms))
        self._times.move_to_end(key)
        while len(self._times) > self._capacity:
            self._times.popitem(last=False)

    def clear(self) -> None:
        """Forget everything, after rows of the log were deleted."""
        self._times.clear()


def _key(link: Link) -> int:
    return key64(f"{link.kind}\0{link.from_id}\0{link.to_id}")
