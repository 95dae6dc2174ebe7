from __future__ import annotations

from collections.abc import Iterator

import pytest

from bihuan.database import Database
from tests.access.browsers import Site
from tests.postgres import control_dsn, postgres_dsn
from tests.ready import ready_dsn, ready_postgres, ready_sqlite

__all__ = ["control_dsn", "postgres_dsn", "ready_dsn", "ready_postgres", "ready_sqlite"]


@pytest.fixture
def database(ready_dsn: str) -> Iterator[Database]:
    opened = Database.open(ready_dsn)
    yield opened
    opened.dispose()


@pytest.fixture
def site(database: Database) -> Site:
    return Site(database)
