"""Deleting rows for good."""

from __future__ import annotations

from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.sql import literal

# Lists of keys in a condition are longer than the engine's usual statement.
_SETTINGS = {"max_query_size": 64 << 20, "mutations_sync": 2}


def delete_rows(store: ProjectStore, table: str, condition: str, *, partition_id: str | None = None) -> None:
    """Delete rows, perhaps of one partition only; returns when every part is rewritten."""
    layout = store.layout
    within = f" IN PARTITION ID {literal(partition_id)}" if partition_id is not None else ""
    store.engine.command(
        f"ALTER TABLE {layout.local_name(table)}{layout.on_cluster} DELETE{within} WHERE {condition}",
        settings=_SETTINGS,
    )
