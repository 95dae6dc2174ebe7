"""Rows as Arrow columns: the cheapest form to hand to the engine, embedded or on a server."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import attrgetter
from typing import Any

import pyarrow as pa

from bihuan.warehouse.errors import QueryFailed
from bihuan.warehouse.schema.tables import TABLES
from bihuan.warehouse.writing.rows import EventRow

_TIME = pa.timestamp("ms", "UTC")
_EVENT_COLUMNS: tuple[tuple[str, str, pa.DataType], ...] = (
    ("event_id", "event_id", pa.binary(16)),
    ("event", "event", pa.string()),
    ("time", "time_ms", _TIME),
    ("received_at", "received_ms", _TIME),
    ("person_id", "person_id", pa.uint64()),
    ("distinct_key", "distinct_key", pa.uint64()),
    ("distinct_id", "distinct_id", pa.string()),
    ("session_id", "session_id", pa.string()),
    ("source", "source", pa.string()),
    ("properties_json", "properties", pa.binary()),
)
_EVENT_SCHEMA = pa.schema([*((name, kind) for name, _, kind in _EVENT_COLUMNS), ("writer", pa.uint32())])
_READERS = [(attrgetter(attribute), kind) for _, attribute, kind in _EVENT_COLUMNS]
# Columns computed from others (DEFAULT) are not inserted.
_COLUMNS_OF = {
    table.name: [(name, kind) for name, kind in table.columns if " DEFAULT " not in kind] for table in TABLES
}


def events_table(rows: Sequence[EventRow], *, writer: int = 0) -> pa.Table:
    """``events`` rows as an Arrow table; ``writer`` is the 32-bit number of who inserts them."""
    with _refusing():
        arrays = [pa.array([read(row) for row in rows], kind) for read, kind in _READERS]
        arrays.append(pa.repeat(pa.scalar(writer, pa.uint32()), len(rows)))
        return pa.Table.from_arrays(arrays, schema=_EVENT_SCHEMA)


def other_table(name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows of any other table of the schema; raises ``QueryFailed`` for rows that are not of its columns."""
    with _refusing():
        return pa.table(
            {
                column: pa.array([_plain(row[column]) for row in rows], _arrow_type(kind))
                for column, kind in _COLUMNS_OF[name]
            }
        )


@contextmanager
def _refusing() -> Iterator[None]:
    """Rows that are no rows of the table are refused like rows that the engine refuses: alone."""
    try:
        yield
    except (LookupError, TypeError, ValueError, ArithmeticError, pa.ArrowException) as failure:
        raise QueryFailed(reason=f"{type(failure).__name__}: {failure}") from failure


def _plain(value: Any) -> Any:
    return value.bytes if isinstance(value, uuid.UUID) else value


def _arrow_type(engine_type: str) -> pa.DataType:
    plain = engine_type.split(" CODEC", 1)[0].split(" EPHEMERAL", 1)[0]
    if plain.startswith("DateTime64"):
        return _TIME
    if plain.startswith("JSON"):
        return pa.binary()
    return _ARROW_TYPES[plain]


_ARROW_TYPES: dict[str, pa.DataType] = {
    "UUID": pa.binary(16),
    "UInt64": pa.uint64(),
    "UInt32": pa.uint32(),
    "Float64": pa.float64(),
    "Bool": pa.bool_(),
    "String": pa.string(),
    "LowCardinality(String)": pa.string(),
    "Array(String)": pa.list_(pa.string()),
}
