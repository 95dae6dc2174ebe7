"""What an exported table may look like."""

from __future__ import annotations

from typing import Literal

import msgspec

TableFormat = Literal["csv", "xlsx", "parquet", "arrow", "jsonl"]

MEDIA_TYPES: dict[TableFormat, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "arrow": "application/vnd.apache.arrow.file",
    "jsonl": "application/x-ndjson",
}
SUFFIXES: dict[str, TableFormat] = {
    ".csv": "csv",
    ".xlsx": "xlsx",
    ".parquet": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}


class TableOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of the writers.

    ``byte_order_mark`` begins a CSV with the mark by which Excel knows UTF-8. ``formula_safe`` puts ``'``
    before texts that a spreadsheet would run as a formula (they begin with ``= + - @``, tab or carriage
    return); numbers are not touched. ``timezone`` is the zone in which CSV and XLSX show times that carry
    one. ``sheet_name`` is the name of the first XLSX sheet.
    """

    byte_order_mark: bool = False
    formula_safe: bool = False
    timezone: str = "UTC"
    sheet_name: str = "Sheet1"
