"""``/api/projects/{project_id}/jobs``: background work of a project.

The jobs of this process are found at ``request.app.state.jobs``.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request

from bihuan.access import DataEditor, Viewer
from bihuan.jobs.errors import JobNotFound
from bihuan.jobs.schemas import JobStatus
from bihuan.jobs.service import Jobs

router = APIRouter(prefix="/api/projects/{project_id}/jobs", tags=["jobs"])


def _jobs(request: Request) -> Jobs:
    jobs: Jobs = request.app.state.jobs
    return jobs


ProcessJobs = Annotated[Jobs, Depends(_jobs)]
JobId = Annotated[str, Path(min_length=1, max_length=200, pattern=r"^[0-9A-Za-z_.:-]+$")]


@router.get("")
def list_jobs(
    caller: Viewer, jobs: ProcessJobs, limit: Annotated[int, Query(ge=1, le=1_000)] = 100
) -> list[JobStatus]:
    """The jobs of a project, the last reported first."""
    return jobs.list_project(caller.project.id, limit)


@router.get("/{job_id}")
def get_job(caller: Viewer, jobs: ProcessJobs, job_id: JobId) -> JobStatus:
    """Where a job stands."""
    return _of_project(jobs, caller.project.id, job_id)


@router.delete("/{job_id}")
def cancel_job(caller: DataEditor, jobs: ProcessJobs, job_id: JobId) -> JobStatus:
    """Stop a job; what it has done stays done, and a finished job stays as it is."""
    _of_project(jobs, caller.project.id, job_id)
    return jobs.cancel(job_id)


def _of_project(jobs: Jobs, project_id: str, job_id: str) -> JobStatus:
    status = jobs.status(job_id)
    if status.project_id != project_id:
        raise JobNotFound(job_id=job_id)
    return status
