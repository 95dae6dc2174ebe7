"""Starting a campaign as work that goes on where it was left: people, log, messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bihuan.access import Project
from bihuan.audiences import Refresher
from bihuan.audiences.models import Audience
from bihuan.campaigns.models import Campaign
from bihuan.campaigns.plan.schemas import HOLDOUT, Plan
from bihuan.campaigns.running.arms import arms_sql, fix, pages_of
from bihuan.campaigns.running.held_out import held_out_rows
from bihuan.campaigns.running.messenger import Messenger, Queued, occurrence_of
from bihuan.campaigns.running.models import Launch
from bihuan.database import Database, utc_now
from bihuan.jobs import Job
from bihuan.kernel.errors import BihuanError
from bihuan.people import People
from bihuan.warehouse import Batch, GroupWriter

CHUNK = 2_000
_WRITE_SECONDS = 60


class Moved(Exception):
    """Somebody else went on with this launch, or the campaign no longer runs."""


@dataclass(frozen=True)
class Launcher:
    """Does the work of starting campaigns of one project; harmless to do twice, by anybody, at any time.

    ``held_out_sql``: Bool over a column ``person``: in the project's global holdout; or None.
    """

    database: Database
    project: Project
    people: People
    writer: GroupWriter
    messenger: Messenger
    held_out_sql: str | None = None
    chunk: int = CHUNK

    def go_on(self, campaign_id: str, job: Job | None = None) -> str:
        """Go on until everything is handed over, or the campaign is paused; returns the phase reached.

        A failure is written down, and raised.
        """
        try:
            self._fix(campaign_id)
            self._hold_out(campaign_id)
            self._hand_over(campaign_id, job)
        except Moved:
            pass
        except BihuanError as error:
            with self.database.session() as session:
                row = session.get(Launch, campaign_id)
                if row is not None:
                    said = {"code": error.code, "en": error.message("en"), "zh": error.message("zh")}
                    row.error = {**said, "at": utc_now().isoformat()}
            raise
        return self._state(campaign_id)[0].phase

    def _fix(self, campaign_id: str) -> None:
        launch, campaign = self._state(campaign_id)
        if launch.phase != "fix" or campaign.status != "running":
            return
        plan = Plan.model_validate(campaign.plan)
        self._refresh_audiences(plan)
        store = self.people.store
        held_out = self.held_out_sql if plan.holdout.respect_global else None
        arms = arms_sql(store, self.project.id, campaign_id, plan, held_out)
        sizes = fix(store, campaign_id, arms, launch.at_ms)
        with self.database.session() as session:
            row, _ = self._locked(session, campaign_id, "fix", None)
            row.arms, row.phase, row.cursor = sizes, "hold_out", None

    def _hold_out(self, campaign_id: str) -> None:
        launch, campaign = self._state(campaign_id)
        if launch.phase != "hold_out" or campaign.status != "running":
            return
        after = launch.cursor
        store = self.people.store
        start = None if after is None else int(after)
        for page in pages_of(store, campaign_id, [HOLDOUT], after=start, limit=self.chunk):
            persons = [person for person, _ in page]
            rows = held_out_rows(self.people, self.project.id, campaign_id, persons, launch.at_ms)
            self.writer.submit(store, Batch(events=rows)).result(_WRITE_SECONDS)
            with self.database.session() as session:
                row, _ = self._locked(session, campaign_id, "hold_out", after)
                row.cursor = after = str(persons[-1])
        with self.database.session() as session:
            row, _ = self._locked(session, campaign_id, "hold_out", after)
            row.phase, row.cursor = "hand_over", None

    def _hand_over(self, campaign_id: str, job: Job | None) -> None:
        launch, campaign = self._state(campaign_id)
        if launch.phase != "hand_over" or campaign.status != "running":
            return
        plan = Plan.model_validate(campaign.plan)
        names = [each.name for each in plan.variants]
        total = sum(launch.arms.get(each, 0) for each in names)
        after, done = launch.cursor, 0
        start = None if after is None else int(after)
        for page in pages_of(self.people.store, campaign_id, names, after=start, limit=self.chunk):
            rows = [row for person, arm in page for row in _messages(campaign, plan, launch, person, arm)]
            with self.database.session() as session:
                row, _ = self._locked(session, campaign_id, "hand_over", after)
                row.handed_over += self.messenger.enqueue(session, self.project.id, rows)
                row.cursor = after = str(page[-1][0])
            done += len(page)
            if job is not None:
                job.progress(min(done, total), total)
        with self.database.session() as session:
            row, _ = self._locked(session, campaign_id, "hand_over", after)
            row.phase, row.cursor, row.ended_at, row.error = "done", None, utc_now(), None

    def _refresh_audiences(self, plan: Plan) -> None:
        target = plan.target
        refresher = Refresher(self.database, self.project, self.people.store)
        for audience_id in (*target.audience_ids, *target.exclude_audience_ids):
            with self.database.read_session() as session:
                row = session.get(Audience, audience_id)
            if row is not None and row.kind == "condition":
                refresher.one(audience_id)

    def _state(self, campaign_id: str) -> tuple[Launch, Campaign]:
        with self.database.read_session() as session:
            return session.get_one(Launch, campaign_id), session.get_one(Campaign, campaign_id)

    def _locked(
        self, session: Session, campaign_id: str, phase: str, cursor: str | None
    ) -> tuple[Launch, Campaign]:
        """The launch, locked and where it was left; raises ``Moved`` when it is not there any more."""
        campaign = session.get_one(Campaign, campaign_id, with_for_update=True)
        launch = session.get_one(Launch, campaign_id, with_for_update=True)
        if campaign.status != "running" or (launch.phase, launch.cursor) != (phase, cursor):
            raise Moved
        return launch, campaign


def _messages(campaign: Campaign, plan: Plan, launch: Launch, person: int, arm: str) -> list[Queued]:
    ends_ms = None if campaign.ends_at is None else _ms(campaign.ends_at)
    return [
        Queued(
            person_id=person,
            occurrence=occurrence_of(campaign.id),
            step=message.step,
            message=message,
            variant=arm,
            template_version=launch.templates[message.template_id or ""],
            due_ms=launch.at_ms + message.after_minutes * 60_000,
            expires_ms=ends_ms,
            context=context_of(campaign, plan),
            origin={"$campaign_id": campaign.id, "$variant": arm},
        )
        for message in plan.messages_of(arm)
    ]


def context_of(campaign: Campaign, plan: Plan) -> dict[str, Any]:
    """What templates of a campaign see beside the person."""
    return {"campaign": {"id": campaign.id, "name": campaign.name, "offer": plan.offer.model_dump()}}


def begin(session: Session, messenger: Messenger, campaign: Campaign, at: datetime) -> Launch:
    """The work of starting a campaign, as of a moment; in the transaction that makes it running.

    What its messages say is fixed: a template that is changed later is another version.
    """
    plan = Plan.model_validate(campaign.plan)
    versions = {
        each.template_id or "": messenger.seal(session, campaign.project_id, each) for each in plan.messages
    }
    row = Launch(campaign_id=campaign.id, at_ms=_ms(at), phase="fix", arms={}, handed_over=0)
    row.templates = versions
    session.add(row)
    session.flush()
    return row


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
