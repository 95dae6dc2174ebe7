"""The work of refreshing, for the jobs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bihuan.access import Project
from bihuan.analytics.calendar import DateUnit
from bihuan.audiences.errors import NothingToRefresh, SubjectNotFound
from bihuan.audiences.refreshing.backfill import backfill, steps_ms
from bihuan.audiences.refreshing.errors import DefinitionCircular, RefreshRunning
from bihuan.audiences.refreshing.service import is_due, refresh
from bihuan.audiences.subjects import (
    find_row,
    has_history,
    in_refresh_order,
    log_context,
    rows_of,
    sql_of,
    subject_of,
)
from bihuan.audiences.warnings.service import check_of_tag, forget_counts
from bihuan.database import Database, utc_now
from bihuan.jobs import Job
from bihuan.warehouse import ProjectStore


@dataclass(frozen=True)
class Refresher:
    """Refreshes the audiences and tags of one project."""

    database: Database
    project: Project
    store: ProjectStore

    def one(self, subject_id: str) -> dict[str, Any]:
        """Refresh one; returns what changed, or that somebody else is refreshing it.

        Raises:
            SubjectNotFound, NothingToRefresh, and what the engine raises.
        """
        with self.database.read_session() as session:
            row = find_row(session, self.project.id, subject_id)
            if row is None:
                raise SubjectNotFound(subject_id=subject_id)
            subject = subject_of(self.database, row, self.project, self.store)
        if subject is None:
            raise NothingToRefresh(name=row.name)
        try:
            run = refresh(self.database, self.store, self.project.id, subject)
        except RefreshRunning:
            return {"skipped": True}
        check_of_tag(self.database, self.project, self.store, row.id)
        return {"people": run.people, "entered": run.entered, "changed": run.changed, "left": run.left}

    def backfill(self, subject_id: str, after: str, unit: DateUnit, job: Job) -> dict[str, Any]:
        """Replace the history of one by what its definition gives as of the ends of past days, weeks, ….

        Raises:
            SubjectNotFound, NothingToRefresh, and what the engine raises.
        """
        with self.database.read_session() as session:
            row = find_row(session, self.project.id, subject_id)
        if row is None:
            raise SubjectNotFound(subject_id=subject_id)
        if not has_history(row):
            raise NothingToRefresh(name=row.name)
        ctx = log_context(self.project, self.store)
        times = steps_ms(date.fromisoformat(after), unit, ctx.now_ms, ctx.zone, ctx.first_weekday)
        of = (self.project.id, row.id, row.version)
        steps = backfill(
            self.database,
            self.store,
            of,
            lambda at_ms: sql_of(row, replace(ctx, now_ms=at_ms)),
            times,
            job.progress,
        )
        forget_counts(self.database, row.id)
        check_of_tag(self.database, self.project, self.store, row.id)
        return {"steps": steps}

    def due(self, job: Job) -> int:
        """Refresh what the schedules ask for, each after those it refers to; returns how many."""
        with self.database.read_session() as session:
            rows = rows_of(session, self.project.id)
        try:
            ordered = in_refresh_order(rows)
        except DefinitionCircular:
            # Two changes at the same moment; either must be taken back by a member.
            ordered = list(rows.values())
        done = 0
        for row in ordered:
            subject = subject_of(self.database, row, self.project, self.store)
            if subject is None or not is_due(row, self.project, utc_now()):
                continue
            try:
                refresh(self.database, self.store, self.project.id, subject, cause="schedule")
            except RefreshRunning:
                continue
            check_of_tag(self.database, self.project, self.store, row.id)
            done += 1
            job.progress(done, note=row.name)
        return done
