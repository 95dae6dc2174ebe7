"""DBOS's tables as seen from outside a job: enqueue, read, cancel and clear away."""

from __future__ import annotations

import threading
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dbos import DBOS, DBOSClient, EnqueueOptions, WorkflowStatus
from sqlalchemy.orm import Session

from bihuan.database import Database, utc_now
from bihuan.jobs import progress
from bihuan.jobs.models import JobProgress
from bihuan.jobs.runtime import APPLICATION, QUEUE
from bihuan.jobs.schemas import JobState, JobStatus
from bihuan.jobs.serialization import JsonSerializer

_STATES: dict[str, JobState] = {
    "DELAYED": "queued",
    "ENQUEUED": "queued",
    "PENDING": "running",
    "SUCCESS": "succeeded",
    "ERROR": "failed",
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": "failed",
    "CANCELLED": "cancelled",
}
_FINISHED = ["SUCCESS", "ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED", "CANCELLED"]
_SCHEDULED_PREFIX = "sched-"
_PRUNE_SECONDS = 3_600
_PRUNE_BATCH = 500


def prepare(database: Database) -> None:
    """Make or bring up to date DBOS's tables; several processes may do so at once."""
    DBOS.migrate(database.dsn)


def connect(database: Database) -> DBOSClient:
    """A client of the queue that needs no worker in this process."""
    return DBOSClient(
        system_database_url=database.dsn,
        serializer=JsonSerializer(),
        system_database_pool_size=3,
        application_name=APPLICATION,
    )


def file_of(database: Database) -> Path:
    """The file of an SQLite database."""
    return Path(database.url.database or "")


def enqueue(
    client: DBOSClient,
    session: Session,
    job_id: str,
    name: str,
    args: dict[str, Any],
    delay_seconds: float | None,
) -> None:
    """Put a job into the queue within the session's transaction; one with this id is left as it is."""
    options = EnqueueOptions(workflow_name=name, queue_name=QUEUE, workflow_id=job_id)
    if delay_seconds is not None:
        options["delay_seconds"] = delay_seconds
    session.flush()
    client.enqueue_in_transaction(session, options, None, args)


def statuses(client: DBOSClient, database: Database, job_ids: Sequence[str]) -> list[JobStatus]:
    """The jobs with these ids, in this order; ids without a job are left out."""
    if not job_ids:
        return []
    found = client.list_workflows(workflow_ids=list(job_ids), load_input=False)
    by_id = {workflow.workflow_id: workflow for workflow in found}
    rows = progress.find(database, job_ids)
    return [_status(by_id[job_id], rows.get(job_id)) for job_id in job_ids if job_id in by_id]


def _status(workflow: WorkflowStatus, row: JobProgress | None) -> JobStatus:
    state = _STATES[workflow.status]
    error = None if workflow.error is None else str(workflow.error)
    if workflow.status == "MAX_RECOVERY_ATTEMPTS_EXCEEDED":
        error = "the process stopped in the middle of this job too many times"
    return JobStatus(
        id=workflow.workflow_id,
        name=workflow.name,
        state=state,
        project_id=row.project_id if row else None,
        done=row.done if row else 0,
        total=row.total if row else None,
        note=row.note if row else None,
        result=workflow.output,
        error=error,
        created_at=_moment(workflow.created_at) or utc_now(),
        finished_at=_moment(workflow.completed_at),
    )


def is_cancelled(client: DBOSClient, job_id: str) -> bool:
    """Whether somebody cancelled the job."""
    found = client.list_workflows(workflow_ids=[job_id], load_input=False, load_output=False)
    return bool(found) and found[0].status == "CANCELLED"


def drop_schedules(client: DBOSClient, *, keep: Container[str]) -> None:
    """Remove the schedules that an earlier version declared and this one does not."""
    for schedule in client.list_schedules():
        if schedule["schedule_name"] not in keep:
            client.delete_schedule(schedule["schedule_name"])


def prune(client: DBOSClient, database: Database, keep_days: float) -> int:
    """Forget what finished more than ``keep_days`` ago, and successful scheduled runs after a day at most."""
    now = utc_now()
    removed = _prune(client, database, now - timedelta(days=keep_days), _FINISHED, None)
    a_day_ago = now - timedelta(days=min(1.0, keep_days))
    return removed + _prune(client, database, a_day_ago, ["SUCCESS"], _SCHEDULED_PREFIX)


def _prune(
    client: DBOSClient, database: Database, before: datetime, states: list[str], prefix: str | None
) -> int:
    removed = 0
    while True:
        old = client.list_workflows(
            status=states,
            completed_before=before.isoformat(),
            workflow_id_prefix=prefix,
            limit=_PRUNE_BATCH,
            load_input=False,
            load_output=False,
        )
        job_ids = [workflow.workflow_id for workflow in old]
        if not job_ids:
            return removed
        client.delete_workflows(job_ids)
        progress.forget(database, job_ids)
        removed += len(job_ids)


@contextmanager
def pruning(prune_once: Callable[[], int]) -> Iterator[None]:
    """Call ``prune_once`` hourly in the background for the length of the block."""
    stop = threading.Event()

    def run() -> None:
        while not stop.wait(_PRUNE_SECONDS):
            prune_once()

    thread = threading.Thread(target=run, name="job-pruning", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=10)


def _moment(epoch_ms: int | None) -> datetime | None:
    return None if epoch_ms is None else datetime.fromtimestamp(epoch_ms / 1000, UTC)
