"""One handle on the control database: an engine, transactions, migrations and signals."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from bihuan.database import migrate
from bihuan.database.dsn import parse_dsn, sqlite_file
from bihuan.database.errors import DatabaseUnreachable
from bihuan.database.signals import Signals, take_signals
from bihuan.database.sqlite_clock import provide_clock

Synchronous = Literal["FULL", "NORMAL", "OFF"]
_READ_ONLY = "bihuan_read_only"


class Database:
    """The control database. Safe to share between threads; make one per process.

    Attributes:
        engine: the SQLAlchemy engine, for code that needs a connection of its own.
        url: the driver URL.
        signals: what committed transactions tell this process.
    """

    def __init__(self, engine: Engine, url: URL) -> None:
        self.engine = engine
        self.url = url
        self.signals = Signals()
        self._reading = engine.execution_options(**{_READ_ONLY: True, "postgresql_readonly": True})
        self._sessions = sessionmaker(engine, expire_on_commit=False)
        self._read_sessions = sessionmaker(self._reading, expire_on_commit=False)

    @classmethod
    def open(
        cls,
        dsn: str,
        *,
        migrate_schema: bool = True,
        synchronous: Synchronous = "FULL",
        busy_timeout_seconds: float = 30.0,
        pool_size: int = 10,
    ) -> Database:
        """Connect to ``dsn`` and bring its tables up to date.

        Args:
            dsn: ``sqlite:////path`` (made with its directories when absent) or ``postgresql://…``.
            migrate_schema: apply the migrations this version knows; several processes may do so at once.
            synchronous: SQLite's fsync policy; FULL survives a loss of power, NORMAL may lose the last
                commits.
            busy_timeout_seconds: how long an SQLite writer waits for another one.
            pool_size: connections kept; as many again may be opened for a burst.

        Raises:
            DatabaseDsnInvalid, DatabaseUnreachable, DatabaseTooNew, MigrationBroken.
        """
        url = parse_dsn(dsn)
        file = sqlite_file(url)
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            provide_clock()
        engine = create_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_pre_ping=file is None,
            # Values of a statement that failed would stand in logs.
            hide_parameters=True,
            connect_args={} if file is not None else {"application_name": "bihuan"},
        )
        if file is not None:
            _tune_sqlite(engine, synchronous, busy_timeout_seconds)
        database = cls(engine, url)
        try:
            database.ping()
            if migrate_schema:
                migrate.upgrade(engine)
        except OperationalError as error:
            database.dispose()
            raise DatabaseUnreachable(reason=str(error.orig).strip()) from error
        except BaseException:
            database.dispose()
            raise
        return database

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded form, which one process at a time works on."""
        return self.url.drivername == "sqlite"

    @property
    def dsn(self) -> str:
        """The driver URL with its password, for another library that connects by itself."""
        return self.url.render_as_string(hide_password=False)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One transaction: committed at the end of the block, rolled back when it raises.

        On SQLite the write lock is taken at the first statement, so a transaction never fails half-way
        because another writer came first. Signals emitted in the block are sent after the commit.
        """
        with self._sessions() as session:
            with session.begin():
                yield session
            for signal in take_signals(session):
                self.signals.send(signal)

    @contextmanager
    def read_session(self) -> Iterator[Session]:
        """One read-only transaction: a stable view that, on SQLite, waits for no writer. Writing fails."""
        with self._read_sessions() as session, session.begin():
            yield session

    def ping(self) -> None:
        """Ask the database for the number one; raises the driver's error when it does not answer."""
        with self._reading.connect() as connection:
            connection.execute(text("SELECT 1"))

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _tune_sqlite(engine: Engine, synchronous: Synchronous, busy_timeout_seconds: float) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, _record: Any) -> None:
        # The driver must not begin transactions by itself: "begin" below chooses their kind.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {int(busy_timeout_seconds * 1000)}")
        _use_write_ahead_log(connection, busy_timeout_seconds)
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        read_only = connection.get_execution_options().get(_READ_ONLY, False)
        connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if read_only else 'OFF'}")
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _use_write_ahead_log(connection: sqlite3.Connection, timeout_seconds: float) -> None:
    if connection.execute("PRAGMA journal_mode").fetchone() == ("wal",):
        return
    deadline = time.monotonic() + timeout_seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            # SQLite does not wait here when another process switches the same new file.
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
