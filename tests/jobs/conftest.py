from __future__ import annotations

from collections.abc import Iterator

import pytest

from bihuan.database import Database
from bihuan.jobs import Jobs
from tests.postgres import control_dsn, postgres_dsn
from tests.ready import ready_dsn, ready_postgres, ready_sqlite

__all__ = ["control_dsn", "postgres_dsn", "ready_dsn", "ready_postgres", "ready_sqlite"]


@pytest.fixture
def database(ready_dsn: str) -> Iterator[Database]:
    opened = Database.open(ready_dsn)
    yield opened
    opened.dispose()


@pytest.fixture
def jobs(database: Database) -> Iterator[Jobs]:
    """Jobs that are not started yet; stopped at the end of the test."""
    port = Jobs(database, polling_interval_seconds=0.05, beat_seconds=0.2, silent_seconds=60)
    yield port
    port.stop(wait_seconds=0)
