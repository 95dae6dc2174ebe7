"""Everybody's events in order of time, kept in files beside the log: built by a job, checked at every use."""

from bihuan.warehouse.sequences.building import Built, drop, refresh
from bihuan.warehouse.sequences.kept import (
    MANIFEST,
    QUARTER_MS,
    Amounts,
    Cells,
    Kept,
    Month,
    Numbers,
    Part,
    kept,
    month_after,
    month_start_ms,
)
from bihuan.warehouse.sequences.stale import LONG_STATEMENT, Cell, in_cells, stale_cells
from bihuan.warehouse.sequences.writing import MOST_KEYS, QUARTERS_A_MONTH, Codes

__all__ = [
    "LONG_STATEMENT",
    "MANIFEST",
    "MOST_KEYS",
    "QUARTERS_A_MONTH",
    "QUARTER_MS",
    "Amounts",
    "Built",
    "Cell",
    "Cells",
    "Codes",
    "Kept",
    "Month",
    "Numbers",
    "Part",
    "drop",
    "in_cells",
    "kept",
    "month_after",
    "month_start_ms",
    "refresh",
    "stale_cells",
]
