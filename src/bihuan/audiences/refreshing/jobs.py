"""Refreshes as jobs: one when somebody asks, and every minute those that are due."""

from __future__ import annotations

from datetime import date

from bihuan.analytics.calendar import DateUnit
from bihuan.jobs import Jobs

REFRESH, DUE, BACKFILL = "audiences.refresh", "audiences.refresh_due", "audiences.backfill"
DUE_SECONDS = 60


def enqueue_refresh(jobs: Jobs, project_id: str, subject_id: str) -> str:
    """Have an audience or a tag refreshed soon; returns the job's id."""
    args = {"project_id": project_id, "subject_id": subject_id}
    return jobs.enqueue(REFRESH, args, project_id=project_id)


def enqueue_backfill(jobs: Jobs, project_id: str, subject_id: str, after: date, unit: DateUnit) -> str:
    """Have the history of an audience or a tag found out from a day on; returns the job's id."""
    args = {"project_id": project_id, "subject_id": subject_id, "after": after.isoformat(), "unit": unit}
    return jobs.enqueue(BACKFILL, args, project_id=project_id)
