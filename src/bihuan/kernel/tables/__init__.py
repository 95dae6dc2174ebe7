"""Writing tables of any size as CSV, XLSX, Parquet, Arrow or JSON lines."""

from __future__ import annotations

from bihuan.kernel.tables.errors import TableFormatUnknown
from bihuan.kernel.tables.options import MEDIA_TYPES, SUFFIXES, TableFormat, TableOptions
from bihuan.kernel.tables.results import rows_of, table_of
from bihuan.kernel.tables.writing import format_of, write_table

__all__ = [
    "MEDIA_TYPES",
    "SUFFIXES",
    "TableFormat",
    "TableFormatUnknown",
    "TableOptions",
    "format_of",
    "rows_of",
    "table_of",
    "write_table",
]
