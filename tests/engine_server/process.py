"""The test server as a child process of the tests."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[2]


class EngineServerNotReady(Exception):
    """The server did not say that it is ready, or said something else; its last words are in the message."""


class EngineServer:
    """A running test server. A context manager: leaving it stops the server.

    Attributes:
        path: the engine's directory; a new server may be started on it when this one has ended.
        port: where it listens on 127.0.0.1.
    """

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        path: Path,
        port: int,
        user: str,
        password: str,
        log: IO[bytes],
    ) -> None:
        self.process, self.path, self.port = process, path, port
        self.user, self.password = user, password
        self._log = log

    @classmethod
    def start(
        cls,
        path: Path,
        *,
        port: int = 0,
        user: str = "bihuan",
        password: str = "secret",
        deadline_seconds: float = 120.0,
    ) -> EngineServer:
        """Start a server on the directory ``path`` and wait until it answers.

        It ends by itself when this process does, however that happens.

        Raises:
            EngineServerNotReady: it was not ready in ``deadline_seconds``.
        """
        log = tempfile.TemporaryFile()  # noqa: SIM115
        command = [sys.executable, "-m", "tests.engine_server", "--path", str(path), "--port", str(port)]
        command += ["--user", user, "--password", password, "--until-stdin-closes"]
        process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log
        )
        try:
            ready = json.loads(_first_line(process, deadline_seconds))
        except ValueError as failure:
            process.kill()
            process.wait()
            log.seek(0)
            words = log.read()[-2000:].decode(errors="replace")
            log.close()
            _close_pipes(process)
            raise EngineServerNotReady(f"no port in {deadline_seconds} s; it said: {words}") from failure
        return cls(process, path, ready["port"], user, password, log)

    @property
    def url(self) -> str:
        """``http://127.0.0.1:port``."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def dsn(self) -> str:
        """``clickhouse://user:password@127.0.0.1:port``, for ``clickhouse-connect`` and Bihuan."""
        return f"clickhouse://{self.user}:{self.password}@127.0.0.1:{self.port}"

    def control(self, **faults: Any) -> dict[str, Any]:
        """Switch faults on (the names are in :class:`tests.engine_server.faults.Faults`); the new state."""
        return self._call("faults", json.dumps(faults).encode())

    def reset(self) -> dict[str, Any]:
        """Switch every fault off and start counting from zero."""
        return self._call("reset", b"")

    def state(self) -> dict[str, Any]:
        """``{"faults": what is still switched on, "counts": requests, inserts, inserts_hurt}``."""
        return self._call("state", None)

    def restart(self) -> EngineServer:
        """A new server on the same directory and port, after this one has ended."""
        return EngineServer.start(self.path, port=self.port, user=self.user, password=self.password)

    def stop(self, *, deadline_seconds: float = 20.0) -> None:
        """End the server in order; by force after ``deadline_seconds``. Harmless when it has ended."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(deadline_seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._reap()

    def kill(self) -> None:
        """``kill -9``, as when a machine dies."""
        self.process.kill()
        self._reap()

    def peak_memory_bytes(self) -> int:
        """The most memory the server ever held (VmHWM; Linux only)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) * 1024

    def __enter__(self) -> EngineServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _call(self, action: str, body: bytes | None) -> dict[str, Any]:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{self.url}/_test/{action}", data=body, timeout=30) as reply:
            state: dict[str, Any] = json.load(reply)
        return state

    def _reap(self) -> None:
        self.process.wait()
        _close_pipes(self.process)
        self._log.close()


def _close_pipes(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def _first_line(process: subprocess.Popen[bytes], deadline_seconds: float) -> bytes:
    """The first line the process prints; what there is of it at the deadline or at the process's end."""
    assert process.stdout is not None
    descriptor = process.stdout.fileno()
    line = b""
    end = time.monotonic() + deadline_seconds
    # Not select(): the tests' process may have more than 1,024 files open.
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    while not line.endswith(b"\n"):
        readable = poll.poll(max(0.0, end - time.monotonic()) * 1000)
        piece = os.read(descriptor, 4096) if readable else b""
        if not piece:
            break
        line += piece
    return line
