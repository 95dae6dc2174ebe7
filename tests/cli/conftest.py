from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

BIHUAN = [sys.executable, "-m", "bihuan"]
SECONDS = 120


def environment() -> dict[str, str]:
    """The test's environment without settings of the machine it runs on."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BIHUAN_")}
    return {**kept, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "COLUMNS": "200"}


@dataclass
class RunningServer:
    """``bihuan serve`` in a process of its own."""

    data: Path
    address: str
    project: str
    write_key: str
    process: subprocess.Popen[str]
    announcement: str

    def track(self, event: str, message_id: str, person: str, **properties: Any) -> None:
        """Send one event; returns when it is acknowledged."""
        body = {"userId": person, "event": event, "messageId": message_id, "properties": properties}
        url = f"{self.address}/v1/track"
        answer = httpx.post(url, json=body, auth=(self.write_key, ""), timeout=SECONDS, trust_env=False)
        assert answer.status_code == 200, answer.text

    def api(self) -> httpx.Client:
        """A client with the admin key."""
        key = (self.data / "admin.key").read_text().strip()
        headers = {"authorization": f"Bearer {key}"}
        return httpx.Client(base_url=self.address, headers=headers, timeout=SECONDS, trust_env=False)


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """One server for the tests of this directory, in a path with a space in it."""
    data = tmp_path_factory.mktemp("a server") / "data"
    process = subprocess.Popen(
        [*BIHUAN, "serve", "--port", "0", "--data", str(data), "--json"],
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    said = json.loads(line)
    yield RunningServer(data, said["address"], said["project"], said["write_key"], process, line)
    process.send_signal(signal.SIGTERM)
    process.wait(SECONDS)


@dataclass(frozen=True)
class Finished:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def value(self) -> Any:
        """Its answer in JSON."""
        return json.loads(self.out)


Command = Callable[..., Finished]


@pytest.fixture
def bihuan(tmp_path: Path) -> Command:
    """Runs the real entry point in an empty directory."""

    def run(*arguments: str | Path, stdin: str | None = None, **variables: str) -> Finished:
        done = subprocess.run(
            [*BIHUAN, *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**environment(), **variables},
            input=stdin,
            timeout=SECONDS,
            check=False,
        )
        return Finished(done.returncode, done.stdout, done.stderr)

    return run


class Here:
    """Commands in this process (no start of an interpreter), against the running server."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def __call__(self, *arguments: str | Path, env: dict[str, str] | None = None) -> Finished:
        from typer.testing import CliRunner

        from bihuan.cli.application import app

        given = [*map(str, arguments), "--data", str(self.data)]
        done = CliRunner().invoke(app, given, env={**environment(), **(env or {})})
        return Finished(done.exit_code, done.stdout, done.stderr)


@pytest.fixture
def here(running: RunningServer, monkeypatch: pytest.MonkeyPatch) -> Here:
    for name in [name for name in os.environ if name.startswith("BIHUAN_")]:
        monkeypatch.delenv(name)
    return Here(running.data)
