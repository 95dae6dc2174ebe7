"""The control database: members, projects, keys, ledgers; SQLite by default, PostgreSQL by DSN.

Models of every package register on :class:`Base`; the migrations are one linear set in
``migrations/versions``, numbered ``v0001_…``, and go up and down on both databases. A package that adds a
model adds the next number.
"""

from __future__ import annotations

from bihuan.database.base import Base, JsonValue, UtcDateTime, new_id, utc_now
from bihuan.database.errors import (
    ChangedMeanwhile,
    CursorInvalid,
    DatabaseDsnInvalid,
    DatabaseTooNew,
    DatabaseUnreachable,
    MigrationBroken,
)
from bihuan.database.pagination import Page, paginate
from bihuan.database.person_key import PersonKey
from bihuan.database.revisions import Revised
from bihuan.database.service import Database
from bihuan.database.signals import emit

__all__ = [
    "Base",
    "ChangedMeanwhile",
    "CursorInvalid",
    "Database",
    "DatabaseDsnInvalid",
    "DatabaseTooNew",
    "DatabaseUnreachable",
    "JsonValue",
    "MigrationBroken",
    "Page",
    "PersonKey",
    "Revised",
    "UtcDateTime",
    "emit",
    "new_id",
    "paginate",
    "utc_now",
]
