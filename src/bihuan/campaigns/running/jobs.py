"""Campaigns as jobs: going on with a start, and what time brings: starts and ends that are due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bihuan.access import Mask, permissions_of_actor
from bihuan.campaigns.activity import BIHUAN
from bihuan.campaigns.models import Campaign
from bihuan.campaigns.plan.people import size_of_row
from bihuan.campaigns.preflight.service import Ground, preflight
from bihuan.campaigns.running.launching import begin
from bihuan.campaigns.running.messenger import occurrence_of
from bihuan.campaigns.running.models import Launch
from bihuan.campaigns.schemas import Verb
from bihuan.campaigns.states.service import Asked, transition
from bihuan.database import Database
from bihuan.jobs import Jobs
from bihuan.kernel.errors import BihuanError

LAUNCH, DUE = "campaigns.launch", "campaigns.due"
DUE_SECONDS = 20


@dataclass(frozen=True)
class Conductor:
    """Takes the campaigns of one project from state to state, with what has to happen then."""

    ground: Ground
    jobs: Jobs
    mask: Mask

    def act(self, campaign_id: str, verb: Verb, asked: Asked) -> None:
        """Take a campaign to another state.

        Raises:
            what ``states.service.transition`` raises.
        """
        ground = self.ground
        if verb in ("schedule", "start", "resume"):
            with ground.database.read_session() as session:
                row = session.get(Campaign, campaign_id)
            if row is not None and row.project_id == ground.project.id:
                asked = replace(asked, audience_size=size_of_row(ground.people.store, row))
        if verb in ("schedule", "start"):
            found = preflight(ground, campaign_id, self.mask)
            asked = replace(asked, readiness=tuple(found.findings))
        transition(ground.database, ground.project.id, campaign_id, verb, asked, self._then(verb, asked.at))

    def due(self, now: datetime) -> int:
        """Start what is to start, end what is over, go on with what was left; returns how many."""
        with self.ground.database.read_session() as session:
            mine = select(Campaign).where(Campaign.project_id == self.ground.project.id)
            to_start = list(
                session.scalars(mine.where(Campaign.status == "scheduled", Campaign.starts_at <= now))
            )
            over = list(
                session.scalars(
                    mine.where(Campaign.status.in_(("running", "paused")), Campaign.ends_at <= now)
                )
            )
            left = list(
                session.scalars(
                    mine.join(Launch, Launch.campaign_id == Campaign.id).where(
                        Campaign.status == "running", Launch.phase != "done"
                    )
                )
            )
        for row in to_start:
            self._by_itself(row, "start", now)
        for row in over:
            self._by_itself(row, "finish", now)
        ended = {row.id for row in over}
        for row in left:
            if row.id not in ended:
                enqueue_launch(self.jobs, row.project_id, row.id)
        return len(to_start) + len(over)

    def _by_itself(self, row: Campaign, verb: Verb, now: datetime) -> None:
        """With the rights that whoever submitted it has now; what keeps it from it is written down."""
        with self.ground.database.read_session() as session:
            submitted = row.submitted_by or row.created_by
            rights = permissions_of_actor(session, submitted, row.project_id)
        try:
            self.act(row.id, verb, Asked(BIHUAN, rights, now))
        except BihuanError as error:
            said = {"code": error.code, "en": error.message("en"), "zh": error.message("zh")}
            with self.ground.database.session() as session:
                found = session.get(Campaign, row.id)
                if found is not None and found.status == row.status:
                    found.problem = {**said, "at": now.isoformat()}

    def _then(self, verb: Verb, at: datetime) -> Callable[[Session, Campaign], None]:
        messenger, jobs = self.ground.messenger, self.jobs

        def then(session: Session, row: Campaign) -> None:
            occurrence = occurrence_of(row.id)
            if verb == "start":
                begin(session, messenger, row, at)
                enqueue_launch(jobs, row.project_id, row.id, session)
            elif verb == "pause":
                messenger.hold(session, row.project_id, occurrence)
            elif verb == "resume":
                messenger.release(session, row.project_id, occurrence)
                enqueue_launch(jobs, row.project_id, row.id, session)
            elif verb == "finish":
                messenger.end(session, row.project_id, occurrence)

        return then


def due_projects(database: Database, now: datetime) -> list[str]:
    """The projects that have a campaign for which time may have brought something."""
    to_start = (Campaign.status == "scheduled") & (Campaign.starts_at <= now)
    active = Campaign.status.in_(("running", "paused"))
    with database.read_session() as session:
        wanted = select(Campaign.project_id).where(to_start | active).distinct()
        return list(session.scalars(wanted.order_by(Campaign.project_id)))


def enqueue_launch(jobs: Jobs, project_id: str, campaign_id: str, session: Session | None = None) -> str:
    """Have the start of a campaign gone on with; returns the job's id."""
    args = {"project_id": project_id, "campaign_id": campaign_id}
    return jobs.enqueue(LAUNCH, args, project_id=project_id, session=session)
