"""Pages of saved things, the newest first."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bihuan.database.pagination import decode_cursor, encode_cursor

Row = TypeVar("Row")


def newest_first(
    session: Session, rows: Select[Row], key: InstrumentedAttribute[str], cursor: str | None, limit: int
) -> tuple[list[Row], str | None]:
    """The next ``limit`` rows by falling ``key`` (an id), and the cursor after them.

    Raises:
        CursorInvalid: ``cursor`` is not one of ours.
    """
    statement: Select[Any] = rows.order_by(key.desc()).limit(limit + 1)
    if cursor is not None:
        statement = statement.where(key < decode_cursor(cursor))
    found = list(session.scalars(statement))
    if len(found) <= limit:
        return found, None
    return found[:limit], encode_cursor(getattr(found[limit - 1], key.key))
