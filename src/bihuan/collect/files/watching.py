"""Imports as they stand, with what their jobs say."""

from __future__ import annotations

from collections.abc import Sequence

from bihuan.collect.files.errors import UploadNotFound
from bihuan.collect.files.models import FileImport
from bihuan.collect.files.schemas import FileImportOutput, ImportState, ImportTotals, UndoneRows
from bihuan.collect.files.uploads import Uploads
from bihuan.jobs import JobNotFound, Jobs, JobStatus
from bihuan.jobs.schemas import FINISHED


def found_jobs(jobs: Jobs, job_ids: Sequence[str]) -> dict[str, JobStatus]:
    """The jobs that are not forgotten yet, by id."""
    found: dict[str, JobStatus] = {}
    for job_id in filter(None, job_ids):
        try:
            found[job_id] = jobs.status(job_id)
        except JobNotFound:
            continue
    return found


def shown(rows: Sequence[FileImport], jobs: Jobs, uploads: Uploads) -> list[FileImportOutput]:
    """The imports with their state."""
    # Of those that ended well the row says everything.
    open_ones = [row for row in rows if row.undone_at is None and (row.totals is None or row.undo_job_id)]
    found = found_jobs(jobs, [row.undo_job_id or row.job_id for row in open_ones])
    return [_shown(row, found.get(row.undo_job_id or row.job_id), uploads) for row in rows]


def _shown(row: FileImport, job: JobStatus | None, uploads: Uploads) -> FileImportOutput:
    active = job is not None and job.state not in FINISHED
    state = _state(row, job, active)
    stopped = row.totals is None and not active and row.undo_job_id is None
    return FileImportOutput(
        id=row.id,
        file=row.file_name,
        size_bytes=row.size_bytes,
        source=row.source,
        started_by=row.started_by,
        created_at=row.created_at,
        finished_at=row.finished_at,
        state=state,
        job_id=row.undo_job_id or row.job_id,
        done=job.done if job is not None else 0,
        total=job.total if job is not None else None,
        note=job.note if job is not None else None,
        error=job.error if job is not None else None,
        totals=None if row.totals is None else ImportTotals.model_validate(row.totals),
        undone=None if row.undone is None else UndoneRows.model_validate(row.undone),
        undone_at=row.undone_at,
        can_resume=stopped and _is_kept(uploads, row.upload_id),
        can_undo=row.undone_at is None and not active,
    )


def _state(row: FileImport, job: JobStatus | None, active: bool) -> ImportState:
    if row.undone_at is not None:
        return "undone"
    if row.undo_job_id is not None:
        return "undoing" if active else "undo_stopped"
    if row.totals is not None:
        return "succeeded"
    return "failed" if job is None else job.state


def _is_kept(uploads: Uploads, upload_id: str) -> bool:
    try:
        uploads.get(upload_id)
    except UploadNotFound:
        return False
    return True
