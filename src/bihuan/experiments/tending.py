"""The work that running experiments and the global holdout need: daily readings, new weights of bandits."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bihuan.access import Project
from bihuan.database import Database
from bihuan.experiments import repository
from bihuan.experiments.holdouts.looks import due_questions, read_holdout
from bihuan.experiments.reading import is_due, read, weigh
from bihuan.experiments.service import plan_of
from bihuan.jobs import Job
from bihuan.kernel.errors import BihuanError
from bihuan.warehouse import ProjectStore

_log = logging.getLogger(__name__)
TEND, TEND_SECONDS = "experiments.tend", 900
READ_HOURS = 24


@dataclass(frozen=True)
class Tender:
    """Tends the running experiments and the global holdout of one project."""

    database: Database
    project: Project
    store: ProjectStore

    def due(self, job: Job | None = None, *, now: datetime | None = None) -> int:
        """Read and weigh what is due; returns how many were. One that fails does not stop the others."""
        moment = now or datetime.now(UTC)
        with self.database.read_session() as session:
            rows = list(session.scalars(repository.experiments(self.project.id, status="running")))
            last = {row.id: repository.last_look(session, row.id) for row in rows}
            weighings = {row.id: repository.weighings(session, row.id) for row in rows}
            session.expunge_all()
        done = 0
        for row in rows:
            try:
                plan = plan_of(row)
                look, weighed = last[row.id], weighings[row.id]
                if plan.bandit is not None and is_due(
                    row, weighed[-1].at if weighed else None, plan.bandit.every_hours, moment
                ):
                    done += weigh(self.database, self.project, self.store, row.id) is not None
                if plan.read_daily and is_due(row, look.at if look else None, READ_HOURS, moment):
                    read(self.database, self.project, self.store, row.id, cause="schedule")
                    done += 1
            except BihuanError:
                _log.warning("experiment %s was not tended", row.id, exc_info=True)
            if job is not None:
                job.progress(done, note=row.name)
        return done + self._read_holdout(moment)

    def _read_holdout(self, now: datetime) -> int:
        """Read the global holdout anew by what members asked of it lately."""
        with self.database.read_session() as session:
            questions = due_questions(session, self.project.id, now - timedelta(hours=READ_HOURS))
        done = 0
        for question in questions:
            try:
                read_holdout(self.database, self.project, self.store, question, cause="schedule")
                done += 1
            except BihuanError:
                _log.warning("the global holdout was not read", exc_info=True)
        return done
