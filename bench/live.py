"""Live membership beside collection: what it costs, and how far it is behind."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from bench.collection.bodies import EVENTS_A_BATCH
from bench.collection.engine_work import apart, prepare
from bench.collection.load import LoadPlan
from bench.collection.server_process import ServerProcess, finish_load, host_and_port, serving, start_load

CONNECTIONS = 16
CATCH_UP_SECONDS = 120.0
LEARNED_SECONDS = 180.0
BOUGHT = {"kind": "did", "event": {"events": ["pay"]}, "compare": {"operator": "gte", "value": 3}}
VIEWED_THEN_CARTED = {
    "kind": "sequence",
    "steps": [{"events": ["view"]}, {"events": ["cart"]}],
    "within": {"count": 1, "unit": "hour"},
}
SPENT = {
    "kind": "did",
    "event": {"events": ["checkout"]},
    "figure": {"kind": "property", "property": {"name": "$price"}, "aggregate": "sum"},
    "compare": {"operator": "gt", "value": 200},
}
CONDITIONS = (BOUGHT, VIEWED_THEN_CARTED, SPENT)


@dataclass(frozen=True)
class LiveFigures:
    """Events a second without and beside live audiences, medians, and seconds until all of them were right.

    ``behind`` is None when they were not within two minutes.
    """

    audiences: int
    without: float
    beside: float
    behind: float | None

    @property
    def share(self) -> float:
        """The rate beside them as a share of the one without."""
        return self.beside / self.without


def measure_live(*, log_events: int, seconds: float, rounds: int, say: Callable[[str], None]) -> LiveFigures:
    """Loads of batches alternately without live audiences and beside three."""
    with tempfile.TemporaryDirectory(prefix="bihuan-bench-") as name:
        data = Path(name) / "data"
        say(f"preparing a server with {log_events:,} events")
        project_id, write_key = apart(prepare, data, log_events)
        without: list[float] = []
        beside: list[float] = []
        behind: list[float | None] = []
        with serving(data) as server:
            api = httpx.Client(
                base_url=f"{server.address}/api/projects/{project_id}",
                headers={"authorization": f"Bearer {server.api_key}"},
                timeout=120,
            )
            number = 1
            for _ in range(rounds):
                for live in (False, True):
                    ids = _make(api) if live else []
                    server.wait_until_quiet(2 * seconds)
                    rate, number = _load(server, write_key, seconds, number)
                    (beside if live else without).append(rate)
                    say(f"{'beside live audiences' if live else 'without'}: {rate:,.0f} events/s")
                    if live:
                        behind.append(_behind(api, ids))
                    for each in ids:
                        api.delete(f"/audiences/{each}").raise_for_status()
        late = [each for each in behind if each is not None]
        return LiveFigures(
            len(CONDITIONS),
            median(without),
            median(beside),
            median(late) if len(late) == len(behind) else None,
        )


def _make(api: httpx.Client) -> list[str]:
    made = []
    for index, condition in enumerate(CONDITIONS):
        body = {"name": f"Live {index}", "people": {"condition": condition}, "refresh": "live"}
        made.append(_created(api, body))
    until = time.monotonic() + 60
    while time.monotonic() < until and not all(_audience(api, each)["refreshed_at"] for each in made):
        time.sleep(0.5)
    return made


def _created(api: httpx.Client, body: dict[str, Any]) -> str:
    """Once the catalog has learned the properties that the first load brought."""
    until = time.monotonic() + LEARNED_SECONDS
    while (answer := api.post("/audiences", json=body)).status_code == 422 and time.monotonic() < until:
        time.sleep(1)
    if answer.is_error:
        raise RuntimeError(answer.text)
    return str(answer.json()["id"])


def _load(server: ServerProcess, write_key: str, seconds: float, number: int) -> tuple[float, int]:
    host, port = host_and_port(server.address)
    plan = LoadPlan(host, port, write_key, "/v1/batch", CONNECTIONS, seconds, number, None)
    report = finish_load(start_load(plan))
    rate = len(report.latencies_ms) * EVENTS_A_BATCH / report.seconds
    return rate, number + len(report.acknowledged) + 10_000


def _behind(api: httpx.Client, ids: list[str]) -> float | None:
    """Seconds from the end of the load until every audience has as many people as its condition."""
    begun = time.monotonic()
    while time.monotonic() - begun < CATCH_UP_SECONDS:
        if all(_is_right(api, each, condition) for each, condition in zip(ids, CONDITIONS, strict=True)):
            return time.monotonic() - begun
        time.sleep(0.2)
    return None


def _is_right(api: httpx.Client, audience_id: str, condition: dict[str, Any]) -> bool:
    held = _audience(api, audience_id)["size"]
    body = {"condition": condition, "audience_id": audience_id}
    found = api.post("/audiences/estimate", json=body).raise_for_status().json()
    return bool(found["low"] <= held <= found["high"])


def _audience(api: httpx.Client, audience_id: str) -> dict[str, Any]:
    return dict(api.get(f"/audiences/{audience_id}").raise_for_status().json())
