"""The composition root: settings in, a running installation out.

Everything that is made once per process is made here and handed down; nothing below reads settings.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

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
from bihuan.audiences import Following
from bihuan.catalog import PlanChanged, PlanKeeper, learn_batch, set_apart
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
from bihuan.experiments import FlagServer, record_groups
from bihuan.experiments.drawing import Draws
from bihuan.experiments.models import Experiment
from bihuan.experiments.schemas import Plan
from bihuan.insights import BoardWarmer, QueryLimits, QueryService
from bihuan.jobs import Jobs
from bihuan.journeys import JourneyRunner, Services, WriterOfLog
from bihuan.journeys import forget_erased as forget_in_journeys
from bihuan.journeys.adapters import ExperimentSplitting, OutboxSending, ProjectNames
from bihuan.journeys.calling import ChannelCalling
from bihuan.journeys.rewards.giving import LoggedRewards
from bihuan.journeys.tasks.service import MemberTasks
from bihuan.kernel.open_files import allow_many_open_files
from bihuan.messages import Messaging, forget_erased, forget_messages, system_clock
from bihuan.people import People
from bihuan.projects import OpenProject
from bihuan.settings import Settings
from bihuan.warehouse import (
    Engine,
    GroupWriter,
    ProjectStore,
    WriteLimits,
    drop_project,
    open_project,
    project_store,
)


class Installation:
    """A running Bihuan: the two databases, the writer, background jobs, and the projects as they are used.

    Args:
        now_ms: the clock that messages and journeys go by, in Unix milliseconds.
    """

    def __init__(self, settings: Settings, *, now_ms: Callable[[], int] = system_clock) -> None:
        self.settings = settings
        self._now_ms = now_ms
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
        self.boards = BoardWarmer(self.database, self.queries, self._row_and_store)
        self.jobs = Jobs(self.database)
        self.imports = Imports(
            settings.data / "uploads",
            self.database,
            self.jobs,
            lambda project_id: self.project(project_id).intake,
            lambda project_id: self.project(project_id).people,
            begun=set_apart,
            ended=self._import_ended,
        )
        self.campaigns = maintenance.campaigns_of(self)
        self.flags = FlagServer(self.database, self.writer, self.project)
        maintenance.register(self)
        self.campaigns.register()
        self._refresher = maintenance.Refresher(self)
        self.following = Following(self.database, self.open_projects)
        private = settings.private_webhooks
        self.messaging = Messaging(
            self.database, self.project, self.project_ids, private=private, now_ms=now_ms
        )
        self.journeys = self._journey_runner()
        self._geo = GeoDatabase(settings.geo_database) if settings.geo_database else None
        self._projects: dict[str, OpenProject] = {}
        self._lock = threading.RLock()
        self._settling: str | None = None
        self._listen()

    def _listen(self) -> None:
        signals = self.database.signals
        signals.connect(PlanChanged, lambda signal: self._replan(signal.project_id))
        signals.connect(ProjectChanged, lambda signal: self._forget(signal.project_id))
        signals.connect(ProjectDeleted, lambda signal: self._drop(signal.project_id))

    def start(self, *, work: bool = True) -> None:
        """Open the job queue, and with ``work`` run background and scheduled jobs in this process."""
        self.jobs.start(work=work)
        self._refresher.start()
        self.following.start()
        if work:
            self.messaging.start()
        if work:
            self.journeys.start()

    def project_ids(self) -> list[str]:
        """Every project, in order."""
        with self.database.read_session() as session:
            return list(session.scalars(select(Project.id).order_by(Project.id)))

    def open_projects(self) -> list[OpenProject]:
        """The projects that this process has used."""
        return list(self._projects.values())

    def warm_up(self) -> None:
        """Open the first project, so that the first events do not wait for it, and ask boards ahead."""
        for project_id in self.project_ids()[:1]:
            self.project(project_id)
        self.boards.start()

    def wait_settled(self, timeout_seconds: float = 600.0) -> None:
        """Wait until what the last import of this process stored is in parts that questions read quickly."""
        if self._settling is not None:
            self.jobs.wait(self._settling, timeout_seconds)

    def close(self) -> None:
        """Store what is queued, let jobs reach a resting point, close everything."""
        self.boards.stop()
        self.messaging.stop()
        self.jobs.stop()
        self.journeys.stop()
        self._refresher.stop()
        self.following.stop()
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

    def _import_ended(self, project_id: str, source: str, received_ms: int) -> None:
        learn_batch(self.database, project_id, self.project(project_id).store, source, received_ms)
        args = {"project_id": project_id, "quiet_seconds": 0}
        self._settling = self.jobs.enqueue(maintenance.SETTLE, args)

    def _row_and_store(self, project_id: str) -> tuple[Project, ProjectStore]:
        opened = self.project(project_id)
        return opened.row, opened.store

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
        people.erased.append(partial(forget_erased, self.database, project_id))
        people.erased.append(partial(forget_in_journeys, self.database, project_id))
        people.erased.append(partial(forget_messages, self.database, project_id))
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

    def _journey_runner(self) -> JourneyRunner:
        writer = WriterOfLog(self.writer)
        calling = ChannelCalling(self.database, self.messaging.channels)
        services = Services(
            sending=OutboxSending(),
            splitting=ExperimentSplitting(self._drawing, self._record_variants),
            tasks=MemberTasks(self.database),
            rewards=LoggedRewards(
                self.database, lambda project_id: self.project(project_id).people, writer, calling
            ),
            calling=calling,
            naming=ProjectNames(),
        )
        return JourneyRunner(self.database, self.project, services, writer, clock=self._now_ms)

    def _drawing(self, project_id: str, experiment_id: str) -> Callable[[int], str | None] | None:
        with self.database.read_session() as session:
            row = session.get(Experiment, experiment_id)
        if row is None or row.project_id != project_id or row.status != "running":
            return None
        return Draws.of(row, Plan.model_validate(row.plan)).variant

    def _record_variants(
        self, project_id: str, experiment_id: str, groups: dict[int, str], at_ms: int
    ) -> None:
        record_groups(self.project(project_id).store, experiment_id, groups, at_ms=at_ms)

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
