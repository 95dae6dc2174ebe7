"""Values and names as engine SQL: the only place where text becomes part of a statement."""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterable
from datetime import date, datetime

Scalar = str | int | float | bool | None | uuid.UUID | date | datetime


def literal(value: Scalar) -> str:
    """``value`` as an engine literal; text is escaped so that it cannot end the literal."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _float_literal(value)
    if isinstance(value, datetime):
        return f"toDateTime64({literal(value.strftime('%Y-%m-%d %H:%M:%S.%f')[:-3])}, 3, 'UTC')"
    if isinstance(value, date):
        return f"toDate({literal(value.isoformat())})"
    if isinstance(value, uuid.UUID):
        return f"toUUID('{value}')"
    return "'" + _escape(value, "'") + "'"


def identifier(name: str) -> str:
    """``name`` as a quoted identifier."""
    return "`" + _escape(name, "`") + "`"


def array(values: Iterable[Scalar]) -> str:
    """An array literal."""
    return "[" + ", ".join(literal(value) for value in values) + "]"


def tuple_of(values: Iterable[Scalar]) -> str:
    """A parenthesised list, for ``IN``; values must not be empty."""
    return "(" + ", ".join(literal(value) for value in values) + ")"


def json_path(name: str) -> str:
    """A property name as a path of a JSON column: each dotted part quoted."""
    return ".".join(identifier(part) for part in name.split("."))


def time_ms(milliseconds: int) -> str:
    """A Unix time in milliseconds as a DateTime64(3, 'UTC') expression."""
    return f"fromUnixTimestamp64Milli({milliseconds}, 'UTC')"


def _float_literal(value: float) -> str:
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return f"toFloat64({value!r})" if value == int(value) else repr(value)


def _escape(text: str, quote: str) -> str:
    text = text.replace("\\", "\\\\").replace(quote, "\\" + quote).replace("\0", "\\0")
    return text.encode("utf-8", "replace").decode("utf-8")
