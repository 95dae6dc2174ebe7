"""A project on both control databases and the embedded engine, moved by a clock of the test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bihuan.database import Database
from bihuan.warehouse import Engine
from tests.journeys.stage import Stage, stage_in
from tests.ready import ready_dsn, ready_postgres, ready_sqlite

__all__ = ["ready_dsn", "ready_postgres", "ready_sqlite"]


def staged(engine: Engine, dsn: str) -> Iterator[Stage]:
    # What a test of seconds stores need not survive the machine.
    database = Database.open(dsn, synchronous="OFF")
    with stage_in(engine, database, "journeys") as opened:
        yield opened
    database.dispose()


@pytest.fixture
def stage(engine: Engine, ready_dsn: str) -> Iterator[Stage]:
    """On SQLite and on PostgreSQL."""
    yield from staged(engine, ready_dsn)


@pytest.fixture
def small_stage(engine: Engine, ready_sqlite: str) -> Iterator[Stage]:
    """On SQLite only."""
    yield from staged(engine, ready_sqlite)
