"""Snapshots of an embedded engine: hard links to the parts of all tables at one moment, and the way back."""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from clickhouse_connect.driver.client import Client

from bihuan.warehouse.engine import Engine
from bihuan.warehouse.sql import identifier, literal, tuple_of


@dataclass(frozen=True)
class TableSnapshot:
    """A table as it was: the statement that makes it, the folders of its parts, how many rows they hold."""

    database: str
    name: str
    create: str
    parts: tuple[Path, ...]
    rows: int


@dataclass(frozen=True)
class Snapshot:
    """All tables of some databases at one moment, ``taken_at_ms``."""

    taken_at_ms: int
    tables: tuple[TableSnapshot, ...]


@contextmanager
def snapshot(engine: Engine, databases: Sequence[str]) -> Iterator[Snapshot]:
    """Hold on to the rows of ``databases`` as they are now, for the length of the block.

    No insert is under way at that moment, so everything acknowledged before is in it, and the tables fit
    together as they do after a crash. Inserts wait for the few milliseconds a table takes; queries and
    rewriting go on. The parts are hard links: they take no space until the engine replaces them.
    """
    name = f"bihuan_{uuid.uuid4().hex}"
    shadow = Path(urlsplit(engine.dsn).path) / "shadow" / name
    try:
        with engine.client() as client, engine.inserts.closed():
            taken_at_ms = time.time_ns() // 1_000_000
            tables = _tables(client, databases)
            for database, table, _, _ in tables:
                client.command(
                    f"ALTER TABLE {identifier(database)}.{identifier(table)} FREEZE WITH NAME {literal(name)}"
                )
        yield Snapshot(taken_at_ms, tuple(_table(shadow, *table) for table in tables))
    finally:
        shutil.rmtree(shadow, ignore_errors=True)


def attach(engine: Engine, database: str, table: str, parts: Sequence[Path]) -> int:
    """Move folders of parts into an empty table, which must be of the same form; returns its rows."""
    name = f"{identifier(database)}.{identifier(table)}"
    folder = Path(
        engine.scalar(
            "SELECT data_paths[1] FROM system.tables "
            f"WHERE database = {literal(database)} AND name = {literal(table)}"
        )
    )
    for part in parts:
        shutil.move(part, folder / "detached" / part.name)
        engine.command(f"ALTER TABLE {name} ATTACH PART {literal(part.name)}")
    return int(engine.scalar(f"SELECT count() FROM {name}"))


def _tables(client: Client, databases: Sequence[str]) -> list[tuple[str, str, str, str]]:
    if not databases:
        return []
    rows = client.query(
        "SELECT database, name, create_table_query, toString(uuid) FROM system.tables "
        f"WHERE database IN {tuple_of(databases)} ORDER BY database, name"
    ).result_rows
    return [(str(database), str(name), str(create), str(table)) for database, name, create, table in rows]


def _table(shadow: Path, database: str, name: str, create: str, table_id: str) -> TableSnapshot:
    folder = shadow / "store" / table_id[:3] / table_id
    parts = tuple(sorted(part for part in folder.iterdir() if part.is_dir())) if folder.is_dir() else ()
    rows = sum(int((part / "count.txt").read_text()) for part in parts)
    return TableSnapshot(database, name, create, parts, rows)
