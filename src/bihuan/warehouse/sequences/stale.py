"""Where the log no longer says what the sequences were made of: by event and quarter of an hour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.rollups.content import ROW_HASH, content_sql
from bihuan.warehouse.sequences.kept import QUARTER_MS, Cells, month_after, month_start_ms
from bihuan.warehouse.sql import literal, time_ms, tuple_of

K = TypeVar("K")
QUARTER = "toStartOfFifteenMinutes(time)"
# More days and events than these in a statement are too much text.
MOST_DAYS = 5_000
# Cells and days are text in a statement: 5,000 of them with the longest names have to fit.
LONG_STATEMENT = {"max_query_size": 64 << 20}
_NO_ROWS = (0, 0)


@dataclass(frozen=True)
class Cell:
    """An event in a quarter of an hour: rows the log has now, and rows the sequences were made of."""

    event: str
    start_ms: int
    now: int
    then: int


def in_cells(cells: Sequence[Cell]) -> str:
    """SQL condition on a row ``e`` of the log: whether it is in one of these cells (at least one).

    It begins with what the table is ordered by, so that only their events and days are read.
    """
    names = tuple_of(sorted({cell.event for cell in cells}))
    first, last = min(cell.start_ms for cell in cells), max(cell.start_ms for cell in cells)
    pairs = ", ".join(f"({literal(cell.event)}, {cell.start_ms // 1000})" for cell in cells)
    return (
        f"e.event IN {names} AND e.time >= {time_ms(first)} AND e.time < {time_ms(last + QUARTER_MS)} "
        f"AND (e.event, toUnixTimestamp(toStartOfFifteenMinutes(e.time))) IN ({pairs})"
    )


def stale_cells(
    store: ProjectStore, events: Sequence[str], months: Mapping[date, Cells | None]
) -> list[Cell] | None:
    """The cells of neighbouring months that differ; None if there are too many to say.

    Args:
        events: names by code.
        months: what was kept of each, by its first day.
    """
    days = _stale_days(store, events, months)
    if len(days) > MOST_DAYS:
        return None
    return list(_within_days(store, events, months, days)) if days else []


def _stale_days(
    store: ProjectStore, events: Sequence[str], months: Mapping[date, Cells | None]
) -> list[tuple[str, date]]:
    then: dict[tuple[str, date], tuple[int, int]] = {}
    for month, cells in months.items():
        for (code, day), content in (cells.by_day if cells is not None else {}).items():
            then[events[code], month + timedelta(days=day)] = content
    begin, end = month_start_ms(min(months)), month_start_ms(month_after(max(months)))
    within = f"{QUARTER} >= {time_ms(begin)} AND {QUARTER} < {time_ms(end)}"
    now = {
        (event, day): (rows, total)
        for event, day, rows, total in store.engine.rows(content_sql(store, "UTC", within))
    }
    return _differing(then, now)


def _within_days(
    store: ProjectStore,
    events: Sequence[str],
    months: Mapping[date, Cells | None],
    days: Sequence[tuple[str, date]],
) -> Iterator[Cell]:
    code_of = {name: code for code, name in enumerate(events)}
    then: dict[tuple[str, int], tuple[int, int]] = {}
    for month, cells in months.items():
        chosen = {
            (code_of[event], (day - month).days)
            for event, day in days
            if event in code_of and month <= day < month_after(month)
        }
        if cells is not None and chosen:
            for (code, quarter), content in cells.of_days(chosen).items():
                then[events[code], month_start_ms(month) + quarter * QUARTER_MS] = content
    pairs = ", ".join(f"({literal(event)}, {literal(day)})" for event, day in days)
    rows = store.engine.rows(
        f"SELECT event, toUnixTimestamp({QUARTER}) * 1000, count(), sum({ROW_HASH})\n"
        f"FROM {store.table('events')} WHERE event IN {tuple_of(sorted({event for event, _ in days}))} "
        f"AND (event, toDate({QUARTER}, 'UTC')) IN ({pairs}) GROUP BY event, {QUARTER}",
        settings=LONG_STATEMENT,
    )
    now = {(event, quarter_ms): (count, total) for event, quarter_ms, count, total in rows}
    for key in _differing(then, now):
        yield Cell(*key, now=now.get(key, _NO_ROWS)[0], then=then.get(key, _NO_ROWS)[0])


def _differing(then: Mapping[K, tuple[int, int]], now: Mapping[K, tuple[int, int]]) -> list[K]:
    keys = [key for key, content in now.items() if then.get(key) != content]
    return keys + [key for key in then if key not in now]
