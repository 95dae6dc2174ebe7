"""Two servers and two workers on PostgreSQL and one engine server share the work."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.engine_server.process import EngineServer
from tests.postgres import postgres_dsn
from tests.server.process import ServeProcess

__all__ = ["postgres_dsn"]

EVENTS = 60
WAIT_SECONDS = 60


@pytest.fixture
def cluster(tmp_path: Path, postgres_dsn: str) -> Iterator[list[ServeProcess]]:
    """Two servers, then two workers, with one data directory for keys and uploads."""
    with EngineServer.start(tmp_path / "engine") as engine:
        stores = {"warehouse": engine.dsn, "database": postgres_dsn}
        servers = [ServeProcess(tmp_path / "data", options=("--no-work",), **stores) for _ in range(2)]
        workers = [ServeProcess(tmp_path / "data", command="worker", **stores) for _ in range(2)]
        processes = [*servers, *workers]
        try:
            for process in processes:
                process.start()
            yield processes
        finally:
            for process in processes:
                process.kill()


def send(server: ServeProcess, key: str, number: int) -> int:
    event = {"userId": f"u{number % 5}", "event": "shared", "messageId": f"m{number}"}
    return httpx.post(f"{server.url}/v1/track", json=event, auth=(key, ""), timeout=60).status_code


def total(api: httpx.Client) -> float:
    query: dict[str, Any] = {"kind": "trend", "series": [{"selector": {"events": ["shared"]}}]}
    answer = api.post("/api/projects/default/query", json=query).raise_for_status().json()
    return float(answer["lines"][0]["total"])


def test_servers_and_workers_share_one_log_and_one_queue(cluster: list[ServeProcess]) -> None:
    first, second = cluster[:2]
    key = first.write_key()
    # Every event is sent to both servers at once, as a load balancer does with an impatient sender's retry.
    jobs = [(server, number) for number in range(EVENTS) for server in (first, second)]
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda job: send(job[0], key, job[1]), jobs)) == {200}
    authorization = {"authorization": f"Bearer {first.key}"}
    for server in (first, second):
        with httpx.Client(base_url=server.url, headers=authorization, timeout=60) as api:
            assert total(api) == EVENTS

    identify = {"anonymousId": "visitor", "userId": "member"}
    httpx.post(f"{first.url}/v1/identify", json=identify, auth=(key, "")).raise_for_status()
    with httpx.Client(base_url=second.url, headers=authorization, timeout=60) as api:
        assert ids_of(api, "visitor") == ["member", "visitor"]

        assert import_rows(api, 20) == {"state": "succeeded", "accepted": 20}


def ids_of(api: httpx.Client, person: str) -> list[str]:
    """The person's ids; what another process said of people is taken over within a second."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        answer = api.get("/api/projects/default/person", params={"person": person}).json()
        if len(answer["distinct_ids"]) > 1 or time.monotonic() > deadline:
            return sorted(answer["distinct_ids"])
        time.sleep(0.1)


def import_rows(api: httpx.Client, count: int) -> dict[str, Any]:
    """Import a small file through one server; some worker does it."""
    rows = [
        {"event": "imported", "user_id": f"u{n}", "time": f"2026-01-01T00:00:{n:02d}Z"} for n in range(count)
    ]
    body = "\n".join(map(json.dumps, rows)).encode()
    imports = "/api/projects/default/imports"
    upload = (
        api.post(f"{imports}/uploads", params={"name": "rows.jsonl"}, content=body).raise_for_status().json()
    )
    job = api.post(imports, json={"upload_id": upload["id"]}).raise_for_status().json()
    deadline = time.monotonic() + WAIT_SECONDS
    while job["state"] in ("queued", "running") and time.monotonic() < deadline:
        time.sleep(0.2)
        job = api.get(f"/api/projects/default/jobs/{job['id']}").raise_for_status().json()
    return {"state": job["state"], "accepted": (job["result"] or {}).get("accepted"), **_failure(job)}


def _failure(job: dict[str, Any]) -> dict[str, Any]:
    return {"error": job["error"]} if job["error"] else {}
