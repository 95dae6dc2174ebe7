"""What a backup says about itself: the first file in the archive."""

from __future__ import annotations

import msgspec

FORMAT = 1
MANIFEST = "backup.json"
CONTROL = "control.sqlite3"
WAREHOUSE = "warehouse"


class TableBackup(msgspec.Struct, frozen=True, kw_only=True):
    """A table: the statement that makes it, its parts (below ``warehouse/<project>/<table>``), its rows."""

    create: str
    parts: list[str]
    rows: int


class ProjectBackup(msgspec.Struct, frozen=True, kw_only=True):
    """A project's database, by table."""

    database: str
    tables: dict[str, TableBackup]


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """A backup. ``taken_at_ms`` is a moment at which everything acknowledged before was stored."""

    format: int
    version: str
    engine_version: str
    taken_at_ms: int
    projects: dict[str, ProjectBackup]
