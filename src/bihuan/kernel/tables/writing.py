"""The one entry to the writers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, BinaryIO

from bihuan.kernel.tables.cells import check_timezone
from bihuan.kernel.tables.columnar import write_arrow, write_parquet
from bihuan.kernel.tables.errors import TableFormatUnknown
from bihuan.kernel.tables.options import SUFFIXES, TableFormat, TableOptions
from bihuan.kernel.tables.spreadsheet import write_xlsx
from bihuan.kernel.tables.text import write_csv, write_json_lines

_WRITERS: dict[str, Callable[[Iterable[Any], Any, BinaryIO, TableOptions], int]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "parquet": write_parquet,
    "arrow": write_arrow,
    "jsonl": write_json_lines,
}


def format_of(path: Path) -> TableFormat:
    """The format that a file name's suffix asks for. Raises ``TableFormatUnknown``."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise TableFormatUnknown(path="format", format=suffix or path.name)
    return SUFFIXES[suffix]


def write_table(
    batches: Iterable[Any],
    schema: Any,
    target: Path | BinaryIO,
    format: TableFormat,
    options: TableOptions | None = None,
) -> int:
    """Write record batches to a file or binary stream; returns the number of rows.

    Args:
        batches: ``pyarrow.RecordBatch`` of ``schema``, taken one at a time: memory does not grow with them.
        schema: their ``pyarrow.Schema``; a table without rows is written with its columns.
        target: a path, which is replaced only when everything is written, or a stream, which stays open.

    Raises ``TableFormatUnknown``.
    """
    if format not in _WRITERS:
        raise TableFormatUnknown(path="format", format=format)
    options = options or TableOptions()
    check_timezone(options.timezone)
    write = _WRITERS[format]
    if not isinstance(target, Path):
        return write(batches, schema, target, options)
    partial = target.with_name(target.name + ".partial")
    try:
        with partial.open("wb") as stream:
            rows = write(batches, schema, stream, options)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return rows
