"""One session with a server: loads of three kinds, queries beside them, and whether all of it was kept."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

import httpx

from bench.cases.case import WHOLE
from bench.collection.bodies import EVENTS_A_BATCH
from bench.collection.engine_work import SOURCE, apart, arrow_rate, prepare, stored_requests
from bench.collection.load import LoadPlan, LoadReport
from bench.collection.server_process import ServerProcess, finish_load, host_and_port, serving, start_load
from bench.machine import cpu_seconds, peak_memory_bytes
from bench.measure import Spread, spread
from bihuan.analytics.funnel import FunnelQuery, FunnelStep, FunnelWindow
from bihuan.analytics.query import EventSelector

BATCH_CONNECTIONS, SINGLE_CONNECTIONS = 16, 64
# Beside this many events a second queries are asked; far more than most installations get.
PACED_EVENTS_PER_SECOND = 5_000
QUERIES = 60


@dataclass(frozen=True)
class LoadFigures:
    """One load: events a second, milliseconds a request, failed requests, cores that the server used."""

    events_per_second: float
    p50_ms: float
    p99_ms: float
    failed: int
    server_cores: float


@dataclass
class CollectionFigures:
    """Everything that was measured of collection.

    ``arrow_rates`` and ``batches`` alternate, so that ratios are of neighbours in time. Of the queries:
    median seconds without load and the slowdown beside one.
    """

    log_events: int = 0
    arrow_rates: list[float] = field(default_factory=list)
    batches: list[LoadFigures] = field(default_factory=list)
    singles: list[LoadFigures] = field(default_factory=list)
    query_seconds: float = 0.0
    slowdown_paced: float = 0.0
    slowdown_full: float = 0.0
    peak_memory_bytes: int = 0
    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0

    @property
    def arrow_ratio(self) -> Spread:
        """The rate over HTTP as a share of that from Arrow."""
        pairs = zip(self.batches, self.arrow_rates, strict=True)
        return spread([load.events_per_second / rate for load, rate in pairs])


class _Session:
    """A server under measurement; remembers what it acknowledged."""

    def __init__(self, server: ServerProcess, project_id: str, write_key: str, seconds: float) -> None:
        self.server = server
        self.acknowledged: dict[int, int] = {}
        self._project_id, self._write_key, self._seconds = project_id, write_key, seconds
        self._next_number = 1
        self._asked = 0

    def wait_until_quiet(self) -> None:
        """Let the engine's merges end, for twice the length of a load at most."""
        self.server.wait_until_quiet(2 * self._seconds)

    def load(
        self, path: str, connections: int, during: Callable[[], None] | None = None, rate: float | None = None
    ) -> LoadFigures:
        """Send for the session's seconds, or for as long as ``during`` is likely to take."""
        host, port = host_and_port(self.server.address)
        seconds = self._seconds if during is None else self._seconds * 2
        plan = LoadPlan(host, port, self._write_key, path, connections, seconds, self._next_number, rate)
        process = start_load(plan)
        before, started = cpu_seconds(self.server.pid), time.monotonic()
        if during is not None:
            time.sleep(plan.lead_seconds + 0.5)
            during()
        report = finish_load(process)
        cores = (cpu_seconds(self.server.pid) - before) / (time.monotonic() - started)
        events = EVENTS_A_BATCH if path == "/v1/batch" else 1
        self._note(report, events)
        return _figures(report, events, cores)

    def query_seconds(self, most_seconds: float = 60.0) -> float:
        """Median seconds of a funnel over the prepared log, through the API, no answer from the cache."""
        times: list[float] = []
        headers = {"authorization": f"Bearer {self.server.api_key}"}
        until = time.perf_counter() + most_seconds
        with httpx.Client(base_url=self.server.address, headers=headers, timeout=60) as client:
            while len(times) < QUERIES and (time.perf_counter() < until or len(times) < 3):
                body = self._query().model_dump_json()
                started = time.perf_counter()
                client.post(
                    f"/api/projects/{self._project_id}/query",
                    content=body,
                    headers={"content-type": "application/json"},
                ).raise_for_status()
                times.append(time.perf_counter() - started)
        return median(times)

    def _query(self) -> FunnelQuery:
        # A label of its own for each, so that the cache of answers has none of them.
        self._asked += 1
        steps = tuple(
            FunnelStep(selector=EventSelector(events=(event,), label=f"{event} {self._asked}"))
            for event in ("view", "cart", "pay")
        )
        return FunnelQuery(steps=steps, window=FunnelWindow(count=7), period=WHOLE)

    def _note(self, report: LoadReport, events: int) -> None:
        self.acknowledged.update(dict.fromkeys(report.acknowledged, events))
        # More than the load can have sent, so that no number comes twice.
        self._next_number += len(report.acknowledged) + 10_000


def measure_collection(
    *, log_events: int, seconds: float, rounds: int, say: Callable[[str], None]
) -> CollectionFigures:
    """Run the whole session on a log of ``log_events``; each load takes ``seconds``."""
    figures = CollectionFigures(log_events=log_events)
    with tempfile.TemporaryDirectory(prefix="bihuan-bench-") as name:
        directory = Path(name)
        data = directory / "data"
        say(f"preparing a server with {log_events:,} events")
        project_id, write_key = apart(prepare, data, log_events)
        with serving(data) as server:
            session = _Session(server, project_id, write_key, seconds)
            for number in range(rounds):
                _alternate(session, figures, directory / f"arrow-{number}", seconds, say)
            _beside_queries(session, figures, say)
            figures.peak_memory_bytes = peak_memory_bytes(server.pid)
        say("looking for lost and doubled events")
        stored, figures.doubled = apart(stored_requests, data, project_id, SOURCE)
    figures.acknowledged = sum(session.acknowledged.values())
    figures.lost = sum(
        max(0, events - stored.get(number, 0)) for number, events in session.acknowledged.items()
    )
    return figures


def _alternate(
    session: _Session, figures: CollectionFigures, directory: Path, seconds: float, say: Callable[[str], None]
) -> None:
    session.wait_until_quiet()
    figures.arrow_rates.append(apart(arrow_rate, directory, seconds))
    # What that left in memory is not written at the expense of the next load.
    os.sync()
    figures.batches.append(session.load("/v1/batch", BATCH_CONNECTIONS))
    say(
        f"Arrow {figures.arrow_rates[-1]:,.0f}/s, HTTP in batches "
        f"{figures.batches[-1].events_per_second:,.0f}/s"
    )
    session.wait_until_quiet()
    figures.singles.append(session.load("/v1/track", SINGLE_CONNECTIONS))
    say(f"HTTP one by one {figures.singles[-1].events_per_second:,.0f}/s")


def _beside_queries(session: _Session, figures: CollectionFigures, say: Callable[[str], None]) -> None:
    session.wait_until_quiet()
    quiet = figures.query_seconds = session.query_seconds()
    beside: list[float] = []

    def ask() -> None:
        beside.append(session.query_seconds(most_seconds=session_seconds))

    session_seconds = session._seconds
    session.load("/v1/batch", BATCH_CONNECTIONS, during=ask, rate=PACED_EVENTS_PER_SECOND / EVENTS_A_BATCH)
    session.load("/v1/batch", BATCH_CONNECTIONS, during=ask)
    figures.slowdown_paced, figures.slowdown_full = (seconds / quiet for seconds in beside)
    say(f"queries beside: {figures.slowdown_paced:.2f} and {figures.slowdown_full:.2f} times as long")


def _figures(report: LoadReport, events: int, cores: float) -> LoadFigures:
    latencies = report.latencies_ms
    if not latencies:
        raise RuntimeError(f"no request was acknowledged; failures by status: {report.failures}")
    cuts = quantiles(latencies, n=100, method="inclusive") if len(latencies) > 1 else latencies * 99
    rate = len(latencies) * events / report.seconds
    return LoadFigures(rate, cuts[49], cuts[98], sum(report.failures.values()), cores)
