"""Sending out as a job: every few seconds what is due."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from bihuan.access import Project, mask_for, permissions_of_actor
from bihuan.audiences.subjects import find_row
from bihuan.audiences.sync.delivering import SETTLED_MS, Webhook, fail, failure_of
from bihuan.audiences.sync.errors import CreatorMayNot, SyncSubjectGone
from bihuan.audiences.sync.files import Files, is_due
from bihuan.audiences.sync.models import AudienceSync
from bihuan.database import Database, utc_now
from bihuan.delivery.webhooks.sending import TOTAL_SECONDS
from bihuan.jobs import Jobs
from bihuan.kernel.errors import BihuanError
from bihuan.people import People

SYNC = "audiences.sync"
SYNC_SECONDS = 10


def enqueue_sync(jobs: Jobs, project_id: str, sync_id: str) -> str:
    """Have one sync send what is due, files even if they are not; returns the job's id."""
    return jobs.enqueue(SYNC, {"project_id": project_id, "sync_id": sync_id}, project_id=project_id)


@dataclass(frozen=True)
class SyncOut:
    """Where files go, whether webhooks may go to private addresses, and how long a receiver may take."""

    directory: Path
    private: bool = False
    total_seconds: float = TOTAL_SECONDS
    settled_ms: int = SETTLED_MS


@dataclass(frozen=True)
class Sender:
    """Sends out what is due in one project."""

    settings: SyncOut
    database: Database
    project: Project
    people: People

    def due(self, sync_id: str | None = None) -> int:
        """Send what is due, of one sync or all; returns how many messages and files went out."""
        with self.database.read_session() as session:
            wanted = select(AudienceSync).where(AudienceSync.project_id == self.project.id)
            wanted = (
                wanted.where(AudienceSync.enabled)
                if sync_id is None
                else wanted.where(AudienceSync.id == sync_id)
            )
            rows = list(session.scalars(wanted.order_by(AudienceSync.id)))
        self._forget_deleted()
        return sum(self._one(row, at_once=sync_id is not None) for row in rows)

    def _one(self, sync: AudienceSync, *, at_once: bool) -> int:
        now = utc_now()
        if not at_once and sync.next_at is not None and now < sync.next_at:
            return 0
        try:
            with self.database.read_session() as session:
                subject = find_row(session, self.project.id, sync.subject_id)
                rights = permissions_of_actor(session, sync.created_by, self.project.id)
            if subject is None:
                raise SyncSubjectGone
            if "edit_data" not in rights:
                raise CreatorMayNot(name=sync.created_by["name"])
        except BihuanError as error:
            with self.database.session() as session:
                fail(session, sync.id, error)
            return 0
        hides = not (sync.unmask and "unmask" in rights)
        mask = mask_for(self.database, self.project.id, hides=hides)
        if sync.kind == "webhook":
            out = self.settings
            webhook = Webhook(
                self.database,
                self.project,
                self.people,
                subject,
                mask,
                out.private,
                out.total_seconds,
                out.settled_ms,
            )
            return webhook.turn(sync)
        files = Files(self.settings.directory, self.database, self.project, self.people.store)
        files.tidy(sync)
        if not at_once and not is_due(sync, self.project, now):
            return 0
        try:
            files.write(sync, mask)
        except BihuanError as error:
            with self.database.session() as session:
                session.get_one(AudienceSync, sync.id).error = failure_of(error)
            return 0
        return 1

    def _forget_deleted(self) -> None:
        """Delete the files of syncs that are there no more."""
        where = self.settings.directory / self.project.id
        if not where.is_dir():
            return
        with self.database.read_session() as session:
            known = set(
                session.scalars(select(AudienceSync.id).where(AudienceSync.project_id == self.project.id))
            )
        for each in where.iterdir():
            if each.name not in known:
                shutil.rmtree(each, ignore_errors=True)
