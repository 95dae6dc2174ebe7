"""Columns of Arrow batches as values for text files and spreadsheets."""

from __future__ import annotations

import datetime as dt
import decimal
import json
import math
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def plain(value: Any) -> Any:
    """A value as JSON can hold it; times in ISO 8601, bytes as text, numbers that are no number as None."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return value.total_seconds()
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def json_text(value: Any) -> str:
    """A value as compact JSON text."""
    return json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"), default=str)


def local_columns(batch: Any, timezone: str) -> list[Any]:
    """The columns of a batch: categories decoded, zoned timestamps as local ones of ``timezone``."""
    return [_local(column, timezone) for column in batch.columns]


def _local(column: Any, timezone: str) -> Any:
    if pa.types.is_dictionary(column.type):
        return _local(column.dictionary_decode(), timezone)
    if not pa.types.is_timestamp(column.type):
        return column
    if column.type.tz is not None:
        column = pc.local_timestamp(pc.cast(column, pa.timestamp(column.type.unit, timezone)))
    return pc.cast(column, pa.timestamp("us"), safe=False)


def check_timezone(timezone: str) -> str:
    """The zone's name; raises ``ZoneInfoNotFoundError`` when there is none."""
    return ZoneInfo(timezone).key


def _time_text(value: dt.datetime) -> str:
    return value.isoformat(sep=" ", timespec="microseconds" if value.microsecond % 1000 else "milliseconds")


def text_cell(kind: Any) -> Callable[[Any], Any] | None:
    """How a column of this Arrow type is written in CSV; None when its Python values do as they are."""
    if pa.types.is_timestamp(kind):
        return _time_text
    if pa.types.is_boolean(kind):
        return lambda value: "true" if value else "false"
    if pa.types.is_floating(kind):
        return lambda value: repr(value) if math.isfinite(value) else ""
    if pa.types.is_nested(kind):
        return json_text
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return plain
    return None


def safe_text(value: str) -> str:
    """The text with ``'`` before it when a spreadsheet would take it for a formula."""
    return "'" + value if value.startswith(FORMULA_STARTS) else value


def is_text(kind: Any) -> bool:
    """Whether an Arrow type holds text."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))
