"""Background and scheduled work: a thin port over DBOS, on the control database (decision 0003)."""

from __future__ import annotations

from bihuan.jobs.context import Job
from bihuan.jobs.errors import (
    JobCancelled,
    JobNameUnknown,
    JobNotFound,
    JobsStopped,
    JobStepFailed,
    JobWorkerRunning,
    ScheduleInvalid,
)
from bihuan.jobs.schemas import JobState, JobStatus
from bihuan.jobs.service import Jobs

__all__ = [
    "Job",
    "JobCancelled",
    "JobNameUnknown",
    "JobNotFound",
    "JobState",
    "JobStatus",
    "JobStepFailed",
    "JobWorkerRunning",
    "Jobs",
    "JobsStopped",
    "ScheduleInvalid",
]
