"""The composition root: settings in, a running installation out.

Everything that is made once per process is made here and handed down; nothing below reads settings.
"""

from __future__ import annotations

import threading

from sqlalchemy import select

from bihuan import maintenance
from bihuan.access import (
    Project,
    ProjectChanged,
    ProjectDeleted,
    WriteKeyCache,
    bootstrap,
    get_project,
    instance_secret,
)
from bihuan.catalog import PlanChanged, PlanKeeper
from bihuan.collect import (
    Collector,
    EnrichmentSettings,
    GeoDatabase,
    Intake,
    TimeRules,
    use_redirect_hosts,
    use_visitor_secret,
)
from bihuan.collect.files import Imports
from bihuan.collect.quarantine import IntakeReplay, Quarantine
from bihuan.database import Database
from bihuan.insights import QueryLimits, QueryService
from bihuan.jobs import Jobs
from bihuan.kernel.open_files import allow_many_open_files
from bihuan.people import People
from bihuan.projects import OpenProject
from bihuan.settings import Settings
from bihuan.warehouse import (
    Engine,
    GroupWriter,
    WriteLimits,
    drop_project,
    open_project,
    project_store,
)


class Installation:
    """A running Bihuan: the two databases, the writer, background jobs, and the projects as they are used."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        allow_many_open_files()
        settings.data.mkdir(parents=True, exist_ok=True)
        self.database = Database.open(settings.database_dsn)
        self.bootstrap = bootstrap(self.database, settings.data)
        self.engine = Engine(settings.warehouse_dsn, pool_size=settings.warehouse_connections)
        self.writer = GroupWriter(
            WriteLimits(queue_rows=settings.queue_rows, queue_bytes=settings.queue_megabytes << 20),
            seen_memory_bytes=settings.seen_megabytes << 20,
        )
        self.write_keys = WriteKeyCache(self.database)
        use_visitor_secret(instance_secret(self.database, "visitors"))
        use_redirect_hosts(settings.redirect_hosts)
        self.collector = Collector(
            self.write_keys, self._opened_intake, lambda project_id: self.project(project_id).intake
        )
        self.queries = QueryService(
            self.database,
            QueryLimits(settings.query_seconds, settings.query_megabytes << 20),
            cache_bytes=settings.query_cache_megabytes << 20,
        )
        self.jobs = Jobs(self.database)
        self.imports = Imports(
            settings.data / "uploads", self.jobs, lambda project_id: self.project(project_id).intake
        )
        maintenance.register(self)
        self._refresher = maintenance.Refresher(self)
        self._geo = GeoDatabase(settings.geo_database) if settings.geo_database else None
        self._projects: dict[str, OpenProject] = {}
        self._lock = threading.RLock()
        self.database.signals.connect(PlanChanged, lambda signal: self._replan(signal.project_id))
        self.database.signals.connect(ProjectChanged, lambda signal: self._forget(signal.project_id))
        self.database.signals.connect(ProjectDeleted, lambda signal: self._drop(signal.project_id))

    def start(self, *, work: bool = True) -> None:
        """Open the job queue, and with ``work`` run background and scheduled jobs in this process."""
        self.jobs.start(work=work)
        self._refresher.start()

    def project_ids(self) -> list[str]:
        """Every project, in order."""
        with self.database.read_session() as session:
            return list(session.scalars(select(Project.id).order_by(Project.id)))

    def open_projects(self) -> list[OpenProject]:
        """The projects that this process has used."""
        return list(self._projects.values())

    def warm_up(self) -> None:
        """Open the first project, so that the first events do not wait for it."""
        for project_id in self.project_ids()[:1]:
            self.project(project_id)

    def close(self) -> None:
        """Store what is queued, let jobs reach a resting point, close everything."""
        self.jobs.stop()
        self._refresher.stop()
        self.writer.close()
        self.engine.close()
        self.database.dispose()

    def project(self, project_id: str) -> OpenProject:
        """The project, opened (its database made or migrated) at first use. Raises ``ProjectNotFound``."""
        found = self._projects.get(project_id)
        if found is not None:
            return found
        with self._lock:
            if project_id not in self._projects:
                self._projects[project_id] = self._open(project_id)
            return self._projects[project_id]

    def _opened_intake(self, project_id: str) -> Intake | None:
        found = self._projects.get(project_id)
        return found.intake if found is not None else None

    def _open(self, project_id: str) -> OpenProject:
        settings = self.settings
        with self.database.read_session() as session:
            row = get_project(session, project_id)
        store = open_project(
            self.engine, project_id, cluster=settings.cluster, durable=settings.durability == "disk"
        )
        people = People(store)
        plan = PlanKeeper(self.database, project_id)
        intake = Intake(
            people,
            self.writer,
            rules=TimeRules(round(settings.skew_seconds * 1000), round(settings.future_seconds * 1000)),
            enrichment=EnrichmentSettings(geo=self._geo, store_ip=settings.store_ip),
            plan=lambda: plan.checker,
        )
        self.writer.open(store)
        return OpenProject(row, store, people, intake, plan, Quarantine(store, IntakeReplay(intake)))

    def _forget(self, project_id: str) -> None:
        with self._lock:
            self._projects.pop(project_id, None)

    def _replan(self, project_id: str) -> None:
        found = self._projects.get(project_id)
        if found is not None:
            found.plan.refresh()

    def _drop(self, project_id: str) -> None:
        self._forget(project_id)
        settings = self.settings
        drop_project(project_store(self.engine, project_id, cluster=settings.cluster))
