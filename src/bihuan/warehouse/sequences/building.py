"""Bring the sequences up to date: write the months that changed enough anew, keep the files of the others."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from bihuan.warehouse.file_system import sync
from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.rollups import give_numbers
from bihuan.warehouse.rollups.content import ROW_HASH
from bihuan.warehouse.sequences.kept import (
    FORMAT,
    MANIFEST,
    NUMBER_TYPE,
    loaded,
    manifest_of,
    month_after,
    month_start_ms,
    part_cells,
    publish,
)
from bihuan.warehouse.sequences.stale import Cell, stale_cells
from bihuan.warehouse.sequences.writing import MOST_ROWS, Codes, PartWriter
from bihuan.warehouse.sql import time_ms

# A month is written anew once more rows than these changed, or this share of all rows: until then, queries
# read the changed ones from the log.
WORTH_ROWS = 10_000
WORTH_SHARE = 0.01
# Rows that one statement reads: bounds the memory, at some 50 bytes each.
ROWS_PER_STATEMENT = 2_000_000
# The cells of a month are counted in arrays of this many times 3,000 places.
MOST_EVENTS = 4_000


@dataclass(frozen=True)
class Built:
    """``rows`` were written anew, of ``months``; ``left`` months were too many rows for this run."""

    months: int
    rows: int
    left: int


@dataclass
class _Generation:
    """What the next manifest will say."""

    number: int
    events: Codes
    keys: dict[str, Codes]
    numbers: list[str]
    parts: dict[date, str] = field(default_factory=dict)


def refresh(
    store: ProjectStore,
    keys: Mapping[str, str],
    numbers: Mapping[str, str] | None = None,
    *,
    most_rows: int = 50_000_000,
) -> Built:
    """Write the months that changed. One caller at a time; queries and writers need not wait.

    Args:
        keys: property to the SQL String over a row ``e`` of its breakdown key.
        numbers: property to the SQL Nullable(Float64) over a row ``e`` that is summed.
        most_rows: about how many rows of the log one run reads; the latest months come first.
    """
    directory = store.sequences
    if directory is None or store.engine.scalar(_EVENT_NAMES.format(store.table("events"))) > MOST_EVENTS:
        return Built(0, 0, 0)
    numbers = numbers or {}
    next_one = _begun(directory, keys, numbers)
    todo = _changed(store, directory, next_one)
    written = rows = 0
    for month, count in todo:
        if written and rows + count > most_rows:
            break
        rows += _write(store, directory, next_one, month, (keys, numbers), rows=count)
        written += 1
    if written:
        _publish(store, directory, next_one)
    _remove_others(directory)
    return Built(written, rows, len(todo) - written)


def drop(store: ProjectStore) -> None:
    """Forget what is kept."""
    if store.sequences is not None:
        shutil.rmtree(store.sequences, ignore_errors=True)


_EVENT_NAMES = "SELECT uniqExact(event) FROM {}"


def _begun(directory: Path, keys: Mapping[str, str], numbers: Mapping[str, str]) -> _Generation:
    manifest = manifest_of(directory)
    number = 1 if manifest is None else int(manifest["generation"]) + 1
    wanted = (list(keys), list(numbers))
    if manifest is None or (list(manifest["keys"]), manifest["numbers"]) != wanted:
        return _Generation(number, Codes(), {property: Codes() for property in keys}, list(numbers))
    return _Generation(
        number,
        Codes(manifest["events"]),
        {property: Codes(known) for property, known in manifest["keys"].items()},
        list(numbers),
        {date.fromisoformat(month): path for month, path in manifest["parts"].items()},
    )


def _changed(store: ProjectStore, directory: Path, generation: _Generation) -> list[tuple[date, int]]:
    """Months to write anew with their rows, the latest first."""
    rows_of: dict[date, int] = {
        month: int(rows)
        for month, rows in store.engine.rows(
            "SELECT toStartOfMonth(toStartOfFifteenMinutes(time), 'UTC') AS month, count() "
            f"FROM {store.table('events')} GROUP BY month"
        )
    }
    total = sum(rows_of.values())
    worth = max(WORTH_ROWS, total * WORTH_SHARE)
    changed = []
    for month in sorted({*rows_of, *generation.parts}, reverse=True):
        path = generation.parts.get(month)
        cells = None if path is None else part_cells(directory / path, generation.numbers)
        rows = rows_of.get(month, 0)
        if cells is None:
            is_worth = worth < rows <= MOST_ROWS
        else:
            stale = stale_cells(store, generation.events.names, {month: cells})
            is_worth = stale is None or _is_worth(stale, worth)
        if is_worth:
            changed.append((month, rows))
    return changed


def _is_worth(stale: Sequence[Cell], worth: float) -> bool:
    # What was erased must not stay in the files.
    return any(cell.now < cell.then for cell in stale) or sum(cell.now for cell in stale) > worth


def _write(
    store: ProjectStore,
    directory: Path,
    generation: _Generation,
    month: date,
    read: tuple[Mapping[str, str], Mapping[str, str]],
    *,
    rows: int,
) -> int:
    generation.parts.pop(month, None)
    if not 0 < rows <= MOST_ROWS:
        return 0
    name = f"{month:%Y%m}-{generation.number}"
    shutil.rmtree(directory / name, ignore_errors=True)
    codes, numbers = list(generation.keys.values()), len(generation.numbers)
    with PartWriter(directory / name, generation.events, codes, numbers) as part:
        for condition in _ranges(-(-rows // ROWS_PER_STATEMENT)):
            part.add(store.engine.arrow(_rows_sql(store, month, condition, *read), settings=_READING))
    generation.parts[month] = name
    return part.rows


_READING = {"output_format_arrow_low_cardinality_as_dictionary": 1}


def _rows_sql(
    store: ProjectStore, month: date, condition: str, keys: Mapping[str, str], numbers: Mapping[str, str]
) -> str:
    begin, end = month_start_ms(month), month_start_ms(month_after(month))
    coded = "".join(f", toLowCardinality({key}) AS key_{number}" for number, key in enumerate(keys.values()))
    summed = "".join(f", {number} AS number_{place}" for place, number in enumerate(numbers.values()))
    return (
        f"SELECT person_id, toUInt32(toUnixTimestamp64Milli(time) - {begin}) AS ms, event, "
        f"{ROW_HASH} AS row_hash{coded}{summed}\nFROM {store.table('events')} AS e\n"
        f"WHERE {condition} AND time >= {time_ms(begin)} AND time < {time_ms(end)} ORDER BY person_id, time"
    )


def _ranges(count: int) -> list[str]:
    """Conditions that cut the ids of people, which are hashes, into equal ranges."""
    bounds = [number * 2**64 // count for number in range(count)] + [None]
    return [
        f"person_id >= {low}" + ("" if high is None else f" AND person_id < {high}")
        for low, high in pairwise(bounds)
    ]


def _publish(store: ProjectStore, directory: Path, generation: _Generation) -> None:
    for month in generation.parts:
        # Only after the rows were read, so that none of them is of an id without a number.
        begin, end = time_ms(month_start_ms(month)), time_ms(month_start_ms(month_after(month)))
        give_numbers(store, f"time >= {begin} AND time < {end}")
    people = f"people-{generation.number}"
    shutil.rmtree(directory / people, ignore_errors=True)
    (directory / people).mkdir()
    persons = {
        month: loaded(directory / path / "persons", np.uint64) for month, path in generation.parts.items()
    }
    everybody = np.unique(np.concatenate([np.empty(0, np.uint64), *persons.values()]))
    everybody.tofile(directory / people / "persons")
    for month, own in persons.items():
        np.searchsorted(everybody, own).astype(NUMBER_TYPE).tofile(directory / people / month.isoformat())
    sync(directory / people)
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "generation": generation.number,
        "numbered": int(store.engine.scalar(f"SELECT count() FROM {store.table('person_numbers')}")),
        "people": people,
        "events": generation.events.names,
        "keys": {property: codes.names for property, codes in generation.keys.items()},
        "numbers": generation.numbers,
        "parts": {month.isoformat(): path for month, path in sorted(generation.parts.items())},
    }
    publish(directory, manifest)


def _remove_others(directory: Path) -> None:
    """Delete the files of older generations; who has them mapped can go on reading."""
    manifest = manifest_of(directory)
    if manifest is None:
        return
    used = {MANIFEST, manifest["people"], *manifest["parts"].values()}
    for path in directory.iterdir():
        if path.name not in used:
            shutil.rmtree(path, ignore_errors=True)
