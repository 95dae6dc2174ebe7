"""Schema versions of a project's database.

A migration is a name and a function from the layout to statements. Each statement can be run again
without harm (``IF NOT EXISTS``), so processes that start together may both run one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bihuan.warehouse.engine import Engine
from bihuan.warehouse.schema.layout import Layout
from bihuan.warehouse.schema.tables import TABLES, Table
from bihuan.warehouse.sql import literal

VERSIONS_TABLE = Table(
    name="schema_versions",
    columns=(
        ("version", "UInt32"),
        ("name", "String"),
        ("applied_at", "DateTime64(3, 'UTC') DEFAULT now64(3)"),
    ),
    order_by="version",
    sharding=None,
)


@dataclass(frozen=True)
class Migration:
    """One step: ``statements`` gives what to run, in order."""

    version: int
    name: str
    statements: Callable[[Layout], list[str]]


def _first_tables(layout: Layout) -> list[str]:
    return [statement for table in TABLES for statement in layout.create_table(table)]


MIGRATIONS: tuple[Migration, ...] = (Migration(1, "first tables", _first_tables),)


def migrate(engine: Engine, layout: Layout) -> list[int]:
    """Bring a project's database up to date; returns the versions that this call applied."""
    engine.command(layout.create_database())
    for statement in layout.create_table(VERSIONS_TABLE):
        engine.command(statement)
    applied = applied_versions(engine, layout)
    done: list[int] = []
    for migration in MIGRATIONS:
        if migration.version not in applied:
            for statement in migration.statements(layout):
                engine.command(statement)
            engine.command(
                f"INSERT INTO {layout.name(VERSIONS_TABLE.name)} (version, name) "
                f"VALUES ({migration.version}, {literal(migration.name)})"
            )
            done.append(migration.version)
    return done


def applied_versions(engine: Engine, layout: Layout) -> set[int]:
    """The versions that this project's database already has."""
    return {row[0] for row in engine.rows(f"SELECT DISTINCT version FROM {layout.name(VERSIONS_TABLE.name)}")}
