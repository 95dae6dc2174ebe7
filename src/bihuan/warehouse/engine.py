"""One driver for the embedded engine and for servers: a pool of ``clickhouse-connect`` clients.

A client serialises its calls, so concurrency comes from the pool. The embedded engine allows one process
and one directory; clients of the same directory share it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import clickhouse_connect
import pyarrow as pa
from clickhouse_connect import common as clickhouse_common
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

from bihuan.warehouse.changes import Changes
from bihuan.warehouse.errors import EngineDsnInvalid
from bihuan.warehouse.failures import translate
from bihuan.warehouse.file_system import file_system
from bihuan.warehouse.gate import InsertGate

Settings = Mapping[str, Any]
Row = tuple[Any, ...]

# Without a session id, requests of one client may run on any server of a cluster and do not queue up.
clickhouse_common.set_setting("autogenerate_session_id", False)
clickhouse_common.set_setting("invalid_setting_action", "send")

SESSION_SETTINGS: dict[str, Any] = {
    # Text that looks like a date stays text, so that a property has one type whatever its values are.
    "input_format_try_infer_dates": 0,
    "input_format_try_infer_datetimes": 0,
    "date_time_input_format": "best_effort",
    "short_circuit_function_evaluation": "enable",
}

# Not the driver's own names: where it stops asking us, nothing is said rather than something else.
_STORAGE_ROWS, _STORAGE_BYTES = "storage_read_rows", "storage_read_bytes"


@dataclass(frozen=True)
class Reading:
    """The rows of a SELECT, and what the engine read of its tables for them; None where it does not say."""

    rows: list[Row]
    rows_read: int | None = None
    bytes_read: int | None = None


class Engine:
    """A bounded pool of clients to one engine. Thread-safe.

    Args:
        dsn: ``chdb:///dir``, ``clickhouse://user:password@host:port`` or ``clickhouses://…`` (TLS).
        pool_size: most statements under way at once; further callers wait.

    Attributes:
        directory: of the embedded engine; None of a server.
        inserts: closed for the moment of a snapshot.
        changes: statements of this process under way that may change rows.
        file_system: of the embedded engine, where it can be synced as a whole.
    """

    def __init__(self, dsn: str, *, pool_size: int = 8) -> None:
        self.dsn = dsn
        self.embedded = urlsplit(dsn).scheme == "chdb"
        self.directory = Path(urlsplit(dsn).path) if self.embedded else None
        self.inserts = InsertGate()
        self.changes = Changes()
        self._arguments = client_arguments(dsn)
        self._free: list[Client] = []
        self._lock = threading.Lock()
        self._slots = threading.BoundedSemaphore(pool_size)
        self._closed = False
        # The embedded engine stops when its last client closes; this one keeps it open.
        self._anchor = self._open()
        self.file_system = file_system(self.directory) if self.directory else None

    @contextmanager
    def client(self) -> Iterator[Client]:
        """A client for the caller alone; engine failures come out as Bihuan errors."""
        with self._slots:
            client = self._take()
            try:
                yield client
            except ClickHouseError as failure:
                raise translate(failure) from failure
            finally:
                self._give_back(client)

    def rows(self, sql: str, *, settings: Settings | None = None) -> list[Row]:
        """Run a SELECT and return its rows as tuples."""
        return self.reading(sql, settings=settings).rows

    def reading(self, sql: str, *, settings: Settings | None = None) -> Reading:
        """Run a SELECT; its rows as tuples, with what the engine read for them."""
        with self.client() as client:
            answer = client.query(sql, settings=dict(settings or {}))
            summary = answer.summary
            return Reading(
                [tuple(row) for row in answer.result_rows],
                _count(summary, _STORAGE_ROWS if self.embedded else "read_rows"),
                _count(summary, _STORAGE_BYTES if self.embedded else "read_bytes"),
            )

    def scalar(self, sql: str, *, settings: Settings | None = None) -> Any:
        """The single value of a one-row, one-column SELECT."""
        return self.rows(sql, settings=settings)[0][0]

    def arrow(self, sql: str, *, settings: Settings | None = None) -> pa.Table:
        """Run a SELECT and return an Arrow table (text as strings, not binary)."""
        with self.client() as client:
            return client.query_arrow(sql, settings=dict(settings or {}), use_strings=True)

    @contextmanager
    def arrow_stream(
        self, sql: str, *, settings: Settings | None = None
    ) -> Iterator[Iterator[pa.RecordBatch]]:
        """Run a SELECT and stream its record batches in constant memory."""
        with (
            self.client() as client,
            client.query_arrow_stream(sql, settings=dict(settings or {}), use_strings=True) as stream,
        ):
            yield _record_batches(stream)

    def command(self, sql: str, *, settings: Settings | None = None) -> None:
        """Run a statement that returns nothing of interest (DDL, mutations, INSERT … SELECT)."""
        with self.changes.passing(), self.client() as client:
            client.command(sql, settings=dict(settings or {}))

    def insert_arrow(self, table: str, rows: pa.Table, *, settings: Settings | None = None) -> None:
        """Insert ``rows`` into ``table`` (``database.table``) as one statement."""
        with self.inserts.passing(), self.changes.passing(), self.client() as client:
            client.insert_arrow(table, rows, settings=dict(settings or {}))

    def insert_rows(
        self,
        table: str,
        columns: Sequence[str],
        rows: Sequence[Sequence[Any]],
        *,
        settings: Settings | None = None,
    ) -> None:
        """Insert a few Python rows; for many rows build an Arrow table."""
        if rows:
            with self.inserts.passing(), self.changes.passing(), self.client() as client:
                client.insert(table, rows, column_names=list(columns), settings=dict(settings or {}))

    def close(self) -> None:
        """Close every client that is not in use; those in use close when they are given back."""
        with self._lock:
            self._closed = True
            clients, self._free = [*self._free, self._anchor], []
        for client in clients:
            client.close()
        if self.file_system is not None:
            self.file_system.close()

    def _open(self) -> Client:
        client = clickhouse_connect.get_client(settings=dict(SESSION_SETTINGS), **self._arguments)
        backend = getattr(client, "_backend", None)
        if self.embedded and backend is not None:
            # What the driver calls rows read of the embedded engine are those of the answer.
            backend._summary = _storage_summary
        return client

    def _take(self) -> Client:
        with self._lock:
            if self._free:
                return self._free.pop()
        try:
            return self._open()
        except ClickHouseError as failure:
            raise translate(failure) from failure

    def _give_back(self, client: Client) -> None:
        with self._lock:
            if not self._closed:
                self._free.append(client)
                return
        client.close()


def client_arguments(dsn: str) -> dict[str, Any]:
    """The keyword arguments of ``clickhouse_connect.get_client`` for a Bihuan DSN."""
    parts = urlsplit(dsn)
    if parts.scheme == "chdb" and parts.path:
        return {"interface": "chdb", "path": parts.path}
    if parts.scheme in ("clickhouse", "clickhouses") and parts.hostname:
        secure = parts.scheme == "clickhouses"
        return {
            "host": parts.hostname,
            "port": parts.port or (8443 if secure else 8123),
            "username": unquote(parts.username or "default"),
            "password": unquote(parts.password or ""),
            "secure": secure,
            "compress": True,
        }
    raise EngineDsnInvalid(dsn=without_password(dsn))


def without_password(dsn: str) -> str:
    """The DSN as it may be shown in a log or an error."""
    parts = urlsplit(dsn)
    return dsn.replace(f":{parts.password}@", ":***@") if parts.password else dsn


def _storage_summary(answer: Any) -> dict[str, str]:
    return {
        _STORAGE_ROWS: str(answer.storage_rows_read()),
        _STORAGE_BYTES: str(answer.storage_bytes_read()),
    }


def _count(summary: Mapping[str, Any], name: str) -> int | None:
    try:
        return int(summary[name])
    except (KeyError, TypeError, ValueError):
        return None


def _record_batches(stream: Iterator[Any]) -> Iterator[pa.RecordBatch]:
    for piece in stream:
        yield from piece.to_batches() if isinstance(piece, pa.Table) else [piece]
