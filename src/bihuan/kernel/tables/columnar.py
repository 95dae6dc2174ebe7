"""Parquet and Arrow IPC (which is Feather 2 as well)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from bihuan.kernel.tables.options import TableOptions

# Small batches are gathered to row groups of this many rows, which readers can skip by their statistics.
_ROW_GROUP_ROWS = 100_000


def _gathered(batches: Iterable[Any], schema: Any) -> Iterable[Any]:
    pending: list[Any] = []
    rows = 0
    for batch in batches:
        pending.append(batch)
        rows += batch.num_rows
        if rows >= _ROW_GROUP_ROWS:
            yield pa.Table.from_batches(pending, schema)
            pending, rows = [], 0
    if rows:
        yield pa.Table.from_batches(pending, schema)


def write_parquet(batches: Iterable[Any], schema: Any, stream: BinaryIO, options: TableOptions) -> int:
    """Parquet with Zstandard; the number of rows."""
    rows = 0
    with pq.ParquetWriter(stream, schema, compression="zstd") as writer:
        for table in _gathered(batches, schema):
            writer.write_table(table)
            rows += table.num_rows
    return rows


def write_arrow(batches: Iterable[Any], schema: Any, stream: BinaryIO, options: TableOptions) -> int:
    """An Arrow IPC file with LZ4-compressed buffers; the number of rows."""
    rows = 0
    settings = pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.ipc.new_file(stream, schema, options=settings) as writer:
        for batch in batches:
            writer.write_batch(batch)
            rows += batch.num_rows
    return rows
