"""Campaigns of an installation: what routes and jobs work with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bihuan.access import Project, mask_for
from bihuan.campaigns.judging.reports import keep_report, report_now
from bihuan.campaigns.models import Campaign
from bihuan.campaigns.preflight.service import Ground
from bihuan.campaigns.running.jobs import DUE, DUE_SECONDS, LAUNCH, Conductor, due_projects
from bihuan.campaigns.running.launching import Launcher
from bihuan.campaigns.running.messenger import Messenger
from bihuan.campaigns.states.service import Asked, transition
from bihuan.database import Database, utc_now
from bihuan.insights import QueryService
from bihuan.jobs import Job, Jobs
from bihuan.people import People
from bihuan.warehouse import GroupWriter


@dataclass(frozen=True)
class Opened:
    """A project as campaigns need it.

    ``held_out_sql``: Bool over a column ``person``: held out globally at a time; None without any.
    """

    row: Project
    people: People
    messenger: Messenger
    held_out_sql: Callable[[datetime], str | None] = lambda _at: None


@dataclass(frozen=True)
class Campaigns:
    """Everything campaigns do, in every project.

    ``opened`` gives a project by its id.
    """

    database: Database
    jobs: Jobs
    queries: QueryService
    writer: GroupWriter
    opened: Callable[[str], Opened]
    clock: Callable[[], datetime] = utc_now

    def ground(self, project_id: str) -> Ground:
        """Where campaigns of a project run."""
        of = self.opened(project_id)
        now = self.clock()
        return Ground(self.database, of.row, of.people, of.messenger, of.held_out_sql(now), now)

    def conductor(self, project_id: str) -> Conductor:
        """What takes campaigns of a project from state to state."""
        mask = mask_for(self.database, project_id, hides=True)
        return Conductor(self.ground(project_id), self.jobs, mask)

    def messenger(self, project_id: str) -> Messenger:
        """The messages of a project."""
        return self.opened(project_id).messenger

    def launcher(self, project_id: str) -> Launcher:
        """What starts campaigns of a project."""
        of = self.opened(project_id)
        held_out_sql = of.held_out_sql(self.clock())
        return Launcher(self.database, of.row, of.people, self.writer, of.messenger, held_out_sql)

    def evaluate(self, project_id: str, campaign_id: str, asked: Asked) -> None:
        """Make the report and keep it; the campaign is evaluated then.

        Raises:
            what ``transition`` raises, ReportTooEarly.
        """
        of = self.opened(project_id)
        report = report_now(self.database, self.queries, of.row, of.people.store, of.messenger, campaign_id)

        def then(session: Session, row: Campaign) -> None:
            keep_report(session, asked.who, report)

        transition(self.database, project_id, campaign_id, "evaluate", asked, then)

    def register(self) -> None:
        """Declare the jobs and their schedule; before the installation starts."""

        def launch(job: Job, project_id: str, campaign_id: str) -> dict[str, Any]:
            return {"phase": self.launcher(project_id).go_on(campaign_id, job)}

        def due(job: Job) -> dict[str, Any]:
            now = self.clock()
            return {"moved": sum(self.conductor(each).due(now) for each in due_projects(self.database, now))}

        self.jobs.register(LAUNCH, launch)
        self.jobs.register(DUE, due, exclusive=True)
        self.jobs.schedule(DUE, every_seconds=DUE_SECONDS)
