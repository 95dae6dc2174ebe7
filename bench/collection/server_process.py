"""The server as operators start it, and the load generator beside it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from bench.collection.load import LoadPlan, LoadReport
from bench.machine import cpu_seconds

START_SECONDS = 60
STOP_SECONDS = 60
# A server that uses less of a core than this has no merges under way.
QUIET_CORES = 0.15


@dataclass(frozen=True)
class ServerProcess:
    """A running server."""

    pid: int
    address: str
    data: Path

    @property
    def api_key(self) -> str:
        """The first API key."""
        return (self.data / "admin.key").read_text().strip()

    def wait_until_quiet(self, most_seconds: float) -> None:
        """Let merges end, for a while at most."""
        until = time.monotonic() + most_seconds
        while time.monotonic() < until:
            before = cpu_seconds(self.pid)
            time.sleep(1.0)
            if cpu_seconds(self.pid) - before < QUIET_CORES:
                return


def start_server(data: Path) -> subprocess.Popen[bytes]:
    """Begin to serve ``data`` on a free port of loopback; its log is kept there."""
    with (data / "server.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "bihuan", "serve", "--port", "0"],
            env={**os.environ, "BIHUAN_DATA": str(data)},
            stdout=log,
            stderr=log,
        )


def stop_server(process: subprocess.Popen[bytes]) -> None:
    """Have it end as an operator does."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    finally:
        process.kill()


@contextmanager
def serving(data: Path) -> Iterator[ServerProcess]:
    """Serve ``data`` on a free port of loopback for the length of the block."""
    process = start_server(data)
    try:
        yield ServerProcess(process.pid, address_of(process, data), data)
    finally:
        stop_server(process)


def start_load(plan: LoadPlan) -> subprocess.Popen[bytes]:
    """The load generator at work."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.collection.load"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    process.stdin.write(msgspec.json.encode(plan))
    process.stdin.close()
    return process


def finish_load(process: subprocess.Popen[bytes]) -> LoadReport:
    """The report of a load generator that ends by itself."""
    assert process.stdout is not None
    report = process.stdout.read()
    if process.wait() != 0:
        raise RuntimeError("the load generator failed")
    return msgspec.json.decode(report, type=LoadReport)


def host_and_port(address: str) -> tuple[str, int]:
    """The parts of the server's address."""
    parts = urlsplit(address)
    assert parts.hostname is not None
    assert parts.port is not None
    return parts.hostname, parts.port


def address_of(process: subprocess.Popen[bytes], data: Path) -> str:
    """Where it answers, as soon as it does."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            record = json.loads((data / "server.json").read_text())
            if record["pid"] == process.pid:
                return str(record["address"])
        except (OSError, ValueError):
            pass
        time.sleep(0.1)
    raise RuntimeError("the server did not start:\n" + (data / "server.log").read_text()[-2000:])
