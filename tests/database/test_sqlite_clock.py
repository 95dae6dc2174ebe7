"""Every SQLite that Python may stand on tells DBOS the time in milliseconds."""

from __future__ import annotations

import time
from pathlib import Path

import sqlalchemy as sa

from bihuan.database.sqlite_clock import provide_clock


def test_a_column_may_default_to_the_clock(tmp_path: Path) -> None:
    provide_clock()
    engine = sa.create_engine(f"sqlite:///{tmp_path}/jobs.sqlite3")
    before = time.time()
    with engine.begin() as connection:
        default = "INTEGER NOT NULL DEFAULT (unixepoch('subsec') * 1000)"
        connection.execute(sa.text(f"CREATE TABLE queued (name TEXT, created_at {default})"))
        connection.execute(sa.text("INSERT INTO queued (name) VALUES ('a')"))
        created_ms = connection.execute(sa.text("SELECT created_at FROM queued")).scalar_one()
    assert before - 0.001 <= created_ms / 1000 <= time.time() + 0.001
    engine.dispose()
