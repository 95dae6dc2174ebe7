"""A control database with one project, and an empty event log."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from bihuan.access import ProjectInput, create_project
from bihuan.database import Database
from bihuan.warehouse import Engine, ProjectStore, drop_project, open_project
from tests.postgres import control_dsn, postgres_dsn

__all__ = ["control_dsn", "postgres_dsn"]
_numbers = count()


@pytest.fixture
def database(control_dsn: str) -> Iterator[Database]:
    opened = Database.open(control_dsn)
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
