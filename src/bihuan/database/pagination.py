"""Cursor pagination: a page is what comes after an id, so rows added meanwhile never shift it."""

from __future__ import annotations

import base64
import binascii
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, Field
from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bihuan.database.errors import CursorInvalid

Item = TypeVar("Item")
Row = TypeVar("Row")

DEFAULT_LIMIT = 100
MAXIMUM_LIMIT = 1_000


class Page(BaseModel, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    next_cursor: str | None = Field(
        default=None, description="Pass as `cursor` for the next page; null on the last page."
    )


def encode_cursor(key: str) -> str:
    """The opaque cursor for the page after ``key``."""
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> str:
    """The key inside ``cursor``.

    Raises:
        CursorInvalid: it is not one of ours.
    """
    try:
        key = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise CursorInvalid(path="cursor") from error
    if "\x00" in key:
        raise CursorInvalid(path="cursor")
    return key


def paginate(
    session: Session,
    rows: Select[Row],
    key: InstrumentedAttribute[str],
    cursor: str | None = None,
    limit: int = DEFAULT_LIMIT,
) -> tuple[list[Row], str | None]:
    """The next ``limit`` rows of ``rows`` in the order of ``key`` (unique text), and the cursor after them.

    Raises:
        CursorInvalid: ``cursor`` is not one of ours.
    """
    statement: Select[Any] = rows.order_by(key).limit(limit + 1)
    if cursor is not None:
        statement = statement.where(key > decode_cursor(cursor))
    found = list(session.scalars(statement))
    if len(found) <= limit:
        return found, None
    page = found[:limit]
    return page, encode_cursor(getattr(page[-1], key.key))
