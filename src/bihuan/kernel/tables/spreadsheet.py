"""XLSX, row by row in constant memory."""

from __future__ import annotations

import datetime as dt
import math
import tempfile
from collections.abc import Iterable
from typing import Any, BinaryIO

import pyarrow as pa
import xlsxwriter

from bihuan.kernel.tables.cells import json_text, local_columns, plain, safe_text
from bihuan.kernel.tables.options import TableOptions

SHEET_ROWS_LIMIT = 1_048_576
_TEXT_LIMIT_CHARACTERS = 32_767
_EXACT_LIMIT = 10**15  # Excel keeps 15 digits
_FIRST_EXCEL_YEAR = 1900
_SHEET_NAME_LIMIT = 31
_NOT_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", "_"))


class _Sheets:
    """Writes rows to the sheet in hand and begins the next one when it is full."""

    def __init__(self, workbook: Any, schema: Any, options: TableOptions, sheet_rows: int) -> None:
        self._workbook = workbook
        self._names = schema.names
        self._options = options
        self._sheet_rows = sheet_rows
        self._count = 0
        self._header = workbook.add_format({"bold": True})
        self._formats = {
            dt.datetime: workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss.000"}),
            dt.date: workbook.add_format({"num_format": "yyyy-mm-dd"}),
            dt.time: workbook.add_format({"num_format": "hh:mm:ss"}),
        }
        self._widths = [_width(field) for field in schema]
        self._next_sheet()

    def _next_sheet(self) -> None:
        self._count += 1
        base = self._options.sheet_name.translate(_NOT_IN_SHEET_NAMES) or "Sheet1"
        suffix = "" if self._count == 1 else f" {self._count}"
        self._sheet = self._workbook.add_worksheet(base[: _SHEET_NAME_LIMIT - len(suffix)] + suffix)
        self._sheet.freeze_panes(1, 0)
        for position, width in enumerate(self._widths):
            self._sheet.set_column(position, position, width)
        for position, name in enumerate(self._names):
            self._sheet.write_string(0, position, name, self._header)
        self._row = 1

    def write(self, row: tuple[Any, ...]) -> None:
        if self._row >= self._sheet_rows:
            self._next_sheet()
        for position, value in enumerate(row):
            if value is not None:
                self._cell(position, value)
        self._row += 1

    def _cell(self, position: int, value: Any) -> None:
        sheet, row = self._sheet, self._row
        if isinstance(value, bool):
            sheet.write_boolean(row, position, value)
        elif isinstance(value, int | float) and abs(value) <= _EXACT_LIMIT:
            sheet.write_number(row, position, value)
        elif isinstance(value, float):
            if math.isfinite(value):
                sheet.write_number(row, position, value)
        elif isinstance(value, dt.datetime | dt.date) and value.year >= _FIRST_EXCEL_YEAR:
            sheet.write_datetime(row, position, value, self._formats[type(value)])
        elif isinstance(value, dt.time):
            sheet.write_datetime(row, position, value, self._formats[dt.time])
        else:
            text = value if isinstance(value, str) else _text(value)
            if self._options.formula_safe:
                text = safe_text(text)
            sheet.write_string(row, position, text[:_TEXT_LIMIT_CHARACTERS])


def _text(value: Any) -> str:
    return json_text(value) if isinstance(value, dict | list) else str(plain(value))


def _width(field: Any) -> float:
    least = 23 if pa.types.is_timestamp(field.type) else 10
    return float(min(max(least, len(field.name) + 2), 40))


def write_xlsx(
    batches: Iterable[Any],
    schema: Any,
    stream: BinaryIO,
    options: TableOptions,
    *,
    sheet_rows: int = SHEET_ROWS_LIMIT,
) -> int:
    """An XLSX workbook; the number of rows.

    Times are real dates of ``options.timezone``, texts are never formulas; whole numbers beyond 15 digits
    become text so that no digit is lost, texts are cut at Excel's 32,767 characters. After ``sheet_rows``
    rows (header included) the table goes on in the next sheet, which repeats the header.
    """
    rows = 0
    with tempfile.TemporaryDirectory() as directory:
        settings = {"constant_memory": True, "tmpdir": directory}
        workbook = xlsxwriter.Workbook(stream, settings)
        sheets = _Sheets(workbook, schema, options, sheet_rows)
        for batch in batches:
            columns = [column.to_pylist() for column in local_columns(batch, options.timezone)]
            for row in zip(*columns, strict=True):
                sheets.write(row)
            rows += batch.num_rows
        workbook.close()
    return rows
