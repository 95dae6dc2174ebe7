"""A clock for SQLite before 3.42, whose own has whole seconds only.

On Python 3.12 and later DBOS takes the times in its tables from ``unixepoch('subsec')``. Python may well be
newer than the SQLite of the system it stands on; there that gives NULL, and no job could be queued.
"""

from __future__ import annotations

import sqlite3
import time
from functools import cache
from typing import Any

from sqlalchemy import Engine, event

WITH_SUBSECONDS = (3, 42, 0)


@cache
def provide_clock() -> None:
    """Give every SQLite connection opened from here on ``unixepoch('subsec')``, unless SQLite has it."""
    if sqlite3.sqlite_version_info < WITH_SUBSECONDS:
        event.listen(Engine, "connect", _add_clock)


def _add_clock(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.create_function("unixepoch", 1, _seconds)


def _seconds(_modifier: str) -> float:
    return round(time.time(), 3)
