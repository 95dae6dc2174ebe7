"""A project's part of the warehouse: its database, migrated and ready."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from bihuan.warehouse.engine import Engine
from bihuan.warehouse.schema.durability import apply_durability
from bihuan.warehouse.schema.layout import Layout
from bihuan.warehouse.schema.migrations import migrate
from bihuan.warehouse.sql import identifier

_PROJECT_ID = re.compile(r"[a-z0-9][a-z0-9_]{0,62}")


@dataclass(frozen=True)
class ProjectStore:
    """Where one project's rows live: an engine and a layout."""

    engine: Engine
    layout: Layout

    @property
    def sequences(self) -> Path | None:
        """The directory of the project's sequences; None where the engine is not in this process."""
        directory = self.engine.directory
        return None if directory is None else Path(f"{directory}-sequences") / self.layout.database

    def directory(self, table: str) -> Path | None:
        """Where the parts of a table are; None where the engine is not in this process."""
        directory = self.engine.directory
        return None if directory is None else directory / "data" / self.layout.database / table

    def table(self, name: str) -> str:
        """The qualified name of a table, for queries and inserts."""
        return self.layout.name(name)


def database_name(project_id: str) -> str:
    """The database of a project. Project ids are checked, so that no id can name another's database."""
    if not _PROJECT_ID.fullmatch(project_id):
        raise ValueError(f"not a project id: {project_id!r}")
    return f"bihuan_{project_id}"


def project_store(
    engine: Engine, project_id: str, *, cluster: str | None = None, durable: bool = True
) -> ProjectStore:
    """The store of a project, whether or not its database exists."""
    group_sync = engine.file_system is not None
    layout = Layout(database_name(project_id), cluster=cluster, durable=durable, group_sync=group_sync)
    return ProjectStore(engine, layout)


def open_project(
    engine: Engine, project_id: str, *, cluster: str | None = None, durable: bool = True
) -> ProjectStore:
    """Create or migrate the project's database, have it sync as told, and return its store."""
    store = project_store(engine, project_id, cluster=cluster, durable=durable)
    migrate(engine, store.layout)
    apply_durability(engine, store.layout)
    return store


def drop_project(store: ProjectStore) -> None:
    """Delete the project's database with everything in it."""
    if store.sequences is not None:
        shutil.rmtree(store.sequences, ignore_errors=True)
    store.engine.command(
        f"DROP DATABASE IF EXISTS {identifier(store.layout.database)}{store.layout.on_cluster} SYNC"
    )
