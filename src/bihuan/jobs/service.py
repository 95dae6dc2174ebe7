"""The jobs port: register, enqueue, schedule, watch and cancel background work."""

from __future__ import annotations

import time
from typing import Any

from dbos import DBOSClient
from sqlalchemy.orm import Session

from bihuan.database import Database, new_id
from bihuan.jobs import progress, store
from bihuan.jobs.errors import JobNameUnknown, JobNotFound, JobsStopped
from bihuan.jobs.schedule import Schedule, cron_line
from bihuan.jobs.schemas import FINISHED, JobStatus
from bihuan.jobs.worker import JobFunction, Limits, Registration, Worker


class Jobs:
    """Background work on the control database. One per process; thread-safe after ``start``.

    Args:
        database: an open, migrated control database; DBOS keeps its tables in it too.
        worker_concurrency: jobs that this process runs at a time (scheduled runs are not counted).
        polling_interval_seconds: how often a process looks for new jobs: a job waits half of it on average,
            and at most ``worker_concurrency / polling_interval_seconds`` short jobs are begun a second.
        beat_seconds, silent_seconds: workers on PostgreSQL show themselves this often, and are taken for dead
            after this long.
        keep_days: finished jobs are forgotten after this long; successful scheduled runs after a day.
    """

    def __init__(
        self,
        database: Database,
        *,
        worker_concurrency: int = 4,
        polling_interval_seconds: float = 0.5,
        beat_seconds: float = 5.0,
        silent_seconds: float = 30.0,
        keep_days: float = 30.0,
    ) -> None:
        self._database = database
        self._limits = Limits(worker_concurrency, polling_interval_seconds, beat_seconds, silent_seconds)
        self._keep_days = keep_days
        self._registrations: dict[str, Registration] = {}
        self._schedules: dict[str, Schedule] = {}
        self._client: DBOSClient | None = None
        self._worker: Worker | None = None

    def register(self, name: str, function: JobFunction, *, exclusive: bool = False) -> None:
        """Let ``function(job, **args)`` run under ``name`` (``<package>.<verb>``); before ``start``.

        Args:
            exclusive: a run that begins while another of this name is running ends at once, with the result
                ``{"skipped": true}``.
        """
        if self._client is not None:
            raise RuntimeError("jobs are registered before start")
        if name in self._registrations:
            raise ValueError(f"{name} is already registered")
        self._registrations[name] = Registration(name, function, exclusive)

    def schedule(
        self,
        name: str,
        *,
        cron: str | None = None,
        every_seconds: int | None = None,
        time_zone: str = "UTC",
        args: dict[str, Any] | None = None,
        catch_up: bool = False,
        key: str = "",
    ) -> None:
        """Run ``name`` at the times of a five-field cron line or once a period; before ``start``.

        However many processes run, each time is run once, late by up to a tenth of the period (at most
        10 s).

        Args:
            catch_up: at start, run every time missed since the last; otherwise missed times are passed over.
            key: tells apart several schedules of the same job.

        Raises:
            JobNameUnknown, ScheduleInvalid.
        """
        if self._client is not None:
            raise RuntimeError("schedules are declared before start")
        self._require(name)
        line = cron_line(cron, every_seconds, time_zone)
        schedule_id = f"{name}:{key}" if key else name
        self._schedules[schedule_id] = Schedule(
            schedule_id, name, line, time_zone, dict(args or {}), catch_up
        )

    def start(self, *, work: bool = True) -> None:
        """Open the queue, and with ``work`` run jobs in this process: threads, no further process.

        Raises:
            JobWorkerRunning: another process runs the jobs of this SQLite file.
        """
        if self._client is not None:
            raise RuntimeError("jobs are already started")
        store.prepare(self._database)
        self._client = store.connect(self._database)
        if not work:
            return
        worker = Worker(self._database, self._client, self._registrations.values(), self._limits)
        try:
            worker.start(self._schedules, prune=self.prune)
        except BaseException:
            self.stop(wait_seconds=0)
            raise
        self._worker = worker

    def stop(self, *, wait_seconds: int = 10) -> None:
        """Take no more jobs, let the running ones finish for ``wait_seconds``; others are resumed later.

        A job that is in the middle of a step goes on until the step ends, but what it does then is not
        written down.
        """
        if self._worker is not None:
            self._worker.stop(wait_seconds)
            self._worker = None
        if self._client is not None:
            self._client.destroy()
            self._client = None

    def enqueue(
        self,
        name: str,
        args: dict[str, Any] | None = None,
        *,
        idempotency_key: str | None = None,
        project_id: str | None = None,
        delay_seconds: float | None = None,
        session: Session | None = None,
    ) -> str:
        """Have a job run by some worker; returns its id.

        Args:
            args: keyword arguments for the function; JSON.
            idempotency_key: enqueuing the same name and key again returns the first job's id and does
                nothing, until that job is forgotten.
            project_id: the project it belongs to, for lists.
            session: enqueue within this transaction: the job exists if and only if it is committed.

        Raises:
            JobNameUnknown, JobsStopped.
        """
        self._require(name)
        client = self._require_client()
        job_id = f"{name}:{idempotency_key}" if idempotency_key is not None else new_id()
        if session is not None:
            progress.begin(session, job_id, name, project_id)
            store.enqueue(client, session, job_id, name, args or {}, delay_seconds)
        else:
            with self._database.session() as own:
                progress.begin(own, job_id, name, project_id)
                store.enqueue(client, own, job_id, name, args or {}, delay_seconds)
        return job_id

    def status(self, job_id: str) -> JobStatus:
        """Where a job stands.

        Raises:
            JobNotFound, JobsStopped.
        """
        found = store.statuses(self._require_client(), self._database, [job_id])
        if not found:
            raise JobNotFound(job_id=job_id)
        return found[0]

    def list_project(self, project_id: str, limit: int = 100) -> list[JobStatus]:
        """The jobs of a project, the last reported first."""
        job_ids = progress.of_project(self._database, project_id, limit)
        return store.statuses(self._require_client(), self._database, job_ids)

    def wait(self, job_id: str, timeout_seconds: float) -> JobStatus:
        """The job's status as soon as it is finished, or whatever it is after ``timeout_seconds``."""
        deadline = time.monotonic() + timeout_seconds
        while True:
            status = self.status(job_id)
            if status.state in FINISHED or time.monotonic() >= deadline:
                return status
            time.sleep(min(0.1, self._limits.polling_interval_seconds))

    def cancel(self, job_id: str) -> JobStatus:
        """Stop a job: a queued one never starts, a running one ends at its next step or progress report.

        What it has done stays done. A finished job stays as it is.

        Raises:
            JobNotFound, JobsStopped.
        """
        self.status(job_id)
        self._require_client().cancel_workflow(job_id)
        return self.status(job_id)

    def prune(self) -> int:
        """Forget finished jobs that are old enough; returns how many. Runs hourly by itself in a worker."""
        return store.prune(self._require_client(), self._database, self._keep_days)

    def _require(self, name: str) -> None:
        if name not in self._registrations:
            raise JobNameUnknown(name=name)

    def _require_client(self) -> DBOSClient:
        if self._client is None:
            raise JobsStopped
        return self._client
