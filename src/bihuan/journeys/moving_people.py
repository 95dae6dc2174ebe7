"""Moving the people of all journeys, about once a second, in every process that works.

A journey is moved by one process at a time, which has its lease; when that process dies another one takes
over after a minute.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from sqlalchemy import select

from bihuan.access import Project
from bihuan.database import Database, new_id
from bihuan.journeys.engine.running import TO_LOOK_AT, LeaseLost, give_up_leases
from bihuan.journeys.engine.telling import LogWriter
from bihuan.journeys.engine.ticking import tick
from bihuan.journeys.models import Journey
from bihuan.journeys.ports import Services
from bihuan.kernel.repeating import Repeating
from bihuan.people import People

_log = logging.getLogger(__name__)

TICK_SECONDS = 1.0
# Journeys moved at the same time: one with a million people does not hold up the others.
AT_ONCE = 2
# One that failed is left alone for so long.
PAUSE_SECONDS = 30.0


class Opened(Protocol):
    """A project that is open: ``bihuan.projects.OpenProject``."""

    @property
    def row(self) -> Project:
        """The project."""

    @property
    def people(self) -> People:
        """Its people."""


class JourneyRunner:
    """Moves people, in threads. ``services`` are what journeys of this installation can do.

    Args:
        open_project: a project by its id.
        clock: gives Unix milliseconds.
    """

    def __init__(
        self,
        database: Database,
        open_project: Callable[[str], Opened],
        services: Services,
        writer: LogWriter | None,
        *,
        clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self.services = services
        self._database = database
        self._open = open_project
        self._writer = writer
        self._clock = clock
        self._owner = new_id()
        self._under_way: set[str] = set()
        self._not_before: dict[str, float] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="journey")
        self._repeating = Repeating("journeys", TICK_SECONDS, self._turn)

    def start(self) -> None:
        """Begin, in a thread."""
        self._repeating.start()

    def stop(self) -> None:
        """End at the next transaction, wait for that, and leave the journeys to others."""
        if self._repeating.stop():
            self._pool.shutdown()
            give_up_leases(self._database, self._owner)

    def tick(self) -> int:
        """Move everybody once, one journey after another; returns how many journeys this process moved."""
        return sum(self._move(*each) for each in self._journeys())

    def _turn(self) -> None:
        try:
            for project_id, journey_id in self._journeys():
                if self._begin(journey_id):
                    self._pool.submit(self._move_one, project_id, journey_id)
        except Exception:
            _log.warning("journeys were not looked at", exc_info=True)

    def _journeys(self) -> list[tuple[str, str]]:
        wanted = select(Journey.project_id, Journey.id).where(TO_LOOK_AT).order_by(Journey.id)
        with self._database.read_session() as session:
            return [(row[0], row[1]) for row in session.execute(wanted)]

    def _begin(self, journey_id: str) -> bool:
        with self._lock:
            waits = self._not_before.get(journey_id, 0.0) > time.monotonic()
            if waits or journey_id in self._under_way:
                return False
            self._under_way.add(journey_id)
            return True

    def _move_one(self, project_id: str, journey_id: str) -> None:
        try:
            self._move(project_id, journey_id)
        except Exception:
            self._not_before[journey_id] = time.monotonic() + PAUSE_SECONDS
            _log.warning("people of journey %s were not moved", journey_id, exc_info=True)
        finally:
            with self._lock:
                self._under_way.discard(journey_id)

    def _move(self, project_id: str, journey_id: str) -> bool:
        opened = self._open(project_id)
        try:
            return tick(
                self._database,
                opened.row,
                opened.people,
                self.services,
                journey_id,
                owner=self._owner,
                now_ms=self._clock(),
                writer=self._writer,
                halted=lambda: self._repeating.stopping,
            )
        except LeaseLost:
            return False
