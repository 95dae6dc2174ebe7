"""Control databases and projects whose tables are there already, which a test process makes once.

Making the tables by all migrations takes half a second, on a busy machine several; copying a database, or
emptying the tables of a project, takes moments. Tests of migrations begin with empty databases
(tests/postgres.py).
"""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bihuan.database import Database
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.schema.migrations import VERSIONS_TABLE
from bihuan.warehouse.sql import literal
from tests.postgres import reason_absent, shared_cluster


@functools.cache
def _sqlite() -> Path:
    directory = Path(tempfile.mkdtemp(prefix="bihuan-ready-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    file = directory / "control.sqlite3"
    Database.open(f"sqlite:///{file}").dispose()
    return file


@functools.cache
def _postgres() -> str:
    cluster, name = shared_cluster(), "bihuan_ready"
    cluster.create(name)
    Database.open(cluster.dsn(name)).dispose()
    return name


def make_sqlite(file: Path) -> None:
    """A ready SQLite database in a file, unless there is one."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_sqlite(), file)


def take_out(store: ProjectStore) -> None:
    """Leave nothing in a project's tables, for the next test that uses it."""
    if store.sequences is not None:
        shutil.rmtree(store.sequences, ignore_errors=True)
    filled = store.engine.rows(
        f"SELECT name FROM system.tables WHERE database = {literal(store.layout.database)} "
        f"AND total_rows > 0 AND name != {literal(VERSIONS_TABLE.name)}"
    )
    for (name,) in filled:
        store.engine.command(f"TRUNCATE TABLE {store.table(name)}")


@pytest.fixture
def ready_sqlite(tmp_path: Path) -> str:
    """The DSN of a ready SQLite database."""
    file = tmp_path / "ready.sqlite3"
    make_sqlite(file)
    return f"sqlite:///{file}"


@pytest.fixture
def ready_postgres() -> Iterator[str]:
    """The DSN of a ready PostgreSQL database; skips the test where no PostgreSQL can be started."""
    reason = reason_absent()
    if reason is not None:
        pytest.skip(reason)
    with shared_cluster().fresh_database(_postgres()) as dsn:
        yield dsn


@pytest.fixture(params=["sqlite", "postgresql"])
def ready_dsn(request: pytest.FixtureRequest) -> str:
    """The DSN of a ready control database: the test runs once on SQLite and once on PostgreSQL."""
    name = {"sqlite": "ready_sqlite", "postgresql": "ready_postgres"}[request.param]
    dsn: str = request.getfixturevalue(name)
    return dsn
