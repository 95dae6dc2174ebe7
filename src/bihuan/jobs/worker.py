"""The part of the port that runs jobs: one worker in this process."""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

from dbos import DBOSClient

from bihuan.database import Database, new_id
from bihuan.jobs import progress, runtime, store
from bihuan.jobs.context import Job
from bihuan.jobs.errors import JobCancelled, JobsStopped
from bihuan.jobs.exclusive import RunLocks, only_worker
from bihuan.jobs.presence import Presence
from bihuan.jobs.schedule import Schedule

JobFunction = Callable[..., Any]

# The only worker of an SQLite file: the same id each time, so DBOS resumes its jobs at once.
EMBEDDED_WORKER = "embedded"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Registration:
    """A job that can be run: ``function(job, **args)``; ``exclusive``: one run at a time."""

    name: str
    function: JobFunction
    exclusive: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a worker does at a time and how often it looks; see :class:`bihuan.jobs.Jobs`."""

    worker_concurrency: int
    polling_interval_seconds: float
    beat_seconds: float
    silent_seconds: float


class Worker:
    """Runs the jobs of a database in threads of this process; at most one a process."""

    _working: ClassVar[Worker | None] = None

    def __init__(
        self, database: Database, client: DBOSClient, registrations: Iterable[Registration], limits: Limits
    ) -> None:
        self._database = database
        self._client = client
        self._registrations = {given.name: given for given in registrations}
        self._limits = limits
        self._locks = RunLocks(database)
        self._open = ExitStack()
        self._ended = threading.Event()
        self._running = 0
        self._counting = threading.Lock()
        self._wait_seconds = 0

    def start(self, schedules: dict[str, Schedule], *, prune: Callable[[], int]) -> None:
        """Launch DBOS, resume what an earlier process left, fire ``schedules``.

        Raises:
            JobWorkerRunning: another process runs the jobs of this SQLite file.
        """
        if Worker._working is not None:
            raise RuntimeError("this process already runs jobs")
        with ExitStack() as opening:
            presence = None
            worker_id = EMBEDDED_WORKER
            if self._database.is_sqlite:
                opening.enter_context(only_worker(store.file_of(self._database)))
            else:
                worker_id = f"{socket.gethostname()[:24]}-{os.getpid()}-{new_id()}"
                presence = self._presence(worker_id)
                presence.announce()
            Worker._working = self
            opening.callback(self._release_process)
            if presence is not None:
                opening.callback(presence.leave)
            # Before the launch: DBOS looks for new queues once a second only.
            self._client.register_queue(
                runtime.QUEUE,
                worker_concurrency=self._limits.worker_concurrency,
                polling_interval_sec=self._limits.polling_interval_seconds,
                on_conflict="always_update",
            )
            workflows = runtime.start(
                self._database,
                worker_id,
                {name: self._entry(given) for name, given in self._registrations.items()},
                worker_concurrency=self._limits.worker_concurrency,
                polling_interval_seconds=self._limits.polling_interval_seconds,
            )
            opening.callback(self._stop_runtime)
            store.drop_schedules(self._client, keep=schedules)
            runtime.apply_schedules(schedules.values(), workflows)
            if presence is not None:
                presence.start()
                opening.callback(presence.stop_taking_over)
            opening.enter_context(store.pruning(prune))
            self._open = opening.pop_all()

    def stop(self, wait_seconds: int) -> None:
        """Take no more jobs and let the running ones finish for ``wait_seconds``."""
        self._wait_seconds = wait_seconds
        self._open.close()

    def _presence(self, worker_id: str) -> Presence:
        return Presence(
            self._database,
            worker_id,
            runtime.take_over,
            beat_seconds=self._limits.beat_seconds,
            silent_seconds=self._limits.silent_seconds,
        )

    def _stop_runtime(self) -> None:
        runtime.stop(self._wait_seconds if self._running else 0)
        # Only now: a job told earlier would be written down as failed instead of being resumed.
        self._ended.set()

    @staticmethod
    def _release_process() -> None:
        Worker._working = None

    def _entry(self, given: Registration) -> runtime.Entry:
        def run(_planned: Any, args: dict[str, Any] | None) -> Any:
            job_id = runtime.running_job_id()
            job = Job(job_id, given.name, self._reporter(job_id, given.name), self._checker(job_id))
            with self._counted():
                if not given.exclusive:
                    return _call(given, job, args)
                with self._locks.held(given.name) as mine:
                    return _call(given, job, args) if mine else {"skipped": True}

        run.__name__ = run.__qualname__ = given.name
        return run

    def _reporter(self, job_id: str, name: str) -> Callable[[int, int | None, str | None], None]:
        return lambda done, total, note: progress.report(self._database, job_id, name, done, total, note)

    def _checker(self, job_id: str) -> Callable[[], None]:
        def check() -> None:
            if self._ended.is_set():
                raise JobsStopped
            if store.is_cancelled(self._client, job_id):
                raise JobCancelled(job_id=job_id)

        return check

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._counting:
            self._running += 1
        try:
            yield
        finally:
            with self._counting:
                self._running -= 1


def _call(given: Registration, job: Job, args: dict[str, Any] | None) -> Any:
    try:
        return given.function(job, **(args or {}))
    except (JobCancelled, JobsStopped):
        _log.info("job %s %s ends early", given.name, job.id)
        raise
    except Exception:
        _log.exception("job %s %s failed", given.name, job.id)
        raise
