"""DBOS inside this process: the only file that starts and stops it.

DBOS is a singleton, so a process runs the jobs of one database at a time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

from dbos import DBOS, DBOSConfig

from bihuan.database import Database
from bihuan.jobs.schedule import Schedule
from bihuan.jobs.serialization import JsonSerializer

APPLICATION = "bihuan"
QUEUE = "bihuan-jobs"

# DBOS resumes only what its own version began. Bihuan's jobs are written to be resumed by a later version, so
# the version is the same for all of them.
APPLICATION_VERSION = "1"

# A job that takes its process down each time is given up, but a long import outlives a day of restarts.
RECOVERY_ATTEMPTS = 20

_log = logging.getLogger("dbos")

# What enters the queue calls a function with the planned time (None when it was not scheduled) and arguments.
Entry = Callable[[Any, dict[str, Any] | None], Any]


def start(
    database: Database,
    worker_id: str,
    entries: dict[str, Entry],
    *,
    worker_concurrency: int,
    polling_interval_seconds: float,
) -> dict[str, Entry]:
    """Launch DBOS and begin to take jobs; returns the registered workflows by name."""
    config = DBOSConfig(
        name=APPLICATION,
        system_database_url=database.dsn,
        # Its threads poll a little each; more are needed only by running jobs.
        sys_db_pool_size=worker_concurrency + 6,
        executor_id=worker_id,
        application_version=APPLICATION_VERSION,
        serializer=JsonSerializer(),
        log_level="WARNING",
        # No job waits for DBOS's messages: listening would hold a connection for nothing.
        use_listen_notify=False,
        # The listener looks up from its sleep only this often, so stopping takes as long.
        notification_listener_polling_interval_sec=min(1.0, 2 * polling_interval_seconds),
    )
    _log.addFilter(_without_job_failures)
    DBOS(config=config)
    try:
        decorate = DBOS.workflow
        workflows = {
            name: decorate(name=name, max_recovery_attempts=RECOVERY_ATTEMPTS)(entry)
            for name, entry in entries.items()
        }
        DBOS.launch()
    except BaseException:
        stop(0)
        raise
    return workflows


def _without_job_failures(record: logging.LogRecord) -> bool:
    # Failing jobs are logged once, with their names, by the port.
    return not record.getMessage().startswith("Exception encountered in background workflow")


def stop(wait_seconds: int) -> None:
    """Take no more jobs, wait at most ``wait_seconds`` for the running ones, forget what is registered."""
    DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=wait_seconds)


def take_over(worker_id: str) -> None:
    """Put the unfinished jobs of a dead worker back into the queue; harmless to repeat."""
    DBOS._recover_pending_workflows([worker_id])


def apply_schedules(schedules: Iterable[Schedule], workflows: dict[str, Entry]) -> None:
    """Make or replace these schedules; every worker then fires them, and each time is run once."""
    DBOS.apply_schedules(
        [
            {
                "schedule_name": schedule.schedule_id,
                "workflow_fn": workflows[schedule.name],
                "schedule": schedule.cron,
                "context": schedule.args,
                "automatic_backfill": schedule.catch_up,
                "cron_timezone": schedule.time_zone,
            }
            for schedule in schedules
        ]
    )


def running_job_id() -> str:
    """The id of the job that the current thread runs."""
    job_id = DBOS.workflow_id
    assert job_id is not None, "not inside a job"
    return job_id
