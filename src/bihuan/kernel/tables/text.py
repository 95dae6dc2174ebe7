"""CSV and JSON lines."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable
from typing import Any, BinaryIO

from bihuan.kernel.tables.cells import is_text, json_text, local_columns, safe_text, text_cell
from bihuan.kernel.tables.options import TableOptions


def _column_texts(column: Any, *, formula_safe: bool) -> list[Any]:
    values: list[Any] = column.to_pylist()
    write = text_cell(column.type)
    if write is not None:
        values = [None if value is None else write(value) for value in values]
    if formula_safe and (is_text(column.type) or write is json_text):
        values = [None if value is None else safe_text(value) for value in values]
    return values


def write_csv(batches: Iterable[Any], schema: Any, stream: BinaryIO, options: TableOptions) -> int:
    """CSV in UTF-8, RFC 4180 quoting, lines ended by CR LF; the number of rows.

    Times are ``2026-01-31 08:00:00.000``, lists and objects JSON, booleans ``true`` and ``false``; an empty
    cell stands for null as well as for an empty text.
    """
    if options.byte_order_mark:
        stream.write(codecs.BOM_UTF8)
    text = io.TextIOWrapper(stream, encoding="utf-8", errors="backslashreplace", newline="")
    writer = csv.writer(text)
    names = [safe_text(name) if options.formula_safe else name for name in schema.names]
    writer.writerow(names)
    rows = 0
    for batch in batches:
        columns = local_columns(batch, options.timezone)
        cells = [_column_texts(column, formula_safe=options.formula_safe) for column in columns]
        writer.writerows(zip(*cells, strict=True))
        rows += batch.num_rows
    text.flush()
    text.detach()
    return rows


def write_json_lines(batches: Iterable[Any], schema: Any, stream: BinaryIO, options: TableOptions) -> int:
    """One JSON object a line; the number of rows. Nulls are kept; times are ISO 8601 with their offset."""
    names = schema.names
    rows = 0
    for batch in batches:
        columns = [column.to_pylist() for column in batch.columns]
        lines = [json_text(dict(zip(names, row, strict=True))) for row in zip(*columns, strict=True)]
        if lines:
            stream.write(("\n".join(lines) + "\n").encode("utf-8", "surrogatepass"))
        rows += batch.num_rows
    return rows
