"""Which cells of the rollup of people by day a query may use, found out once for each state of the log."""

from __future__ import annotations

from datetime import date

from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.rollups import MOST_PENDING, Cells, compare

# By time zone, events, property and last day.
Compared = dict[tuple[str, tuple[str, ...], str, date], Cells | None]
# Of one state of the log; beyond it they are found out each time.
_MOST_KEPT = 10_000


class PeopleByDay:
    """The rollup of one project as one query sees it: what was compared with the log stays as it was found.

    Args:
        store: the project's store, whose rollup must be ``consistent``.
        pending: how many merged ids wait to be written into the log.
        found: comparisons of the same state of the log, to be used and added to.
    """

    def __init__(
        self,
        store: ProjectStore,
        time_zone: str,
        *,
        pending: int = 0,
        found: Compared | None = None,
    ) -> None:
        self._store = store
        self._time_zone = time_zone
        self._pending = pending
        self._found: Compared = {} if found is None else found

    def cells(self, events: tuple[str, ...], property: str, last_day: date) -> Cells | None:
        """The cells until ``last_day`` of these events (none: of any); None where the log serves better."""
        if self._pending > MOST_PENDING:
            return None
        key = (self._time_zone, events, property, last_day)
        if key in self._found:
            return self._found[key]
        if len(self._found) >= _MOST_KEPT:
            return compare(self._store, *key)
        found = self._found[key] = compare(self._store, *key)
        return found
