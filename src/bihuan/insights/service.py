"""Questions to a project's log: cached by content and data version, limited, cancellable."""

from __future__ import annotations

import hashlib
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bihuan.access import Project
from bihuan.analytics import Limits, ProjectContext, Query, Selection, cancel, people, people_sql, run
from bihuan.analytics.log_states import LogState, LogStates
from bihuan.database import Database
from bihuan.insights.cache import AnswerCache
from bihuan.insights.clock import moment_of
from bihuan.insights.errors import QueryIdTaken
from bihuan.insights.metrics.service import resolve_metrics
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.version import data_version


@dataclass(frozen=True)
class QueryLimits:
    """Most time and memory of one query."""

    time_seconds: float
    memory_bytes: int


@dataclass(frozen=True)
class RunningQuery:
    """A query under way in this process. ``query_id`` is the caller's name for it."""

    query_id: str
    kind: str
    started_at: datetime


@dataclass(frozen=True)
class Answer:
    """An encoded result (JSON) and whether it came from the cache."""

    body: bytes
    cached: bool


class QueryService:
    """Answers queries of every project. Thread-safe.

    Args:
        database: where the metrics are that queries refer to.
        limits: what one query may use.
        cache_bytes: memory for answers; an answer serves again while query, moment and rows are the same.
    """

    def __init__(self, database: Database, limits: QueryLimits, *, cache_bytes: int) -> None:
        self._database = database
        self._limits = limits
        self._cache = AnswerCache(cache_bytes)
        self._states = LogStates()
        self._running: dict[tuple[str, str], RunningQuery] = {}
        self._under_way: dict[str, threading.Event] = {}
        self._lock = threading.Lock()

    def answer(
        self, project: Project, store: ProjectStore, query: Query, *, query_id: str | None = None
    ) -> Answer:
        """The result of ``query`` as JSON. What is being asked already is waited for.

        Raises:
            QueryIdTaken, QueryTimeLimit, QueryMemoryLimit, QueryCancelled, EngineUnavailable,
            MetricNotFound, MetricUnusable.
        """
        resolved = resolve_metrics(self._database, project.id, query)
        version = data_version(store)
        key = _key(project, version.whole, query, resolved.query)
        cached = self._cache.get(key)
        if cached is not None:
            return Answer(cached, cached=True)
        with self._registered(project.id, query, query_id) as limits, self._turn(key) as waited:
            cached = self._cache.get(key) if waited else None
            if cached is not None:
                return Answer(cached, cached=True)
            ctx = context(project, store, self._states.of(store, version))
            result = resolved.restore(run(store.engine, ctx, resolved.query, limits))
            body = result.model_dump_json().encode()
            self._cache.put(key, body)
        return Answer(body, cached=False)

    def people(
        self,
        project: Project,
        store: ProjectStore,
        query: Query,
        selection: Selection,
        *,
        after: int | None,
        limit: int,
    ) -> list[int]:
        """A page of the ids of the people behind one number, ascending; raises as :meth:`answer`."""
        resolved = resolve_metrics(self._database, project.id, query)
        state = self._states.of(store, data_version(store))
        with self._registered(project.id, query, None) as limits:
            return people(
                store.engine,
                context(project, store, state),
                resolved.query,
                resolved.selection(selection),
                after=after,
                limit=limit,
                limits=limits,
            )

    def people_sql(
        self, project: Project, store: ProjectStore, query: Query, selection: Selection
    ) -> tuple[ProjectContext, str]:
        """A SELECT of all the people behind one number, as ``person``, from the log alone.

        Raises:
            SelectionInvalid, MetricNotFound, MetricUnusable.
        """
        resolved = resolve_metrics(self._database, project.id, query)
        ctx = replace(context(project, store), people_by_day=None, sequences=None)
        return ctx, people_sql(ctx, resolved.query, resolved.selection(selection))

    def context(self, project: Project, store: ProjectStore) -> ProjectContext:
        """The project at this moment, with what was found out of its log before."""
        return context(project, store, self._states.of(store, data_version(store)))

    def running(self, project_id: str) -> list[RunningQuery]:
        """The project's queries under way in this process, the oldest first."""
        with self._lock:
            return [query for (owner, _), query in self._running.items() if owner == project_id]

    def cancel(self, project_id: str, store: ProjectStore, query_id: str) -> None:
        """Stop a query, whichever process runs it; one that has ended is left alone."""
        cancel(store.engine, _engine_name(project_id, query_id))

    @contextmanager
    def _turn(self, key: str) -> Iterator[bool]:
        """Alone with an answer; whether it was waited for. One that fails leaves the turn to the next."""
        waited, mine = False, threading.Event()
        while True:
            with self._lock:
                other = self._under_way.setdefault(key, mine)
            if other is mine:
                break
            waited = other.wait(self._limits.time_seconds) or waited
            if not waited:
                break
        try:
            yield waited
        finally:
            with self._lock:
                if self._under_way.get(key) is mine:
                    del self._under_way[key]
            mine.set()

    @contextmanager
    def _registered(self, project_id: str, query: Query, query_id: str | None) -> Iterator[Limits]:
        name = query_id or uuid.uuid4().hex
        kind = str(getattr(query, "kind", ""))
        with self._lock:
            if (project_id, name) in self._running:
                raise QueryIdTaken(query_id=name)
            self._running[project_id, name] = RunningQuery(name, kind, datetime.now(UTC))
        try:
            yield Limits(
                time_seconds=self._limits.time_seconds,
                memory_bytes=self._limits.memory_bytes,
                query_id=_engine_name(project_id, name),
            )
        finally:
            with self._lock:
                del self._running[project_id, name]


def context(project: Project, store: ProjectStore, state: LogState | None = None) -> ProjectContext:
    """What a query needs to know of the project at this moment; ``state`` is that of its log, if known."""
    state = state or LogState(store, data_version(store))
    overrides = state.pending_ids()
    return ProjectContext(
        table=store.table,
        now_ms=project.now_ms(),
        time_zone=project.time_zone,
        first_weekday=project.first_weekday,
        session_gap_seconds=project.session_gap_seconds,
        has_overrides=bool(overrides),
        people_by_day=state.people_by_day(project.time_zone, pending=overrides),
        sequences=state.sequences(),
    )


def _key(project: Project, version: str, query: Query, resolved: Query) -> str:
    parts = (
        project.id,
        project.time_zone,
        str(project.first_weekday),
        str(project.session_gap_seconds),
        moment_of(resolved, project.now_ms(), project.time_zone),
        version,
        query.model_dump_json(),
        resolved.model_dump_json(),
    )
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _engine_name(project_id: str, query_id: str) -> str:
    return f"bihuan/{project_id}/{query_id}"
