"""What queries found out of the last state of each project's log, for the next queries."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from bihuan.analytics.people_by_day import Compared, PeopleByDay
from bihuan.analytics.sequences.source import SequencesOf, Views
from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.version import DataVersion


@dataclass
class LogState:
    """What was found out of one state of a project's tables, to be used and added to.

    Args:
        views: may hold what was found out of earlier states too.
        pending: how many merged ids wait to be written into the log; None if nobody asked.
    """

    store: ProjectStore
    version: DataVersion
    views: Views = field(default_factory=Views)
    cells: Compared = field(default_factory=dict)
    pending: int | None = None

    def people_by_day(self, time_zone: str, *, pending: int = 0) -> PeopleByDay:
        """The people of each day in this state; ``pending`` merged ids wait to be written into the log."""
        return PeopleByDay(self.store, time_zone, pending=pending, found=self.cells)

    def sequences(self) -> SequencesOf:
        """Everybody's events in this state."""
        return SequencesOf(self.store, self.version, self.views)

    def pending_ids(self) -> int:
        """How many merged ids wait to be written into the log."""
        if self.pending is None:
            overrides = f"{self.store.table('identity_overrides')} FINAL"
            self.pending = int(self.store.engine.scalar(f"SELECT count() FROM {overrides} WHERE pending"))
        return self.pending


class LogStates:
    """The last state of each project. Thread-safe."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, str], LogState] = {}
        self._lock = threading.Lock()

    def of(self, store: ProjectStore, version: DataVersion) -> LogState:
        """The state that ``version`` names."""
        key = (store.engine.dsn, store.layout.database)
        with self._lock:
            last = self._last.get(key)
            if last is not None and last.version.whole == version.whole:
                return last
            state = LogState(store, version)
            if last is not None:
                state.views = last.views
                if last.version.identities == version.identities:
                    state.pending = last.pending
            self._last[key] = state
            return state
