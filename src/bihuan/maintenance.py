"""The background work of an installation, as jobs: answers are right without it, and fast with it."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any, Protocol

from bihuan.catalog import learn
from bihuan.database import Database
from bihuan.insights import RolledUp, roll_up
from bihuan.jobs import Job, Jobs
from bihuan.people import squash
from bihuan.projects import OpenProject
from bihuan.settings import Settings
from bihuan.warehouse import Engine, sweep_duplicates

_log = logging.getLogger(__name__)

LEARN_SECONDS = 60
SQUASH_SECONDS = 300
SWEEP_SECONDS = 300
# Two processes that raced did so within moments; an hour also covers one that was down meanwhile.
SWEEP_BACK_MS = 3_600_000
ROLLUP_SECONDS = 120
REFRESH_SECONDS = 1.0


class Maintained(Protocol):
    """What is kept in order: ``bihuan.app.Installation``."""

    settings: Settings
    database: Database
    engine: Engine
    jobs: Jobs

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
        # Writers of other processes may hold a person for as long as their map is old.
        settle_seconds = 10.0 if installation.engine.embedded else 60.0
        squashed = 0
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
        rows = 0
        for project_id in installation.project_ids():
            store = installation.project(project_id).store
            while learned := learn(installation.database, project_id, store):
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

    jobs.register("insights.roll_up", roll_up_all, exclusive=True)
    jobs.schedule("insights.roll_up", every_seconds=ROLLUP_SECONDS)
    jobs.register("catalog.learn", learn_all, exclusive=True)
    jobs.schedule("catalog.learn", every_seconds=LEARN_SECONDS)
    jobs.register("people.squash", squash_all, exclusive=True)
    jobs.schedule("people.squash", every_seconds=SQUASH_SECONDS)
    if not installation.engine.embedded:
        jobs.register("warehouse.sweep", sweep_all, exclusive=True)
        jobs.schedule("warehouse.sweep", every_seconds=SWEEP_SECONDS)


def _roll_up(project: OpenProject, settings: Settings) -> RolledUp:
    return roll_up(project.store, project.row.time_zone, settings.rollup_properties, settings.rollup_numbers)


class Refresher:
    """Every second: counts of plan violations out, what other processes said of people and plans in."""

    def __init__(self, installation: Maintained) -> None:
        self._installation = installation
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="refresh", daemon=True)

    def start(self) -> None:
        """Begin, in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """End and wait for it."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(REFRESH_SECONDS):
            for project in self._installation.open_projects():
                try:
                    self._refresh(project)
                except Exception:
                    _log.warning("project %s was not refreshed", project.row.id, exc_info=True)

    def _refresh(self, project: OpenProject) -> None:
        project.plan.violations.flush(self._installation.database, project.row.id)
        project.plan.refresh()
        if not self._installation.engine.embedded:
            project.people.identities.refresh()
