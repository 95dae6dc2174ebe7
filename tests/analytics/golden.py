"""SQL kept on disk, so that a change of it is read in the diff.

Run the tests with ``UPDATE_GOLDEN=1`` to write the files anew, then read what changed.
"""

from __future__ import annotations

import os
from pathlib import Path

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query import Query
from bihuan.analytics.run import sql_of

FOLDER = Path(__file__).parent / "golden"


def plain_context(*, has_overrides: bool = False) -> ProjectContext:
    """A context with short table names and a fixed clock: 2025-01-01 in Shanghai."""
    return ProjectContext(table=lambda name: name, now_ms=1_735_700_000_000, has_overrides=has_overrides)


def check(name: str, query: Query, *, has_overrides: bool = False) -> None:
    """Compare the query's SQL with ``golden/<name>.sql``."""
    check_sql(name, sql_of(plain_context(has_overrides=has_overrides), query))


def check_sql(name: str, sql: str) -> None:
    """Compare a statement with ``golden/<name>.sql``."""
    path = FOLDER / f"{name}.sql"
    if os.environ.get("UPDATE_GOLDEN"):
        FOLDER.mkdir(exist_ok=True)
        path.write_text(sql + "\n", encoding="utf-8")
    assert sql + "\n" == path.read_text(encoding="utf-8")
