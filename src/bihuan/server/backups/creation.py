"""Making a backup: one tar archive, streamed, of both stores and the first key."""

from __future__ import annotations

import io
import sqlite3
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

import msgspec

import bihuan
from bihuan.access import ADMIN_KEY_FILE
from bihuan.app import Installation
from bihuan.database import Database
from bihuan.server.backups.errors import BackupNeedsServerTools
from bihuan.server.backups.manifest import (
    CONTROL,
    FORMAT,
    MANIFEST,
    WAREHOUSE,
    Manifest,
    ProjectBackup,
    TableBackup,
)
from bihuan.settings import Settings
from bihuan.warehouse import database_name, without_password
from bihuan.warehouse.snapshots import Snapshot, snapshot

PRIVATE = 0o600


def check_embedded(settings: Settings) -> None:
    """Raises ``BackupNeedsServerTools`` unless both stores are files of this process."""
    dsns = (settings.warehouse_dsn, settings.database_dsn)
    servers = [without_password(dsn) for dsn in dsns if not dsn.startswith(("chdb:", "sqlite:"))]
    if servers:
        raise BackupNeedsServerTools(stores=", ".join(servers))


def write_backup(installation: Installation, stream: BinaryIO) -> None:
    """Write the archive while the server goes on.

    The control database comes first, then the events of the projects it names: a project made in between is
    left out whole. Everything acknowledged before the call is in the archive.
    """
    check_embedded(installation.settings)
    with tempfile.TemporaryDirectory(prefix="bihuan-backup-", dir=installation.settings.data) as folder:
        control = Path(folder) / CONTROL
        _copy_control(installation.database, control)
        projects = _project_ids(control)
        # Opening makes the database of a project that never had an event.
        databases = {
            installation.project(project_id).store.layout.database: project_id for project_id in projects
        }
        with (
            snapshot(installation.engine, sorted(databases)) as taken,
            # dereference: parts are hard links, and must come as files
            tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT, dereference=True) as archive,
        ):
            manifest = _manifest(installation, taken, projects)
            _add_bytes(archive, MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=1))
            archive.add(control, CONTROL, filter=_anonymous)
            key = installation.settings.data / ADMIN_KEY_FILE
            if key.is_file():
                archive.add(key, ADMIN_KEY_FILE, filter=_anonymous)
            for table in taken.tables:
                for part in table.parts:
                    name = f"{WAREHOUSE}/{databases[table.database]}/{table.name}/{part.name}"
                    archive.add(part, name, filter=_anonymous)


def _copy_control(database: Database, target: Path) -> None:
    with (
        closing(sqlite3.connect(str(database.url.database))) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)
    target.chmod(PRIVATE)


def _project_ids(control: Path) -> list[str]:
    with closing(sqlite3.connect(control)) as connection:
        return [row[0] for row in connection.execute("SELECT id FROM projects ORDER BY id")]


def _manifest(installation: Installation, taken: Snapshot, project_ids: list[str]) -> Manifest:
    projects = {
        project_id: ProjectBackup(
            database=database_name(project_id),
            tables={
                table.name: TableBackup(
                    create=table.create, parts=[part.name for part in table.parts], rows=table.rows
                )
                for table in taken.tables
                if table.database == database_name(project_id)
            },
        )
        for project_id in project_ids
    }
    return Manifest(
        format=FORMAT,
        version=bihuan.__version__,
        engine_version=str(installation.engine.scalar("SELECT version()")),
        taken_at_ms=taken.taken_at_ms,
        projects=projects,
    )


def _add_bytes(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), PRIVATE
    archive.addfile(entry, io.BytesIO(content))


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry
