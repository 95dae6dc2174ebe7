"""One insert statement a table, its outcome known or the error that means "not acknowledged"."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa

from bihuan.kernel.errors import BihuanError
from bihuan.warehouse.errors import EngineUnavailable, QueryFailed
from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.schema.tables import EVENTS

RETRY_AFTER_SECONDS = 2
# Waits before a server is asked again; an embedded engine that failed fails again at once.
SERVER_RETRY_SECONDS: tuple[float, ...] = (0.1, 0.4, 1.5)

INSERT_SETTINGS: dict[str, object] = {
    # A late import may touch many months in one statement.
    "max_partitions_per_insert_block": 0,
    # Ids are unique already; collapsing rows by key here only costs time.
    "optimize_on_insert": 0,
    # A group is small: threads cost more than they bring.
    "max_threads": 1,
    "max_insert_threads": 1,
}


class NotOnDisk(EngineUnavailable):
    """The engine has rows that the disk did not take."""


def insert(store: ProjectStore, table: str, rows: pa.Table) -> None:
    """Store ``rows``; on return the engine has them, on disk if the project's layout is durable.

    On servers a lost connection leaves the outcome open, so the same rows are sent again with the same
    deduplication token: a server that has them already ignores them. Raises ``EngineUnavailable`` when the
    engine cannot store now, ``NotOnDisk`` when it did and they may be lost with the machine, ``QueryFailed``
    when it refuses these very rows.
    """
    name, settings = store.table(table), dict(INSERT_SETTINGS)
    if store.engine.embedded:
        # The engine would drop a block equal to an earlier one even after its rows were erased.
        settings["deduplicate_insert"] = "disable"
        with _on_disk(store, table):
            _attempt(store, name, rows, settings)
        return
    settings["insert_deduplication_token"] = uuid.uuid4().hex
    if store.layout.cluster:
        # Otherwise the node answers before the shards have the rows.
        settings["distributed_foreground_insert"] = 1
    for wait_seconds in SERVER_RETRY_SECONDS:
        try:
            _attempt(store, name, rows, settings)
            return
        except EngineUnavailable:
            time.sleep(wait_seconds)
    _attempt(store, name, rows, settings)


@contextmanager
def _on_disk(store: ProjectStore, table: str) -> Iterator[None]:
    directory, file_system = store.directory(table), store.engine.file_system
    is_ours = table == EVENTS.name and store.layout.durable and not store.layout.part_sync(EVENTS)
    if directory is None or file_system is None or not is_ours:
        yield
        return
    began = False
    try:
        with file_system.written(directory):
            began = True
            yield
    except OSError as failure:
        raise (NotOnDisk if began else EngineUnavailable)(**_reason(failure)) from failure


def _attempt(store: ProjectStore, name: str, rows: pa.Table, settings: dict[str, object]) -> None:
    try:
        store.engine.insert_arrow(name, rows, settings=settings)
    except (EngineUnavailable, QueryFailed):
        raise
    except BihuanError as failure:
        # Time and memory limits are the engine's state, not a fault of the rows.
        raise unavailable(failure) from failure
    except OSError as failure:
        raise unavailable(failure) from failure


def unavailable(failure: BaseException) -> EngineUnavailable:
    """The failure as an answer to senders: not acknowledged, send again after ``retry_after_seconds``."""
    if isinstance(failure, EngineUnavailable):
        failure.params.setdefault("retry_after_seconds", RETRY_AFTER_SECONDS)
        return failure
    return EngineUnavailable(**_reason(failure))


def _reason(failure: BaseException) -> dict[str, Any]:
    return {"reason": str(failure)[:300], "retry_after_seconds": RETRY_AFTER_SECONDS}
