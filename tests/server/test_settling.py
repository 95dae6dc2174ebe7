"""The job that settles months: after imports, beside traffic, and what the doctor says of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bihuan import maintenance
from bihuan.access import ProjectInput, create_project, delete_project
from bihuan.server.doctor import stores
from bihuan.warehouse import Engine
from tests.collect.files.working import SECONDS, Working
from tests.server.running import Running, running_server
from tests.warehouse.settled_apart import PLAIN, add, months_apart, parts_of


@pytest.fixture(scope="module")
def running(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_server(engine, tmp_path_factory.mktemp("settling"), work=True) as server:
        yield server


@pytest.fixture
def server(running: Running) -> Iterator[Running]:
    """With a project of the test's own."""
    project_id = f"p{uuid.uuid4().hex[:12]}"
    with running.installation.database.session() as session:
        create_project(session, ProjectInput(id=project_id, name="Months", time_zone="UTC"))
    yield replace(running, project_id=project_id)
    with running.installation.database.session() as session:
        delete_project(session, project_id)


def settled(server: Running, **args: Any) -> Any:
    """The result of a run of the job."""
    jobs = server.installation.jobs
    job_id = jobs.enqueue(maintenance.SETTLE, {"project_id": server.project_id, **args})
    status = jobs.wait(job_id, SECONDS)
    assert status.state == "succeeded", status
    return status.result


def said(server: Running, language: str) -> dict[str, Any]:
    """What the doctor says of the months."""
    checks = server.api.get("/api/doctor", headers={"accept-language": language}).json()
    return next(each for each in checks if each["name"] == f"project {server.project_id} months")


def test_months_wait_for_quiet_and_for_the_queue(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    store, writer = server.project.store, server.installation.writer
    months_apart(store, writer)
    assert said(server, "en")["state"] == "ok"
    assert settled(server) == {"merged": 0, "projected": 0, "left": 0}
    monkeypatch.setattr(stores, "UNSETTLED_SECONDS", 0)
    assert said(server, "en")["state"] == "warn"
    assert said(server, "en")["detail"].startswith(
        "3 not settled for an hour (202510, 202509, 202508), up to 3"
    )
    assert "3 个月" in said(server, "zh")["detail"]
    monkeypatch.setattr(maintenance, "BUSY_QUEUED_ROWS", 0)
    assert settled(server, quiet_seconds=0) == {"merged": 0, "projected": 0, "left": 3}
    monkeypatch.undo()
    monkeypatch.setattr(stores, "UNSETTLED_SECONDS", 0)
    assert settled(server, quiet_seconds=0) == {"merged": 3, "projected": 1, "left": 0}
    assert [len(parts) for parts in parts_of(store).values()] == [1, 1, 1]
    assert said(server, "en")["state"] == "ok"


def test_rows_that_arrive_quickly_are_traffic_and_those_of_an_import_are_not(
    server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = server.project.store
    add(store, server.installation.writer, 0, PLAIN)
    monkeypatch.setattr(maintenance, "BUSY_ROWS", 40)
    monkeypatch.setattr(maintenance, "BUSY_SECONDS", 600)
    monkeypatch.setattr("bihuan.warehouse.settling.STUCK_SECONDS", 0)
    assert settled(server, quiet_seconds=1_000) == {"merged": 0, "projected": 0, "left": 1}
    assert settled(server, quiet_seconds=0)["left"] == 0


def test_an_import_leaves_its_months_settled(server: Running) -> None:
    rows = "".join(
        f'{{"event":"buy","time":"2026-0{n % 3 + 1}-01T00:00:00Z","user":"u{n}"}}\n' for n in range(30)
    )
    Working(server).imported(rows, "orders.jsonl")
    server.installation.wait_settled()
    parts = parts_of(server.project.store)
    assert len(parts) == 3
    assert all(each == [["by_id", "by_person", "by_quarter_hour"]] for each in parts.values())
