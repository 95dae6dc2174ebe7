"""Reading Parquet and Arrow (IPC file, IPC stream, Feather 2) batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bihuan.collect.files.chunks import Chunk
from bihuan.collect.files.dialects import column_names

ARROW_MAGIC = b"ARROW1"
PARQUET_MAGIC = b"PAR1"


def _values(column: Any) -> list[Any]:
    """A column as Python values; nanoseconds are cut to microseconds, categories become their labels."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()
        kind = column.type
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        column = pc.cast(column, pa.timestamp("us", kind.tz), safe=False)
    elif pa.types.is_decimal(kind):
        column = pc.cast(column, pa.float64())
    values: list[Any] = column.to_pylist()
    return values


def _chunks(names: tuple[str, ...], batches: Iterator[Any], chunk_rows: int) -> Iterator[Chunk]:
    line = 1
    for batch in batches:
        for start in range(0, batch.num_rows, chunk_rows):
            piece = batch.slice(start, chunk_rows)
            rows = list(zip(*map(_values, piece.columns), strict=True))
            yield Chunk(names, rows, range(line, line + len(rows)), [], text=False)
            line += len(rows)


def read_parquet(stream: BinaryIO, *, chunk_rows: int = 10_000) -> Iterator[Chunk]:
    """The rows of a Parquet file; memory holds one row group's pages at most. Lines are row numbers."""
    file = pq.ParquetFile(stream)
    names = column_names(file.schema_arrow.names)
    yield from _chunks(names, file.iter_batches(batch_size=chunk_rows, use_threads=False), chunk_rows)


def read_arrow(stream: BinaryIO, *, chunk_rows: int = 10_000) -> Iterator[Chunk]:
    """The rows of an Arrow IPC file or stream. Lines are row numbers."""
    is_file = stream.read(len(ARROW_MAGIC)) == ARROW_MAGIC
    stream.seek(0)
    if is_file:
        reader = pa.ipc.open_file(stream)
        batches = (reader.get_batch(index) for index in range(reader.num_record_batches))
        yield from _chunks(column_names(reader.schema.names), batches, chunk_rows)
    else:
        flow = pa.ipc.open_stream(stream)
        yield from _chunks(column_names(flow.schema.names), iter(flow), chunk_rows)
