"""Progress rows: how far each job is, kept beside DBOS's tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bihuan.database import Database, utc_now
from bihuan.jobs.models import JobProgress


def begin(session: Session, job_id: str, name: str, project_id: str | None) -> None:
    """Make the row of a new job; one that is there stays as it is."""
    values = {"job_id": job_id, "name": name, "project_id": project_id, "done": 0, "updated_at": utc_now()}
    session.execute(_insert(session, values).on_conflict_do_nothing(index_elements=["job_id"]))


def report(
    database: Database, job_id: str, name: str, done: int, total: int | None, note: str | None
) -> None:
    """Write how far a job is, making its row when there is none (scheduled runs)."""
    changed = {"done": done, "total": total, "note": note, "updated_at": utc_now()}
    values = {"job_id": job_id, "name": name, **changed}
    with database.session() as session:
        statement = _insert(session, values)
        session.execute(statement.on_conflict_do_update(index_elements=["job_id"], set_=changed))


def find(database: Database, job_ids: Sequence[str]) -> dict[str, JobProgress]:
    """The rows of these jobs, by id."""
    with database.read_session() as session:
        rows = session.scalars(select(JobProgress).where(JobProgress.job_id.in_(job_ids)))
        return {row.job_id: row for row in rows}


def of_project(database: Database, project_id: str, limit: int) -> list[str]:
    """The ids of a project's jobs, the last reported first."""
    newest = select(JobProgress.job_id).where(JobProgress.project_id == project_id)
    with database.read_session() as session:
        return list(session.scalars(newest.order_by(JobProgress.updated_at.desc()).limit(limit)))


def forget(database: Database, job_ids: Sequence[str]) -> None:
    """Remove the rows of these jobs."""
    with database.session() as session:
        session.execute(delete(JobProgress).where(JobProgress.job_id.in_(job_ids)))


def _insert(session: Session, values: dict[str, Any]) -> Any:
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(JobProgress).values(values)
    return postgresql.insert(JobProgress).values(values)
