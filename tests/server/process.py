"""``bihuan serve`` as a process of its own, which a test can kill and start again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx

START_SECONDS = 90


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class ServeProcess:
    """A server on ``data``, always at the same port, so that clients find it again.

    Args:
        settings: further settings, as environment variables without ``BIHUAN_``.
        options: further options of the command.
    """

    def __init__(
        self, data: Path, *, command: str = "serve", options: tuple[str, ...] = (), **settings: str
    ) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._command = [sys.executable, "-m", "bihuan", command, "--data", str(data), *options]
        if command == "serve":
            self._command += ["--port", str(self.port)]
        self._environment = {
            **os.environ,
            **{f"BIHUAN_{name.upper()}": value for name, value in settings.items()},
        }
        self._log = (data.parent / f"{data.name}-{command}-{self.port}.log").open("ab")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it answers (a worker: until it says that it works)."""
        self._process = subprocess.Popen(
            self._command, env=self._environment, stdout=self._log, stderr=self._log, start_new_session=True
        )
        if self._command[3] == "serve":
            self.wait_ready()

    def wait_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                raise RuntimeError(f"the server ended: {self.log()[-2000:]}")
            try:
                if httpx.get(f"{self.url}/health", timeout=5).status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.05)
        raise TimeoutError(self.log()[-2000:])

    def kill(self) -> None:
        """SIGKILL, as a power switch would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """SIGTERM, and wait until it has ended by itself."""
        self._end(signal.SIGTERM)

    def log(self) -> str:
        """What it has written so far."""
        return Path(self._log.name).read_text(errors="replace")

    @property
    def key(self) -> str:
        return (self.data / "admin.key").read_text().strip()

    def api(self) -> httpx.Client:
        """A client with the first key."""
        return httpx.Client(base_url=self.url, headers={"authorization": f"Bearer {self.key}"}, timeout=60)

    def write_key(self, project_id: str = "default") -> str:
        with self.api() as api:
            keys: list[dict[str, Any]] = api.get(f"/api/projects/{project_id}/write-keys").json()["items"]
        return str(keys[0]["key"])

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            if self._process.poll() is None:
                self._process.send_signal(number)
            self._process.wait(60)
            self._process = None
