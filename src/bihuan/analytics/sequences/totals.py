"""How many events there are of each name and quarter of an hour, and the sums of their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from bihuan.analytics.query.properties import PropertyRef
from bihuan.analytics.sequences.view import differing
from bihuan.analytics.sql.properties import PropertyAccess
from bihuan.kernel.arrays import Array
from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.sequences import (
    LONG_STATEMENT,
    QUARTER_MS,
    Cell,
    Kept,
    Month,
    in_cells,
    month_start_ms,
)


@dataclass(frozen=True)
class Totals:
    """Cells: an event name and a quarter of an hour each.

    Args:
        names: event names by code.
        events: of each cell, the code of its name.
        times: of each cell, Unix milliseconds of its start.
        rows: of each cell, how many events.
        sums, counts: by property, of each cell the sum of its numbers and how many events have one.
    """

    names: tuple[str, ...]
    events: Array
    times: Array
    rows: Array
    sums: dict[str, Array]
    counts: dict[str, Array]

    def cells_of(self, names: Sequence[str], start_ms: int, end_ms: int) -> Array:
        """The places of the cells of some names (none: of all) that begin in ``[start, end)``."""
        by_name = self._by_name
        found = [by_name[code] for code, name in enumerate(self.names) if not names or name in names]
        places = np.concatenate([np.empty(0, np.int64), *found])
        times = self.times[places]
        return np.asarray(places[(times >= start_ms) & (times < end_ms)])

    @cached_property
    def _by_name(self) -> list[Array]:
        order = np.argsort(self.events, kind="stable")
        bounds = np.searchsorted(self.events[order], np.arange(len(self.names) + 1))
        return [order[low:high] for low, high in pairwise(bounds)]


def number_sql(property: str) -> str:
    """SQL Nullable(Float64) over a row ``e``: the number of a property of events, as it is summed."""
    return PropertyAccess("e", "UTC").number(PropertyRef(name=property))


def totals_of(store: ProjectStore, kept: Kept, months: Sequence[date]) -> Totals | None:
    """The cells of neighbouring months as the log has them now; None where the log serves better."""
    stale = differing(store, kept, months)
    if stale is None:
        return None
    code_of = {name: code for code, name in enumerate(kept.events)}
    for cell in stale:
        code_of.setdefault(cell.event, len(code_of))
    parts = [_of_month(kept, month, stale, code_of) for month in kept.those(months)]
    parts.append(_of_log(store, kept, [cell for cell in stale if cell.now], code_of))
    events, times, rows, *figures = [np.concatenate(arrays) for arrays in zip(*parts, strict=True)]
    sums = dict(zip(kept.numbers, figures[::2], strict=True))
    counts = dict(zip(kept.numbers, figures[1::2], strict=True))
    return Totals(tuple(code_of), events, times, rows, sums, counts)


def _of_month(kept: Kept, month: Month, stale: Sequence[Cell], code_of: dict[str, int]) -> list[Array]:
    """Codes, times, rows, then sum and count of each property: the cells that are still as they were."""
    cells, begin = month.cells, month_start_ms(month.first_day)
    events, times = cells.events.astype(np.int64), begin + cells.quarters.astype(np.int64) * QUARTER_MS
    differing = {(code_of[cell.event], cell.start_ms) for cell in stale}
    still = np.ones(len(events), np.bool_)
    if differing:
        quarters = np.isin(times, [start_ms for _, start_ms in differing])
        for at in np.flatnonzero(quarters):
            still[at] = (int(events[at]), int(times[at])) not in differing
    numbers = [cells.numbers[property] for property in kept.numbers]
    figures = [column for each in numbers for column in (each.sums, each.counts)]
    return [column[still] for column in (events, times, cells.rows, *figures)]


def _of_log(store: ProjectStore, kept: Kept, stale: Sequence[Cell], code_of: dict[str, int]) -> list[Array]:
    """The same of the cells that are not."""
    rows: list[tuple[Any, ...]] = []
    if stale:
        figures = "".join(
            f", ifNull(sum({number}), 0), count({number})" for number in map(number_sql, kept.numbers)
        )
        quarter = "toUnixTimestamp(toStartOfFifteenMinutes(e.time))"
        rows = store.engine.rows(
            f"SELECT e.event, {quarter} * 1000, count(){figures}\nFROM {store.table('events')} AS e\n"
            f"WHERE {in_cells(stale)} GROUP BY e.event, {quarter}",
            settings=LONG_STATEMENT,
        )
    kinds = [np.int64, np.int64, np.int64, *[np.float64, np.int64] * len(kept.numbers)]
    coded = [(code_of[row[0]], *row[1:]) for row in rows]
    columns = list(zip(*coded, strict=True)) or [()] * len(kinds)
    return [np.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
