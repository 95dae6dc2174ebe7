"""A real, throw-away PostgreSQL for tests, made from the server programs of the machine.

One cluster per test process, one fresh database per test; a ``conftest.py`` imports the fixtures it
offers. The cluster listens on 127.0.0.1 (a free port) and a socket in its own directory, trusts local
callers and does not fsync. PostgreSQL refuses to run as root, so as root its programs are run as the
``postgres`` account through ``setpriv``.
"""

from __future__ import annotations

import atexit
import functools
import itertools
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

SUPERUSER = "postgres"
START_SECONDS = 30


def find_programs() -> Path | None:
    """The directory with ``initdb`` and ``pg_ctl`` of the newest PostgreSQL here; None when there is none."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda path: int(path.parent.name) if path.parent.name.isdigit() else 0,
        reverse=True,
    )
    on_path = shutil.which("pg_ctl")
    candidates = [*installed, *([Path(on_path).resolve().parent] if on_path else [])]
    return next((path for path in candidates if (path / "initdb").exists()), None)


def reason_absent() -> str | None:
    """Why no cluster can be started on this machine; None when one can."""
    if find_programs() is None:
        return "PostgreSQL server programs (initdb, pg_ctl) are not installed"
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            return "running as root, and setpriv (to run PostgreSQL as another user) is not installed"
        try:
            pwd.getpwnam(SUPERUSER)
        except KeyError:
            return f"running as root, and there is no {SUPERUSER!r} account to run PostgreSQL as"
    return None


def _as_server_user(command: list[str]) -> list[str]:
    if os.geteuid() != 0:
        return command
    return ["setpriv", f"--reuid={SUPERUSER}", f"--regid={SUPERUSER}", "--init-groups", *command]


def _run(command: list[str]) -> None:
    done = subprocess.run(
        _as_server_user(command),
        capture_output=True,
        text=True,
        cwd="/",
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stdout}{done.stderr}")


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Cluster:
    """A running cluster; ``port`` on 127.0.0.1."""

    directory: Path
    port: int
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def dsn(self, database: str) -> str:
        """A DSN for ``database`` as the superuser, over 127.0.0.1."""
        return f"postgresql://{SUPERUSER}@127.0.0.1:{self.port}/{database}"

    def create(self, name: str, template: str = "template1") -> None:
        """Make a database as a copy of another, which nobody may be connected to."""
        made = f'CREATE DATABASE "{name}" TEMPLATE "{template}"'
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            connection.execute(made)  # type: ignore[call-overload,unused-ignore]

    @contextmanager
    def fresh_database(self, template: str = "template1") -> Iterator[str]:
        """The DSN of a new database, dropped at the end even when something is still connected.

        It is empty, or a copy of ``template``.
        """
        name = f"bihuan_test_{os.getpid()}_{next(self._numbers)}"
        self.create(name, template)
        try:
            yield self.dsn(name)
        finally:
            with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
                connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[call-overload,unused-ignore]


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Start a cluster in a directory of its own; stop it and remove the directory at the end."""
    programs = find_programs()
    assert programs is not None, reason_absent()
    # Under /tmp, not pytest's directory: the server's account must be able to enter it, and
    # a socket path may have at most 107 bytes.
    directory = Path(tempfile.mkdtemp(prefix="bihuan-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(directory, SUPERUSER, SUPERUSER)
        data, port = directory / "data", _free_port()
        _run([f"{programs}/initdb", "-D", f"{data}", "-U", SUPERUSER, "-A", "trust", "-E", "UTF8",
              "--no-sync", "--locale=C"])  # fmt: skip
        options = (
            f"-c listen_addresses=127.0.0.1 -p {port} -k {directory} -c fsync=off -c synchronous_commit=off "
            "-c full_page_writes=off -c max_connections=200 -c shared_buffers=32MB"
        )
        _run([f"{programs}/pg_ctl", "-D", f"{data}", "-l", f"{directory}/log", "-o", options, "-w",
              "-t", f"{START_SECONDS}", "start"])  # fmt: skip
        try:
            yield Cluster(directory, port)
        finally:
            _run([f"{programs}/pg_ctl", "-D", f"{data}", "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@functools.cache
def shared_cluster() -> Cluster:
    """The cluster of this test process, started by the first test that asks and stopped at exit."""
    running = ExitStack()
    atexit.register(running.close)
    return running.enter_context(running_cluster())


@pytest.fixture
def postgres_dsn() -> Iterator[str]:
    """The DSN of a fresh PostgreSQL database; skips the test where no PostgreSQL can be started."""
    reason = reason_absent()
    if reason is not None:
        pytest.skip(reason)
    with shared_cluster().fresh_database() as dsn:
        yield dsn


@pytest.fixture(params=["sqlite", "postgresql"])
def control_dsn(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The DSN of a fresh control database: the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/control.sqlite3"
    dsn: str = request.getfixturevalue("postgres_dsn")
    return dsn
