"""The background work of an installation, as jobs: answers are right without it, and fast with it."""

from __future__ import annotations

import logging
import time
from datetime import datetime
from typing import Any, Protocol

from bihuan import audiences, campaigns
from bihuan.analytics.calendar import DateUnit
from bihuan.audiences.subjects import log_context
from bihuan.catalog import learn, learn_names
from bihuan.database import Database
from bihuan.experiments import TEND, TEND_SECONDS, Tender, held_out
from bihuan.insights import QueryService, RolledUp, roll_up
from bihuan.jobs import Job, Jobs
from bihuan.kernel.repeating import Repeating
from bihuan.messages import (
    CONSENT,
    CONSENT_SECONDS,
    MAILBOX_SECONDS,
    MAILBOXES,
    Messaging,
    keep_up,
    poll_all,
)
from bihuan.people import squash
from bihuan.projects import OpenProject
from bihuan.settings import Settings
from bihuan.warehouse import (
    Engine,
    GroupWriter,
    ProjectStore,
    arrived_rows,
    settle,
    settling,
    sweep_duplicates,
)

_log = logging.getLogger(__name__)

SQUASH_SECONDS = 300
SWEEP_SECONDS = 300
# Two processes that raced did so within moments; an hour also covers one that was down meanwhile.
SWEEP_BACK_MS = 3_600_000
ROLLUP_SECONDS = 120
SETTLE = "warehouse.settle"
SETTLE_SECONDS = 300
# Rewriting months waits while this many rows are queued, or were stored within the seconds.
BUSY_QUEUED_ROWS = 2_000
BUSY_ROWS, BUSY_SECONDS = 30_000, 30
REFRESH_SECONDS = 1.0


class Maintained(Protocol):
    """What is kept in order: ``bihuan.app.Installation``."""

    settings: Settings
    database: Database
    engine: Engine
    writer: GroupWriter
    jobs: Jobs
    queries: QueryService
    campaigns: campaigns.Campaigns
    messaging: Messaging

    def project_ids(self) -> list[str]:
        """Every project."""

    def project(self, project_id: str) -> OpenProject:
        """The project, opened if need be."""

    def open_projects(self) -> list[OpenProject]:
        """Those that are open."""


def register(installation: Maintained) -> None:
    """Declare the jobs and their schedules; before the installation starts."""
    jobs = installation.jobs

    def squash_all(job: Job) -> dict[str, Any]:
        squashed, settle_seconds = 0, _settle_seconds(installation)
        for project_id in installation.project_ids():
            identities = installation.project(project_id).people.identities
            squashed += squash(identities, settle_seconds=settle_seconds).ids
        return {"ids": squashed}

    def sweep_all(job: Job) -> dict[str, Any]:
        removed = 0
        since_ms = time.time_ns() // 1_000_000 - SWEEP_BACK_MS
        for project_id in installation.project_ids():
            removed += sweep_duplicates(installation.project(project_id).store, since_ms=since_ms)
        return {"removed": removed}

    def learn_all(job: Job) -> dict[str, Any]:
        rows, settle_seconds = 0, _settle_seconds(installation)
        for project_id in installation.project_ids():
            store = installation.project(project_id).store
            while learned := learn(installation.database, project_id, store, settle_seconds=settle_seconds):
                rows += learned
                job.progress(rows)
        return {"rows": rows}

    def roll_up_all(job: Job) -> dict[str, Any]:
        cells = rows = left = 0
        for project_id in installation.project_ids():
            project = installation.project(project_id)
            done = _roll_up(project, installation.settings)
            cells, rows, left = cells + done.cells, rows + done.rows, left + done.left
            job.progress(cells)
        return {"cells": cells, "rows": rows, "left": left}

    _register_features(installation)
    jobs.register("insights.roll_up", roll_up_all, exclusive=True)
    jobs.schedule("insights.roll_up", every_seconds=ROLLUP_SECONDS)
    jobs.register("catalog.learn", learn_all, exclusive=True)
    jobs.schedule("catalog.learn", every_seconds=installation.settings.learn_seconds)
    jobs.register("people.squash", squash_all, exclusive=True)
    jobs.schedule("people.squash", every_seconds=SQUASH_SECONDS)
    if not installation.engine.embedded:
        jobs.register("warehouse.sweep", sweep_all, exclusive=True)
        jobs.schedule("warehouse.sweep", every_seconds=SWEEP_SECONDS)


def _register_settling(installation: Maintained) -> None:
    def settle_months(
        job: Job, project_id: str | None = None, quiet_seconds: int = settling.QUIET_SECONDS
    ) -> dict[str, Any]:
        """Of one project or all; ``quiet_seconds`` 0 after an import, whose rows are no traffic."""
        merged = projected = left = 0
        for each in [project_id] if project_id is not None else installation.project_ids():
            store = installation.project(each).store

            def is_busy(store: ProjectStore = store) -> bool:
                queued = installation.writer.queued_rows() >= BUSY_QUEUED_ROWS
                return queued or (quiet_seconds > 0 and arrived_rows(store, BUSY_SECONDS) >= BUSY_ROWS)

            done = settle(
                store,
                quiet_seconds=quiet_seconds,
                is_busy=is_busy,
                progress=lambda step, steps, project=each: job.progress(step, steps, project),  # type: ignore[misc]
            )
            merged, projected, left = merged + done.merged, projected + done.projected, left + done.left
        return {"merged": merged, "projected": projected, "left": left}

    installation.jobs.register(SETTLE, settle_months, exclusive=True)
    installation.jobs.schedule(SETTLE, every_seconds=SETTLE_SECONDS)


def _register_features(installation: Maintained) -> None:
    _register_audiences(installation)
    _register_consent(installation)
    _register_experiments(installation)
    _register_settling(installation)


def _register_audiences(installation: Maintained) -> None:
    def refresh_one(job: Job, project_id: str, subject_id: str) -> dict[str, Any]:
        return _refresher(installation, project_id).one(subject_id)

    def refresh_due(job: Job) -> dict[str, Any]:
        refreshed = sum(_refresher(installation, each).due(job) for each in installation.project_ids())
        return {"refreshed": refreshed}

    def backfill(job: Job, project_id: str, subject_id: str, after: str, unit: DateUnit) -> dict[str, Any]:
        return _refresher(installation, project_id).backfill(subject_id, after, unit, job)

    def send_out(job: Job, project_id: str | None = None, sync_id: str | None = None) -> dict[str, Any]:
        sent = 0
        for each in [project_id] if project_id is not None else installation.project_ids():
            opened = installation.project(each)
            places = sync_out(installation.settings)
            sent += audiences.Sender(places, installation.database, opened.row, opened.people).due(sync_id)
            job.progress(sent)
        return {"sent": sent}

    jobs = installation.jobs
    jobs.register(audiences.SYNC, send_out, exclusive=True)
    jobs.schedule(audiences.SYNC, every_seconds=audiences.SYNC_SECONDS)
    jobs.register(audiences.REFRESH, refresh_one)
    jobs.register(audiences.BACKFILL, backfill)
    jobs.register(audiences.DUE, refresh_due, exclusive=True)
    jobs.schedule(audiences.DUE, every_seconds=audiences.DUE_SECONDS)


def _register_experiments(installation: Maintained) -> None:
    def tend(job: Job) -> dict[str, Any]:
        done = 0
        for project_id in installation.project_ids():
            opened = installation.project(project_id)
            done += Tender(installation.database, opened.row, opened.store).due(job)
        return {"done": done}

    installation.jobs.register(TEND, tend, exclusive=True)
    installation.jobs.schedule(TEND, every_seconds=TEND_SECONDS)


def _register_consent(installation: Maintained) -> None:
    def keep_consent(job: Job) -> dict[str, Any]:
        done: dict[str, int] = {}
        for project_id in installation.project_ids():
            for name, count in keep_up(installation.database, installation.project(project_id)).items():
                done[name] = done.get(name, 0) + count
        return done

    def read_mailboxes(job: Job) -> dict[str, Any]:
        read = 0
        for project_id in installation.project_ids():
            read += poll_all(installation.database, installation.project(project_id), _now_ms)
            job.progress(read)
        return {"mails": read}

    installation.jobs.register(MAILBOXES, read_mailboxes, exclusive=True)
    installation.jobs.schedule(MAILBOXES, every_seconds=MAILBOX_SECONDS)
    installation.jobs.register(CONSENT, keep_consent, exclusive=True)
    installation.jobs.schedule(CONSENT, every_seconds=CONSENT_SECONDS)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def sync_out(settings: Settings) -> audiences.SyncOut:
    """How audiences are sent out of this installation."""
    return audiences.SyncOut(settings.data.resolve() / "syncs", settings.private_webhooks)


def campaigns_of(installation: Maintained) -> campaigns.Campaigns:
    """Campaigns of this installation."""

    def opened(project_id: str) -> campaigns.Opened:
        project = installation.project(project_id)
        messaging = installation.messaging
        messenger = campaigns.OutboxMessenger(
            installation.database, project, messaging.permission, messaging.renderer
        )

        def held_out_sql(at: datetime) -> str | None:
            with installation.database.read_session() as session:
                found = held_out(session, project_id, at)
            return None if found is None else found.sql(log_context(project.row, project.store))

        return campaigns.Opened(project.row, project.people, messenger, held_out_sql)

    return campaigns.Campaigns(
        installation.database,
        installation.jobs,
        installation.queries,
        installation.writer,
        opened,
    )


def _refresher(installation: Maintained, project_id: str) -> audiences.Refresher:
    project = installation.project(project_id)
    return audiences.Refresher(installation.database, project.row, project.store)


def _settle_seconds(installation: Maintained) -> float:
    """How long after it was received a row may still be stored, or its person looked up anew."""
    # Writers of other processes may hold a person for as long as their map is old.
    return 10 if installation.engine.embedded else 60


def _roll_up(project: OpenProject, settings: Settings) -> RolledUp:
    return roll_up(project.store, project.row.time_zone, settings.rollup_properties, settings.rollup_numbers)


class Refresher:
    """Every second: counts of plan violations out and new names of events into the catalog; what other
    processes said of people and plans in."""

    def __init__(self, installation: Maintained) -> None:
        self._installation = installation
        self._repeating = Repeating("refresh", REFRESH_SECONDS, self._turn)

    def start(self) -> None:
        """Begin, in a thread."""
        self._repeating.start()

    def stop(self) -> None:
        """End and wait for it."""
        self._repeating.stop()

    def _turn(self) -> None:
        for project in self._installation.open_projects():
            try:
                self._refresh(project)
            except Exception:
                _log.warning("project %s was not refreshed", project.row.id, exc_info=True)

    def _refresh(self, project: OpenProject) -> None:
        project.plan.violations.flush(self._installation.database, project.row.id)
        project.plan.refresh()
        names = project.intake.names
        if fresh := names.fresh():
            names.learned(learn_names(self._installation.database, project.row.id, project.store, fresh))
        if not self._installation.engine.embedded:
            project.people.identities.refresh()
