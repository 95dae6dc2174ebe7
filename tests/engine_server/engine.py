"""The one chDB engine of the server: its connections, their settings, its sessions."""

from __future__ import annotations

import json
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import chdb

from tests.engine_server.exceptions import EngineException, from_engine, refusal
from tests.engine_server.statements import kill_by_request


@dataclass(frozen=True)
class Summary:
    """What a statement read, wrote and returned: the figures of ``X-ClickHouse-Summary``."""

    read_rows: int = 0
    read_bytes: int = 0
    written_rows: int = 0
    written_bytes: int = 0
    result_rows: int = 0
    result_bytes: int = 0
    elapsed_ns: int = 0

    def header(self) -> str:
        """The header's value: ClickHouse sends every figure as text."""
        figures = {**vars(self), "total_rows_to_read": self.read_rows}
        return json.dumps({name: str(figure) for name, figure in figures.items()}, separators=(",", ":"))


def quoted(value: str) -> str:
    """A ClickHouse string literal."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def quoted_name(name: str) -> str:
    """A ClickHouse identifier in backquotes."""
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


class Connection:
    """One chDB connection: its own database, settings and temporary tables. Not for two threads at once.

    Args:
        path: the engine's directory.
        version: named in the texts of exceptions.
        lasting: the connection serves many requests, so what one request sets is undone for the next.
    """

    def __init__(self, path: Path, version: str, *, lasting: bool = False) -> None:
        self._chdb: Any = chdb.connect(str(path))
        self._version = version
        self._lasting = lasting
        self._applied: dict[str, str] = {}
        self._before: dict[str, str | None] = {}

    def prepare(self, database: str | None, settings: Mapping[str, str]) -> None:
        """Choose the database and make ``settings`` (and no others of earlier requests) hold.

        A session keeps a database chosen by a request; ClickHouse goes back to that of the session.
        """
        if database:
            self.query(f"USE {quoted_name(database)}")
        changed = {name: value for name, value in settings.items() if self._applied.get(name) != value}
        if self._lasting:
            self._remember(name for name in changed if name not in self._before)
        assignments = [f"{quoted_name(name)} = {quoted(value)}" for name, value in changed.items()]
        for name in self._applied.keys() - settings.keys():
            old = self._before.pop(name, None)
            assignments.append(f"{quoted_name(name)} = {'DEFAULT' if old is None else quoted(old)}")
        if assignments:
            self.query("SET " + ", ".join(assignments))
        self._applied = dict(settings)

    def query(
        self, sql: str, output_format: str = "TabSeparated", parameters: Mapping[str, str] | None = None
    ) -> tuple[bytes, Summary]:
        """Run one statement to its end; its result in ``output_format`` unless the statement names one.

        Raises:
            EngineException: what the engine says.
        """
        try:
            result = self._chdb.query(sql, output_format, params=dict(parameters or {}))
        except (RuntimeError, ValueError, chdb.ChdbError) as failure:
            raise from_engine(failure, self._version) from failure
        summary = Summary(
            read_rows=result.storage_rows_read(),
            read_bytes=result.storage_bytes_read(),
            written_rows=result.rows_written(),
            written_bytes=result.bytes_written(),
            result_rows=result.rows_read(),
            result_bytes=result.bytes_read(),
            elapsed_ns=int(result.elapsed() * 1e9),
        )
        return result.bytes(), summary

    def insert(
        self, statement: str, data_format: str, data: Iterable[bytes], parameters: Mapping[str, str]
    ) -> Summary:
        """Feed ``data`` to an INSERT piece by piece; nothing is stored when the data or the client break off.

        (Data beyond a million rows are stored in blocks of that size, as in ClickHouse.)

        Raises:
            EngineException: what the engine says.
        """
        if parameters:
            assignments = (f"param_{name} = {quoted(value)}" for name, value in parameters.items())
            self.query("SET " + ", ".join(assignments))
        try:
            inserter = self._chdb.send_insert(statement, data_format)
        except RuntimeError as failure:
            raise from_engine(failure, self._version) from failure
        with inserter:
            try:
                for piece in data:
                    inserter.append(piece)
                result = inserter.finish()
            except RuntimeError as failure:
                raise from_engine(failure, self._version) from failure
        rows, size = result.rows_written, result.bytes_written
        return Summary(rows, size, rows, size, rows, size, int(result.elapsed * 1e9))

    def statement_class(self, sql: str) -> tuple[str, int]:
        """The engine's own judgement of ``sql``: READ_ONLY, MUTATING … and the number of statements in it."""
        judged = self._chdb._conn.classify_query(sql)
        return judged["query_class"].name, judged["statement_count"]

    def close(self) -> None:
        """Give the connection back to the engine."""
        self._chdb.close()

    def _remember(self, names: Iterable[str]) -> None:
        wanted = ", ".join(quoted(name) for name in names)
        if not wanted:
            return
        rows, _ = self.query(
            f"SELECT name, value FROM system.settings WHERE changed AND name IN ({wanted})",
            "JSONCompactEachRow",
        )
        self._before.update(json.loads(line) for line in rows.splitlines())


@dataclass
class _Session:
    connection: Connection
    lock: threading.Lock
    expires: float = 0.0


class Engine:
    """The engine in ``path``: opens connections, keeps sessions, cancels statements.

    A request without a session has a connection of its own (opening one takes about 2 ms), so nothing it
    sets can reach another request.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        # Beside the engine's directory, so that what a killed server leaves goes away with it.
        path.parent.mkdir(parents=True, exist_ok=True)
        self.scratch = tempfile.TemporaryDirectory(prefix=f".{path.name}-pipes-", dir=path.parent)
        first = Connection(path, "")
        row, _ = first.query("SELECT version(), timezone()")
        self.version, self.timezone = row.decode().strip().split("\t")
        # As long as it is open, so is the engine.
        self._anchor = Connection(path, self.version)
        first.close()
        names, _ = self._anchor.query("SELECT number, errorCodeToName(number) FROM numbers(1200)")
        rows = (line.split("\t") for line in names.decode().splitlines())
        self._error_names = {int(code): name for code, name in rows if name}
        self._sessions: dict[str, _Session] = {}
        self._sessions_lock = threading.Lock()

    @contextmanager
    def connection(
        self, session_id: str | None, *, timeout_seconds: float = 60.0, must_exist: bool = False
    ) -> Iterator[Connection]:
        """A connection for one request: that of the session, or a fresh one.

        Raises:
            EngineException: the session is in use (373), or does not exist and must (372).
        """
        if session_id is None:
            fresh = Connection(self.path, self.version)
            try:
                yield fresh
            finally:
                fresh.close()
            return
        session = self._take_session(session_id, must_exist)
        try:
            yield session.connection
        finally:
            session.expires = time.monotonic() + timeout_seconds
            session.lock.release()

    def cancel(self, request_id: str) -> None:
        """Cancel what the request with this ``query_id`` is running; nothing when it runs nothing."""
        self.kill(f"KILL QUERY WHERE query_id = {quoted(request_id)} ASYNC", "TabSeparated")

    def kill(
        self, sql: str, output_format: str, parameters: Mapping[str, str] | None = None
    ) -> tuple[bytes, Summary]:
        """Run a KILL QUERY statement, in which ``query_id`` is the id of the request."""
        with self.connection(None) as connection:
            return connection.query(kill_by_request(sql), output_format, parameters)

    def refusal(self, code: int, sentence: str) -> EngineException:
        """An exception of the server itself, with ClickHouse's name for its code."""
        return refusal(code, self._error_names.get(code, "UNKNOWN_EXCEPTION"), sentence, self.version)

    def close(self) -> None:
        """Close every idle connection, and with the last of them the engine."""
        with self._sessions_lock:
            for session in self._sessions.values():
                if session.lock.acquire(blocking=False):
                    session.connection.close()
            self._sessions.clear()
        self._anchor.close()
        self.scratch.cleanup()

    def _take_session(self, session_id: str, must_exist: bool) -> _Session:
        with self._sessions_lock:
            self._expire()
            session = self._sessions.get(session_id)
            if session is None:
                if must_exist:
                    raise self.refusal(372, "Session not found.")
                connection = Connection(self.path, self.version, lasting=True)
                session = self._sessions[session_id] = _Session(connection, threading.Lock())
            if not session.lock.acquire(blocking=False):
                raise self.refusal(373, f"Session {session_id} is locked by a concurrent client.")
            return session

    def _expire(self) -> None:
        now = time.monotonic()
        for session_id, session in list(self._sessions.items()):
            if session.expires < now and session.lock.acquire(blocking=False):
                session.connection.close()
                del self._sessions[session_id]
