"""A control database with one project, and an empty event log."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from bihuan.access import ProjectInput, create_project
from bihuan.database import Database
from bihuan.warehouse import Engine, ProjectStore, drop_project, open_project
from tests.ready import ready_dsn, ready_postgres, ready_sqlite

__all__ = ["ready_dsn", "ready_postgres", "ready_sqlite"]
_numbers = count()


@pytest.fixture
def database(ready_dsn: str) -> Iterator[Database]:
    opened = Database.open(ready_dsn)
    with opened.session() as session:
        create_project(session, ProjectInput(id="shop", name="Shop"))
        create_project(session, ProjectInput(id="other", name="Other"))
    yield opened
    opened.dispose()


@pytest.fixture
def store(engine: Engine) -> Iterator[ProjectStore]:
    opened = open_project(engine, f"catalog{next(_numbers)}", durable=False)
    yield opened
    drop_project(opened)
