"""Schema versions of a project's database.

A migration is a name and a function from the layout to statements. Each statement can be run again
without harm (``IF NOT EXISTS``), so processes that start together may both run one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bihuan.warehouse.engine import Engine
from bihuan.warehouse.schema.layout import Layout
from bihuan.warehouse.schema.tables import (
    ASSIGNMENTS,
    AUDIENCE_PEOPLE,
    DAY_PEOPLE,
    EVENTS,
    PERSON_NUMBERS,
    SCORES,
    TABLES,
    Table,
)
from bihuan.warehouse.sql import identifier, literal

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


def _people_by_day(layout: Layout) -> list[str]:
    events = f"{layout.local_name(EVENTS.name)}{layout.on_cluster}"
    name = "by_quarter_hour"
    body = dict(EVENTS.projections)[name]
    return [
        *layout.create_table(PERSON_NUMBERS),
        *layout.create_table(DAY_PEOPLE),
        f"ALTER TABLE {events} DROP PROJECTION IF EXISTS by_day",
        f"ALTER TABLE {events} ADD PROJECTION IF NOT EXISTS {identifier(name)} ({body})",
        f"ALTER TABLE {events} MATERIALIZE PROJECTION {identifier(name)}",
    ]


def _wider_merges(layout: Layout) -> list[str]:
    events = f"{layout.local_name(EVENTS.name)}{layout.on_cluster}"
    base = dict(EVENTS.settings)["merge_selector_base"]
    return [f"ALTER TABLE {events} MODIFY SETTING merge_selector_base = {base}"]


def _audiences(layout: Layout) -> list[str]:
    return layout.create_table(AUDIENCE_PEOPLE)


def _assignments(layout: Layout) -> list[str]:
    """Static audiences become values like any other.

    The old table stays, empty: a process that starts at the same time may still be reading it.
    """
    old = layout.name(AUDIENCE_PEOPLE.name)
    return [
        *layout.create_table(ASSIGNMENTS),
        f"INSERT INTO {layout.name(ASSIGNMENTS.name)} (subject_id, person_id, time, value, before, cause) "
        f"SELECT DISTINCT audience_id, person_id, toDateTime64(0, 3, 'UTC'), '1', '', 'member' FROM {old}",
        f"TRUNCATE TABLE {layout.local_name(AUDIENCE_PEOPLE.name)}{layout.on_cluster}",
    ]


def _scores(layout: Layout) -> list[str]:
    return layout.create_table(SCORES)


MIGRATIONS: tuple[Migration, ...] = (
    Migration(1, "first tables", _first_tables),
    Migration(2, "people by day", _people_by_day),
    Migration(3, "wider merges", _wider_merges),
    Migration(4, "audiences", _audiences),
    Migration(5, "assignments", _assignments),
    Migration(6, "scores", _scores),
)


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
