"""Restoring a backup into an empty data directory, while nothing runs on it."""

from __future__ import annotations

import shutil
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import msgspec

from bihuan.people import Identities
from bihuan.people.identity.squash import mismatched
from bihuan.server.backups.errors import BackupUnreadable, DataDirectoryNotEmpty
from bihuan.server.backups.manifest import FORMAT, MANIFEST, WAREHOUSE, Manifest, ProjectBackup
from bihuan.warehouse import Engine, open_project
from bihuan.warehouse.snapshots import attach
from bihuan.warehouse.sql import identifier

STAGING = ".restoring"


@dataclass(frozen=True)
class Restored:
    """What came back: ``rows`` by table for every project."""

    taken_at_ms: int
    version: str
    rows: dict[str, dict[str, int]]


def restore(source: Path, data: Path) -> Restored:
    """Restore a backup, a tar file or a directory with its content, to ``data``.

    Everything is put together beside its place first; ``data`` stays empty until the rows of every table
    have been counted. An interrupted restore can be begun again.

    Raises:
        DataDirectoryNotEmpty, BackupUnreadable.
    """
    staging = data / STAGING
    if data.exists() and any(entry.name != STAGING for entry in data.iterdir()):
        raise DataDirectoryNotEmpty(directory=str(data))
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True, mode=0o700)
    try:
        _unpack(source, staging)
        manifest = _read_manifest(staging)
        parts = staging / WAREHOUSE
        parts = parts.rename(staging / "parts") if parts.is_dir() else staging / "parts"
        rows = _restore_warehouse(manifest, parts, staging / WAREHOUSE)
        shutil.rmtree(parts, ignore_errors=True)
        (staging / MANIFEST).unlink()
        for entry in sorted(staging.iterdir()):
            entry.rename(data / entry.name)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return Restored(manifest.taken_at_ms, manifest.version, rows)


def _unpack(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
        return
    try:
        with source.open("rb") as stream:
            extract(stream, target)
    except FileNotFoundError as error:
        raise BackupUnreadable(reason=f"there is no {source.name}") from error


def extract(stream: BinaryIO, target: Path) -> None:
    """Unpack a backup's archive into a directory. Raises ``BackupUnreadable``."""
    try:
        with tarfile.open(fileobj=stream, mode="r|*") as archive:
            archive.extractall(target, filter="data")
    except (tarfile.TarError, EOFError) as error:
        raise BackupUnreadable(reason=str(error) or type(error).__name__) from error


def _read_manifest(folder: Path) -> Manifest:
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (FileNotFoundError, msgspec.DecodeError) as error:
        raise BackupUnreadable(reason=f"its {MANIFEST} is missing or damaged") from error
    if manifest.format != FORMAT:
        raise BackupUnreadable(reason=f"it has format {manifest.format}, made by version {manifest.version}")
    return manifest


def _restore_warehouse(manifest: Manifest, parts: Path, target: Path) -> dict[str, dict[str, int]]:
    engine = Engine(f"chdb://{target.resolve()}")
    try:
        rows = {
            project_id: _restore_project(engine, project, parts / project_id)
            for project_id, project in manifest.projects.items()
        }
        for project_id in manifest.projects:
            # What the archive caught in the middle of a rewriting of persons is marked to be rewritten.
            identities = Identities(open_project(engine, project_id))
            identities.repend(mismatched(identities.store, pending=False))
    finally:
        engine.close()
    return rows


def _restore_project(engine: Engine, project: ProjectBackup, parts: Path) -> dict[str, int]:
    engine.command(f"CREATE DATABASE {identifier(project.database)}")
    rows = {}
    for name, table in project.tables.items():
        engine.command(table.create)
        folders = [parts / name / part for part in table.parts]
        missing = next((folder for folder in folders if not folder.is_dir()), None)
        if missing is not None:
            raise BackupUnreadable(reason=f"the part {missing.name} of {name} is missing")
        rows[name] = attach(engine, project.database, name, folders)
        if rows[name] != table.rows:
            raise BackupUnreadable(reason=f"{name} has {rows[name]} rows instead of {table.rows}")
    return rows
