"""Tables made under one ``durability`` setting, brought under another."""

from __future__ import annotations

from bihuan.warehouse.engine import Engine
from bihuan.warehouse.schema.layout import Layout
from bihuan.warehouse.schema.tables import EVENTS
from bihuan.warehouse.sql import literal

SETTINGS = ("fsync_after_insert", "fsync_part_directory")


def apply_durability(engine: Engine, layout: Layout) -> list[str]:
    """Have the project's tables sync as the layout says; returns the tables that did otherwise.

    Rows that are there already are not written again: what was stored without a sync stays so until it is
    merged.
    """
    found = ", ".join(f"extract(engine_full, '{name} = (\\\\d)')" for name in SETTINGS)
    rows = engine.rows(
        f"SELECT name, {found} FROM system.tables "
        f"WHERE database = {literal(layout.database)} AND engine LIKE '%MergeTree' ORDER BY name"
    )
    different = [name for name, *values in rows if any(value != _wanted(layout, name) for value in values)]
    for name in different:
        engine.command(alteration(layout, name))
    return different


def alteration(layout: Layout, table: str) -> str:
    """The statement that has the table of this very name sync as the layout says."""
    changes = ", ".join(f"{name} = {_wanted(layout, table)}" for name in SETTINGS)
    return f"ALTER TABLE {layout.name(table)}{layout.on_cluster} MODIFY SETTING {changes}"


def _wanted(layout: Layout, table: str) -> str:
    is_events = table.removesuffix("_local") == EVENTS.name
    return "1" if (layout.part_sync(EVENTS) if is_events else layout.durable) else "0"
