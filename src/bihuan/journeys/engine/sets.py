"""Rows named by many ids, in one statement on either database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import BigInteger, ColumnElement, any_, bindparam, func, literal, select, type_coerce
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute, Session

from bihuan.database import PersonKey

T = TypeVar("T")
# Rows of one transaction: on SQLite others wait for about 0.1 s.
CHUNK = 5_000
_KEY = PersonKey()


def chunks(items: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """The items in parts."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def among(session: Session, column: InstrumentedAttribute[int], ids: Sequence[int]) -> ColumnElement[bool]:
    """Whether a column of numbers (or of persons) is one of many."""
    dialect = session.get_bind().dialect
    if isinstance(column.type, PersonKey):
        ids = [_KEY.process_bind_param(each, dialect) or 0 for each in ids]
    numbers: Any = type_coerce(column, BigInteger)
    if dialect.name == "sqlite":
        listed = "[" + ",".join(map(str, ids)) + "]"
        table = func.json_each(literal(listed)).table_valued("value")
        return numbers.in_(select(table.c.value))  # type: ignore[no-any-return]
    found: ColumnElement[bool] = numbers == any_(
        bindparam(None, list(map(int, ids)), type_=ARRAY(BigInteger))
    )
    return found
