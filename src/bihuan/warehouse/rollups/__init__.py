"""The people of each day as bitmaps, kept beside the log: built in the background, checked at every use."""

from bihuan.warehouse.rollups.building import Refreshed, refresh
from bihuan.warehouse.rollups.cells import MOST_PENDING, Cells, cells_sql, compare, consistent, whole_quarters
from bihuan.warehouse.rollups.numbers import affected_persons_sql, give_numbers, numbered_sql

__all__ = [
    "MOST_PENDING",
    "Cells",
    "Refreshed",
    "affected_persons_sql",
    "cells_sql",
    "compare",
    "consistent",
    "give_numbers",
    "numbered_sql",
    "refresh",
    "whole_quarters",
]
