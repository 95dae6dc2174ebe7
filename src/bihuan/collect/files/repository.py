"""Queries on imports, and the moments by which their rows are told apart."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bihuan.collect.files.errors import ImportNotFound
from bihuan.collect.files.models import FileImport
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.sql import literal, time_ms

# Requests received longer ago than this are stored, so it shows whether a moment is free.
SETTLED_MS = 60_000
_SPAN_MS = 10_000
_TABLES = ("events", "profile_changes", "quarantine")


def imports(session: Session, project_id: str, *, limit: int) -> Sequence[FileImport]:
    """The imports of a project, the latest first."""
    statement = select(FileImport).where(FileImport.project_id == project_id)
    ordered = statement.order_by(FileImport.created_at.desc(), FileImport.id.desc()).limit(limit)
    return session.scalars(ordered).all()


def open_imports(session: Session, project_id: str) -> Sequence[FileImport]:
    """Those that came to no end, and those whose undoing did not."""
    statement = select(FileImport).where(
        FileImport.project_id == project_id,
        FileImport.totals.is_(None) | FileImport.undo_job_id.is_not(None),
        FileImport.undone_at.is_(None),
    )
    return session.scalars(statement.order_by(FileImport.created_at.desc(), FileImport.id.desc())).all()


def find(session: Session, project_id: str, import_id: str, *, for_update: bool = False) -> FileImport:
    """One import. Raises ``ImportNotFound``."""
    statement = select(FileImport).where(FileImport.project_id == project_id, FileImport.id == import_id)
    found = session.scalar(statement.with_for_update() if for_update else statement)
    if found is None:
        raise ImportNotFound(import_id=import_id, path="import_id")
    return found


def moments(session: Session, project_id: str, source: str) -> set[int]:
    """The moments that other imports of this source have."""
    statement = select(FileImport.received_ms).where(
        FileImport.project_id == project_id, FileImport.source == source
    )
    return set(session.scalars(statement))


def free_moment(store: ProjectStore, source: str, taken: set[int], at_ms: int, now_ms: int) -> int:
    """A moment at which nothing of the source was received: the last up to ``at_ms``, if there is one.

    It comes after those of all imports before (``taken``): of two copies of a profile change the one received
    first is kept, so undoing a later import takes nothing away from an earlier one. A source with live
    traffic may still be storing what it received just now, so a moment before that.
    """
    first_ms = max(taken, default=0) + 1
    last_ms = at_ms
    if _received(store, source, now_ms - SETTLED_MS, now_ms) - taken:
        last_ms = min(at_ms, now_ms - SETTLED_MS)
    while last_ms >= first_ms:
        begin_ms = max(first_ms, last_ms - _SPAN_MS)
        used = _received(store, source, begin_ms, last_ms)
        if free := set(range(begin_ms, last_ms + 1)) - used:
            return max(free)
        last_ms = begin_ms - 1
    while True:
        used = _received(store, source, first_ms, first_ms + _SPAN_MS)
        if free := set(range(first_ms, first_ms + _SPAN_MS)) - used:
            return min(free)
        first_ms += _SPAN_MS


def _received(store: ProjectStore, source: str, since_ms: int, until_ms: int) -> set[int]:
    selects = [
        f"SELECT toUnixTimestamp64Milli(received_at) FROM {store.table(table)} "
        f"WHERE source = {literal(source)} AND received_at >= {time_ms(since_ms)} "
        f"AND received_at <= {time_ms(until_ms)}"
        for table in _TABLES
    ]
    return {
        row[0] for row in store.engine.rows("SELECT DISTINCT * FROM (" + " UNION ALL ".join(selects) + ")")
    }
