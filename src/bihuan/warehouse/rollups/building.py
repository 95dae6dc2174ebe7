"""Bring the cells that no longer say what the log says up to date."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.rollups.cells import consistent
from bihuan.warehouse.rollups.content import ANY_EVENT, ROW_HASH, content_sql, local_day, stored_sql
from bihuan.warehouse.rollups.numbers import give_numbers
from bihuan.warehouse.sql import literal

# Rows of the log that one statement reads: bounds its memory (about 100 bytes for each different person).
ROWS_PER_BATCH = 5_000_000
CELLS_PER_STATEMENT = 2_000
_SETTINGS = {"insert_deduplicate": 0, "max_query_size": 64 << 20}


@dataclass(frozen=True)
class Refreshed:
    """``cells`` were built anew; ``left`` were too many rows for this run."""

    cells: int
    left: int


@dataclass(frozen=True)
class _Cell:
    event: str
    day: date
    rows: int


def refresh(
    store: ProjectStore,
    time_zone: str,
    keys: Mapping[str, str],
    *,
    most_rows: int = 50_000_000,
) -> Refreshed:
    """Build the stale cells of every event and day, the latest days first. One caller at a time.

    Args:
        keys: property to the SQL String over a row ``e`` of its breakdown key; '' is always built.
        most_rows: about how many rows of the log one run reads for each property.
    """
    if not consistent(store):
        for table in ("day_people", "person_numbers"):
            layout = store.layout
            store.engine.command(f"TRUNCATE TABLE {layout.local_name(table)}{layout.on_cluster}")
    built = left = 0
    versions = itertools.count(_next_version(store))
    for property, key in {"": "''", **keys}.items():
        stale = _stale(store, time_zone, property)
        todo = _within(stale, most_rows)
        for batch in _batches(todo):
            _build(store, time_zone, property, key, batch, next(versions))
        days = sorted({cell.day for cell in todo})
        _build_any_event(store, time_zone, property, days, next(versions))
        built += len(todo)
        left += len(stale) - len(todo)
    return Refreshed(built, left)


def _stale(store: ProjectStore, time_zone: str, property: str) -> list[_Cell]:
    there = stored_sql(store, time_zone, property, f"event != {literal(ANY_EVENT)}")
    rows = store.engine.rows(
        f"SELECT event, day, row_count FROM (\n{content_sql(store, time_zone)}\n) AS now\n"
        f"FULL JOIN (\n{there}\n) AS there USING (event, day)\n"
        "WHERE row_count != cell_rows OR row_sum != cell_sum ORDER BY day DESC, event"
    )
    return [_Cell(*row) for row in rows]


def _within(stale: Sequence[_Cell], most_rows: int) -> list[_Cell]:
    taken: list[_Cell] = []
    rows = 0
    for cell in stale:
        rows += cell.rows
        if taken and rows > most_rows:
            break
        taken.append(cell)
    return taken


def _batches(cells: Sequence[_Cell]) -> Iterator[list[_Cell]]:
    batch: list[_Cell] = []
    for cell in cells:
        full = sum(each.rows for each in batch) + cell.rows > ROWS_PER_BATCH
        if batch and (full or len(batch) == CELLS_PER_STATEMENT):
            yield batch
            batch = []
        batch.append(cell)
    if batch:
        yield batch


def _next_version(store: ProjectStore) -> int:
    # The clock may have been put back.
    newest = store.engine.scalar(f"SELECT max(version) FROM {store.table('day_people')}")
    return max(time.time_ns() // 1000, int(newest) + 1)


def _build(
    store: ProjectStore, time_zone: str, property: str, key: str, cells: Sequence[_Cell], version: int
) -> None:
    gone = [cell for cell in cells if cell.rows == 0]
    if gone:
        store.engine.command(
            f"INSERT INTO {store.table('day_people')} (zone, property, event, day, version) VALUES "
            + ", ".join(
                f"({literal(time_zone)}, {literal(property)}, {literal(cell.event)}, {literal(cell.day)}, "
                f"{version})"
                for cell in gone
            ),
            settings=_SETTINGS,
        )
    there = [cell for cell in cells if cell.rows]
    if not there:
        return
    where = _rows_of(there, time_zone)
    if not property:  # these cells are built first, of the same rows
        give_numbers(store, where)
    numbers = (
        f"SELECT person_id AS person, any(number) AS given FROM {store.table('person_numbers')} "
        f"WHERE person IN (SELECT person_id FROM {store.table('events')} WHERE {where}) GROUP BY person"
    )
    rows = (
        f"SELECT event, {local_day(time_zone)} AS day, {key} AS key, {ROW_HASH} AS row_hash, given\n"
        f"FROM {store.table('events')} AS e\n"
        f"LEFT ANY JOIN ({numbers}) AS numbers ON numbers.person = e.person_id\nWHERE {where}"
    )
    # Someone whose first row came a moment ago has no number yet: that day waits for the next run.
    keyed = (
        "SELECT event, day, key, groupBitmapState(given) AS bitmap, count() AS row_count, "
        f"sum(row_hash) AS row_sum, countIf(given = 0) AS unknown\nFROM (\n{rows}\n) GROUP BY event, day, key"
    )
    store.engine.command(
        f"INSERT INTO {store.table('day_people')} "
        "(zone, property, event, day, keys, people, rows, checksum, numbers, version)\n"
        f"SELECT {literal(time_zone)}, {literal(property)}, event, day, groupArray(key), groupArray(bitmap), "
        f"sum(row_count), sum(row_sum), {_numbers(store)}, {version}\n"
        f"FROM (\n{keyed}\n) GROUP BY event, day HAVING sum(unknown) = 0",
        settings=_SETTINGS,
    )


def _numbers(store: ProjectStore) -> str:
    return f"(SELECT count() FROM {store.table('person_numbers')})"


def _rows_of(cells: Sequence[_Cell], time_zone: str) -> str:
    """Condition on ``events``: the rows of these cells; the days as UTC too, which the sort key prunes by."""
    first, last = min(cell.day for cell in cells), max(cell.day for cell in cells)
    pairs = ", ".join(f"({literal(cell.event)}, {literal(cell.day)})" for cell in cells)
    names = ", ".join(sorted({literal(cell.event) for cell in cells}))
    return (
        f"event IN ({names}) AND toDate(time) BETWEEN {literal(first - timedelta(days=1))} "
        f"AND {literal(last + timedelta(days=1))} AND (event, {local_day(time_zone)}) IN ({pairs})"
    )


def _build_any_event(
    store: ProjectStore, time_zone: str, property: str, days: Sequence[date], version: int
) -> None:
    """The cells of any event, from those of each."""
    if not days:
        return
    table = store.table("day_people")
    cells = (
        f"SELECT day, keys, people, rows, checksum FROM {table} FINAL\n"
        f"WHERE zone = {literal(time_zone)} AND property = {literal(property)} "
        f"AND event != {literal(ANY_EVENT)} AND day IN ({', '.join(map(literal, days))})"
    )
    merged = (
        "SELECT day, key, groupBitmapMergeState(bitmap) AS united FROM (\n"
        f"{cells}\n) ARRAY JOIN keys AS key, people AS bitmap GROUP BY day, key"
    )
    store.engine.command(
        f"INSERT INTO {table} (zone, property, event, day, keys, people, rows, checksum, numbers, version)\n"
        f"SELECT {literal(time_zone)}, {literal(property)}, {literal(ANY_EVENT)}, sums.day, united_keys, "
        f"united_people, row_count, row_sum, {_numbers(store)}, {version}\n"
        "FROM (SELECT day, sum(rows) AS row_count, sum(checksum) AS row_sum FROM (\n"
        f"{cells}\n) GROUP BY day) AS sums\n"
        "LEFT ANY JOIN (SELECT day, groupArray(key) AS united_keys, groupArray(united) AS united_people "
        f"FROM (\n{merged}\n) GROUP BY day) AS united ON united.day = sums.day",
        settings=_SETTINGS,
    )
