"""Locks that let one run of a job happen at a time, over all processes, and vanish with their holder."""

from __future__ import annotations

import fcntl
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from bihuan.database import Database
from bihuan.jobs.errors import JobWorkerRunning

# Any fixed number: the family of PostgreSQL advisory locks that job names belong to.
_ADVISORY_FAMILY = 48_422


class RunLocks:
    """``with locks.held(name) as mine``: whether this run got the lock of ``name``; never waits.

    On PostgreSQL a session's advisory lock. On SQLite, where one process runs all jobs, a set in memory.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._held: set[str] = set()

    @contextmanager
    def held(self, name: str) -> Iterator[bool]:
        """Try the lock for the length of the block."""
        with self._held_here(name) as here:
            if not here or self._database.is_sqlite:
                yield here
            else:
                with self._held_in_postgres(name) as mine:
                    yield mine

    @contextmanager
    def _held_here(self, name: str) -> Iterator[bool]:
        with self._lock:
            mine = name not in self._held
            self._held.add(name)
        try:
            yield mine
        finally:
            if mine:
                self._held.discard(name)

    @contextmanager
    def _held_in_postgres(self, name: str) -> Iterator[bool]:
        # Signed, as PostgreSQL's integers are.
        keys = {"family": _ADVISORY_FAMILY, "name": zlib.crc32(name.encode()) - 2**31}
        with self._database.engine.connect() as pooled:
            connection = pooled.execution_options(isolation_level="AUTOCOMMIT")
            mine = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:family, :name)"), keys))
            try:
                yield mine
            finally:
                if mine:
                    connection.execute(text("SELECT pg_advisory_unlock(:family, :name)"), keys)


@contextmanager
def only_worker(file: Path) -> Iterator[None]:
    """Be the one process that runs the jobs of this SQLite file, for the length of the block.

    Raises:
        JobWorkerRunning: another process is.
    """
    with file.with_name(f"{file.name}.jobs.lock").open("a") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise JobWorkerRunning(file=str(file)) from error
        yield
