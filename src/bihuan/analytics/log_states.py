"""What queries found out of the last state of each project's log, for the next query of the same state."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from bihuan.analytics.people_by_day import Compared, PeopleByDay
from bihuan.analytics.sequences.source import SequencesOf
from bihuan.warehouse.project import ProjectStore


@dataclass(frozen=True)
class LogState:
    """What was found out of one state of a project's tables, to be used and added to."""

    store: ProjectStore
    sequences: SequencesOf
    cells: Compared = field(default_factory=dict)

    def people_by_day(self, time_zone: str, *, pending: int = 0) -> PeopleByDay:
        """The rollup in this state; ``pending`` merged ids wait to be written into the log."""
        return PeopleByDay(self.store, time_zone, pending=pending, found=self.cells)


class LogStates:
    """The last state of each project. Thread-safe."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, str], tuple[str, LogState]] = {}
        self._lock = threading.Lock()

    def of(self, store: ProjectStore, version: str) -> LogState:
        """The state that ``version``, the project's ``data_version``, names."""
        key = (store.engine.dsn, store.layout.database)
        with self._lock:
            last = self._last.get(key)
            if last is None or last[0] != version:
                kept = None if last is None else last[1].sequences.kept
                last = self._last[key] = (version, LogState(store, SequencesOf(store, kept)))
            return last[1]
