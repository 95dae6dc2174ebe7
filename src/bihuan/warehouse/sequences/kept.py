"""What is kept of a project's sequences: files of one column each, mapped into memory.

``manifest.json`` names the parts of one generation; it is replaced last, so that a reader sees all of a
generation or none. A part has the events of one UTC month. Files are never changed, only deleted.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from bihuan.kernel.arrays import Array, fixed
from bihuan.warehouse.file_system import sync

MANIFEST = "manifest.json"
FORMAT = 3
QUARTER_MS = 900_000
# A process may have some hundred files open: only the long columns of long months are worth one.
MAPPED_BYTES = 4 << 20
QUARTERS_A_DAY = 96
COLUMNS: Mapping[str, Any] = {
    "persons": np.uint64,
    "ends": np.int64,
    "times": np.uint32,
    "events": np.uint16,
    "cell_events": np.uint16,
    "cell_quarters": np.uint16,
    "cell_rows": np.int64,
    "cell_sums": np.uint64,
}
KEY_TYPE = np.uint16
NUMBER_TYPE = np.uint32
PLACE_TYPE = np.uint32


@dataclass(frozen=True)
class Amounts:
    """The numbers of a property: ``places`` of the events that have one, ascending, and their ``values``."""

    places: Array
    values: Array


@dataclass(frozen=True)
class Part:
    """Events of people, in order of person and time.

    Args:
        start_ms: Unix milliseconds that ``times`` count from.
        numbers: of each person, ascending: the place among all persons.
        ends: of each person, where the events end; they begin where those of the one before end.
        times: of each event, milliseconds.
        events: of each event, the code of its name.
        keys: by property, of each event the code of its breakdown key.
        amounts: by property, the numbers of the events that have one.
    """

    start_ms: int
    numbers: Array
    ends: Array
    times: Array
    events: Array
    keys: Mapping[str, Array]
    amounts: Mapping[str, Amounts]


@dataclass(frozen=True)
class Numbers:
    """Of each cell, the sum of a property's numbers and how many rows have one."""

    sums: Array
    counts: Array


@dataclass(frozen=True)
class Cells:
    """What a part was made of: rows of each event and quarter of an hour of the month, and their checksum."""

    events: Array
    quarters: Array
    rows: Array
    sums: Array
    numbers: Mapping[str, Numbers]

    @cached_property
    def by_day(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Rows and checksum by event and day of the month from 0."""
        places = self.events.astype(np.int64) * 32 + self.quarters // QUARTERS_A_DAY
        found, place = np.unique(places, return_inverse=True)
        rows, sums = np.zeros(len(found), np.int64), np.zeros(len(found), np.uint64)
        np.add.at(rows, place, self.rows)
        np.add.at(sums, place, self.sums)
        return {
            (int(key) // 32, int(key) % 32): (int(row), int(total))
            for key, row, total in zip(found, rows, sums, strict=True)
        }

    def of_days(self, days: set[tuple[int, int]]) -> dict[tuple[int, int], tuple[int, int]]:
        """Rows and checksum by event and quarter, for some events and days."""
        wanted = [event * 32 + day for event, day in days]
        places = self.events.astype(np.int64) * 32 + self.quarters // QUARTERS_A_DAY
        chosen = np.flatnonzero(np.isin(places, wanted))
        return {
            (int(self.events[at]), int(self.quarters[at])): (int(self.rows[at]), int(self.sums[at]))
            for at in chosen
        }


@dataclass(frozen=True)
class Month:
    """A part and what it was made of."""

    first_day: date
    part: Part
    cells: Cells


@dataclass(frozen=True)
class Kept:
    """One generation.

    Args:
        events: names by code.
        keys: by property, the breakdown keys by code.
        numbers: the properties whose numbers are summed.
        persons: ids by number, ascending.
        numbered: how many rows ``person_numbers`` had; they name all ids of these persons.
    """

    generation: int
    events: tuple[str, ...]
    keys: Mapping[str, tuple[str, ...]]
    numbers: tuple[str, ...]
    persons: Array
    months: tuple[Month, ...]
    numbered: int

    def those(self, months: Sequence[date]) -> list[Month]:
        """Of some months, by their first days, those that are there."""
        return [month for month in self.months if month.first_day in months]


def kept(directory: Path, before: Kept | None = None) -> Kept | None:
    """The generation there is; ``before`` if that is still it; None without one."""
    manifest = manifest_of(directory)
    if manifest is None:
        return None
    if before is not None and before.generation == manifest["generation"]:
        return before
    try:
        return _opened(directory, manifest)
    except FileNotFoundError:  # replaced a moment ago
        return None


def manifest_of(directory: Path) -> dict[str, Any] | None:
    """The manifest, if there is one of this form."""
    try:
        manifest = json.loads((directory / MANIFEST).read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    return manifest if isinstance(manifest, dict) and manifest.get("format") == FORMAT else None


def publish(directory: Path, manifest: Mapping[str, Any]) -> None:
    """Make a manifest the one there is; its files must be there."""
    path = directory / (MANIFEST + ".new")
    with path.open("w", encoding="utf-8") as file:
        json.dump(manifest, file)
        file.flush()
        os.fsync(file.fileno())
    path.replace(directory / MANIFEST)
    sync(directory)


def mapped(path: Path, dtype: Any) -> Array:
    """A column as it lies on disk; a short one is read, because each mapping keeps its file open."""
    if path.stat().st_size < MAPPED_BYTES:
        return loaded(path, dtype)
    return np.asarray(np.memmap(path, dtype, mode="r"))


def loaded(path: Path, dtype: Any) -> Array:
    """A column in memory."""
    return fixed(np.fromfile(path, dtype))


def part_cells(path: Path, numbers: Sequence[str]) -> Cells:
    """What the part in a directory was made of."""
    events, quarters, rows, sums = (
        loaded(path / f"cell_{name}", COLUMNS[f"cell_{name}"])
        for name in ("events", "quarters", "rows", "sums")
    )
    summed = {
        property: Numbers(
            loaded(path / f"number_sums_{place}", np.float64),
            loaded(path / f"number_counts_{place}", np.int64),
        )
        for place, property in enumerate(numbers)
    }
    return Cells(events, quarters, rows, sums, summed)


def month_after(month: date) -> date:
    """The first day of the next month."""
    return (month.replace(day=1) + timedelta(days=31)).replace(day=1)


def month_start_ms(day: date) -> int:
    """Unix milliseconds of a day's midnight UTC."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1000


def _opened(directory: Path, manifest: Mapping[str, Any]) -> Kept:
    people = directory / str(manifest["people"])
    properties = list(manifest["keys"])
    months = []
    for name, path in manifest["parts"].items():
        first_day, place = date.fromisoformat(name), directory / path
        part = Part(
            start_ms=month_start_ms(first_day),
            numbers=loaded(people / name, NUMBER_TYPE),
            keys={
                property: mapped(place / f"key_{number}", KEY_TYPE)
                for number, property in enumerate(properties)
            },
            amounts={
                property: Amounts(
                    mapped(place / f"amount_places_{number}", PLACE_TYPE),
                    mapped(place / f"amounts_{number}", np.float64),
                )
                for number, property in enumerate(manifest["numbers"])
            },
            ends=loaded(place / "ends", COLUMNS["ends"]),
            **{column: mapped(place / column, COLUMNS[column]) for column in ("times", "events")},
        )
        months.append(Month(first_day, part, part_cells(place, manifest["numbers"])))
    return Kept(
        generation=int(manifest["generation"]),
        events=tuple(manifest["events"]),
        keys={property: tuple(keys) for property, keys in manifest["keys"].items()},
        numbers=tuple(manifest["numbers"]),
        persons=loaded(people / "persons", np.uint64),
        months=tuple(sorted(months, key=lambda month: month.first_day)),
        numbered=int(manifest["numbered"]),
    )
