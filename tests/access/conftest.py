from __future__ import annotations

from collections.abc import Iterator

import pytest

from bihuan.database import Database
from tests.access.browsers import Site
from tests.postgres import control_dsn, postgres_dsn

__all__ = ["control_dsn", "postgres_dsn"]


@pytest.fixture
def database(control_dsn: str) -> Iterator[Database]:
    opened = Database.open(control_dsn)
    yield opened
    opened.dispose()


@pytest.fixture
def site(database: Database) -> Site:
    return Site(database)
