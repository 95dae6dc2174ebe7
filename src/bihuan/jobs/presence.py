"""Which processes run jobs, and taking over from those that died.

DBOS resumes the jobs of a process when a process with the same id starts again. Workers on PostgreSQL come
and go under ids of their own, so each writes every few seconds that it is there; whoever finds one silent
for too long puts its unfinished jobs back into the queue. DBOS fences: a job has one owner, and a process
that was only asleep finds at its next step that it is the owner no more.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from bihuan.database import Database
from bihuan.jobs.models import JobWorker

_log = logging.getLogger(__name__)


class Presence:
    """Keeps this worker's row fresh, and calls ``take_over(worker_id)`` for each worker that fell silent."""

    def __init__(
        self,
        database: Database,
        worker_id: str,
        take_over: Callable[[str], None],
        *,
        beat_seconds: float,
        silent_seconds: float,
    ) -> None:
        self._database = database
        self._worker_id = worker_id
        self._take_over = take_over
        self._beat_seconds = beat_seconds
        self._silent_ms = int(silent_seconds * 1000)
        self._taking_over = True
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="job-presence", daemon=True)

    def announce(self) -> None:
        """Write this worker's row; to be done before it takes its first job."""
        with self._database.session() as session:
            session.add(JobWorker(worker_id=self._worker_id, seen_ms=_now_ms(session)))

    def start(self) -> None:
        """Beat in the background from now on."""
        self._thread.start()

    def stop_taking_over(self) -> None:
        """Go on beating, for jobs that are still running here, but leave the dead to others."""
        self._taking_over = False

    def leave(self) -> None:
        """Stop beating and declare this worker gone, so that another takes over at its next beat."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)
        with self._database.session() as session:
            session.execute(update(JobWorker).where(JobWorker.worker_id == self._worker_id).values(seen_ms=0))

    def _run(self) -> None:
        while True:
            try:
                for worker_id in self._beat():
                    if not self._taking_over:
                        break
                    self._take_over(worker_id)
                    with self._database.session() as session:
                        session.execute(delete(JobWorker).where(JobWorker.worker_id == worker_id))
            except Exception:
                _log.warning("could not tell that this worker is alive", exc_info=True)
            if self._stop.wait(self._beat_seconds):
                return

    def _beat(self) -> list[str]:
        with self._database.session() as session:
            now_ms = _now_ms(session)
            mine = update(JobWorker).where(JobWorker.worker_id == self._worker_id).values(seen_ms=now_ms)
            if session.connection().execute(mine).rowcount == 0:
                # Another worker thought this one dead (the machine slept): be there again.
                session.add(JobWorker(worker_id=self._worker_id, seen_ms=now_ms))
            silent = select(JobWorker.worker_id).where(
                JobWorker.seen_ms < now_ms - self._silent_ms, JobWorker.worker_id != self._worker_id
            )
            return list(session.scalars(silent))


def _now_ms(session: Session) -> int:
    if session.get_bind().dialect.name == "sqlite":
        return time.time_ns() // 1_000_000
    # The database's clock: the workers' own may differ.
    return int(session.scalar(text("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")) or 0)
