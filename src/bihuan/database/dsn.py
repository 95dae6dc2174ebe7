"""From the DSN an operator writes to the URL of a driver."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bihuan.database.errors import DatabaseDsnInvalid

_DRIVERS = {
    "sqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


def parse_dsn(dsn: str) -> URL:
    """The SQLAlchemy URL of a ``sqlite:///…`` or ``postgresql://…`` DSN.

    Raises:
        DatabaseDsnInvalid: another database, no file or name, or not a DSN.
    """
    try:
        url = make_url(dsn)
    except ArgumentError as error:
        raise DatabaseDsnInvalid(reason="it is not of the form scheme://…") from error
    if url.drivername not in _DRIVERS:
        raise DatabaseDsnInvalid(reason=f"scheme {url.drivername!r} is neither sqlite nor postgresql")
    if not url.database or url.database == ":memory:":
        raise DatabaseDsnInvalid(reason="it names no file or database")
    return url.set(drivername=_DRIVERS[url.drivername])


def sqlite_file(url: URL) -> Path | None:
    """The file of an SQLite URL; None for PostgreSQL."""
    return Path(url.database or "") if url.drivername == "sqlite" else None
