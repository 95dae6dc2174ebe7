"""Which cells of the rollup of people by day a query may use, found out once a query."""

from __future__ import annotations

from datetime import date

from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.rollups import MOST_PENDING, Cells, compare


class PeopleByDay:
    """The rollup of one project as one query sees it: what was compared with the log stays as it was found.

    Args:
        store: the project's store, whose rollup must be ``consistent``.
        pending: how many merged ids wait to be written into the log.
    """

    def __init__(self, store: ProjectStore, time_zone: str, *, pending: int = 0) -> None:
        self._store = store
        self._time_zone = time_zone
        self._pending = pending
        self._found: dict[tuple[tuple[str, ...], str, date], Cells | None] = {}

    def cells(self, events: tuple[str, ...], property: str, last_day: date) -> Cells | None:
        """The cells until ``last_day`` of these events (none: of any); None where the log serves better."""
        if self._pending > MOST_PENDING:
            return None
        key = (events, property, last_day)
        if key not in self._found:
            self._found[key] = compare(self._store, self._time_zone, events, property, last_day)
        return self._found[key]
