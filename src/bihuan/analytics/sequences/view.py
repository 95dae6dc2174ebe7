"""The kept sequences of some months together with what the log says differently by now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np

from bihuan.kernel.arrays import Array
from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.sequences import (
    Cell,
    Kept,
    Month,
    Part,
    month_after,
    month_start_ms,
    stale_cells,
)

# They are text in a statement.
MOST_CELLS = 10_000


@dataclass(frozen=True)
class View:
    """Everybody's events in some months.

    Args:
        events: names by code.
        keys: by property, breakdown keys by code.
        numbers: the properties whose numbers are there.
        persons: ids by number.
        months: parts in order of time.
        recent: those people with all their events whose events are not as the months say; may be empty.
        replaced: by number, whether the person is to be passed over in the months.
    """

    events: tuple[str, ...]
    keys: Mapping[str, tuple[str, ...]]
    numbers: tuple[str, ...]
    persons: Array
    months: tuple[Part, ...]
    recent: Part | None
    replaced: Array

    def ids(self, numbers: Array) -> Array:
        """The ids of people by their numbers."""
        return np.asarray(self.persons[numbers])


def differing(store: ProjectStore, kept: Kept, months: Sequence[date]) -> list[Cell] | None:
    """The cells of neighbouring months that the log has otherwise; None if it is better asked itself."""
    of = {month.first_day: month.cells for month in kept.those(months)}
    cells = stale_cells(store, kept.events, {month: of.get(month) for month in months})
    return cells if cells is not None and len(cells) <= MOST_CELLS else None


def unchanged(kept: Kept, months: list[Month]) -> View:
    """The months as they were written."""
    nobody = np.zeros(len(kept.persons), np.bool_)
    parts = tuple(month.part for month in months)
    return View(kept.events, kept.keys, kept.numbers, kept.persons, parts, None, nobody)


def months_between(start_ms: int, end_ms: int) -> tuple[date, ...]:
    """The first days of the UTC months that have instants of ``[start_ms, end_ms)``."""
    month = datetime.fromtimestamp(start_ms // 1000, UTC).date().replace(day=1)
    months = [month]
    while month_start_ms(month_after(month)) < end_ms:
        month = month_after(month)
        months.append(month)
    return tuple(months)
