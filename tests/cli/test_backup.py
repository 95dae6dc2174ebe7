"""Backups are taken while the server writes; restored elsewhere, they lack nothing acknowledged before."""

from __future__ import annotations

import json
import tarfile
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Command, Here, RunningServer


class Traffic:
    """Sends events until told to stop; ``acknowledged`` grows only after an answer."""

    def __init__(self, server: RunningServer) -> None:
        self.acknowledged = 0
        self._server = server
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Traffic:
        self._thread.start()
        while self.acknowledged < 5:
            self._stop.wait(0.02)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set() and self.acknowledged < 5_000:
            number = self.acknowledged
            self._server.track("ordered", f"order-{number}", f"buyer-{number % 7}", number=number)
            self.acknowledged = number + 1


def people(here: Any, *arguments: str | Path) -> dict[str, Any]:
    listed = here("people", "list", "--json", *arguments).value
    return {each["distinct_ids"][0]: each["properties"] for each in listed}


def prepare(server: RunningServer, here: Here) -> None:
    with server.api() as api:
        where = f"/api/projects/{server.project}"
        plan = {"name": "ordered", "owner": "ann", "status": "active"}
        assert api.put(f"{where}/catalog/event", json=plan).status_code == 200
        for person, city in (("buyer-1", "Kyoto"), ("buyer-2", "Lyon")):
            body = {"userId": person, "traits": {"city": city}, "messageId": f"i-{person}"}
            answer = api.post("/v1/identify", json=body, auth=(server.write_key, ""))
            assert answer.status_code == 200
    merged = here("people", "merge", "buyer-1", "buyer-2", "-p", server.project, "--json")
    assert merged.code == 0, merged.err


@pytest.mark.parametrize("to_directory", [False, True])
def test_nothing_acknowledged_before_is_missing(
    running: RunningServer, here: Here, bihuan: Command, tmp_path: Path, to_directory: bool
) -> None:
    if not to_directory:
        prepare(running, here)
    target = tmp_path / ("backup" if to_directory else "backup.tar")
    with Traffic(running) as traffic:
        before = traffic.acknowledged
        done = here("backup", target, "--json")
        assert done.code == 0, done.err
    if not to_directory:
        assert target.stat().st_mode & 0o077 == 0
        with tarfile.open(target) as archive:
            assert archive.getnames()[:2] == ["backup.json", "control.sqlite3"]
    elsewhere = tmp_path / "else where"
    restored = bihuan("restore", target, "--data", elsewhere, "--json")
    assert restored.code == 0, restored.err
    project = ("-p", running.project)
    exported = bihuan("export", "events", "--format", "jsonl", "--data", elsewhere, *project)
    rows = [json.loads(json.loads(line)["properties"]) for line in exported.out.splitlines()]
    assert len(rows) == restored.value["rows"][running.project]["events"]
    # Tests of other modules use the same server.
    numbers = [row["number"] for row in rows if "number" in row]
    assert set(range(before)) <= set(numbers)
    assert len(numbers) == len(set(numbers))
    assert max(numbers) < traffic.acknowledged + 1
    if not to_directory:
        assert people(bihuan, "--data", elsewhere, *project) == people(here, *project)
        plan = bihuan("catalog", "show", "ordered", "--data", elsewhere, *project, "--json").value
        assert (plan["owner"], plan["status"]) == ("ann", "active")
        links = bihuan("people", "links", "--data", elsewhere, *project, "--json").value
        assert [link["kind"] for link in links] == ["merge"]


def test_a_restore_overwrites_nothing(running: RunningServer, bihuan: Command, tmp_path: Path) -> None:
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine").write_text("keep")
    refused = bihuan("restore", tmp_path / "b.tar", "--data", full, "--json")
    assert (refused.code, json.loads(refused.err)["error"]["code"]) == (1, "data_directory_not_empty")
    assert [entry.name for entry in full.iterdir()] == ["mine"]
    busy = bihuan("restore", tmp_path / "b.tar", "--data", running.data, "--json")
    assert (busy.code, json.loads(busy.err)["error"]["code"]) == (1, "server_running")


@pytest.mark.parametrize("fault", ["absent", "no archive", "half an archive"])
def test_what_is_no_backup_restores_nothing(here: Here, bihuan: Command, tmp_path: Path, fault: str) -> None:
    archive = tmp_path / "b.tar"
    if fault == "no archive":
        archive.write_bytes(b"not a tar file" * 100)
    elif fault == "half an archive":
        assert here("backup", archive).code == 0
        content = archive.read_bytes()
        archive.write_bytes(content[: len(content) // 2])
    refused = bihuan("restore", archive, "--data", tmp_path / "new", "--json")
    assert (refused.code, json.loads(refused.err)["error"]["code"]) == (1, "backup_unreadable")
    assert list((tmp_path / "new").iterdir()) == []


def test_stores_on_servers_are_backed_up_with_their_own_tools() -> None:
    from bihuan.server.backups.creation import check_embedded
    from bihuan.server.backups.errors import BackupNeedsServerTools
    from bihuan.settings import Settings

    check_embedded(Settings())
    with pytest.raises(BackupNeedsServerTools) as refused:
        check_embedded(Settings(warehouse="clickhouse://u:secret@host:8123"))
    assert "secret" not in refused.value.message("zh")
