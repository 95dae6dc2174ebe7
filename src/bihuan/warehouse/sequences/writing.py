"""The files of one part, written range of people by range of people."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import numpy as np
import pyarrow as pa

from bihuan.kernel.arrays import Array
from bihuan.warehouse.file_system import sync
from bihuan.warehouse.sequences.kept import COLUMNS, KEY_TYPE, PLACE_TYPE, QUARTER_MS, QUARTERS_A_DAY

QUARTERS_A_MONTH = 31 * QUARTERS_A_DAY
# Values beyond these have no code of their own.
MOST_KEYS = 65_000
# Of one part: places of events are numbers of 32 bits.
MOST_ROWS = int(np.iinfo(PLACE_TYPE).max)


class Codes:
    """Small numbers for texts: given in order, never taken back."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.names = list(names)
        self._code = {name: code for code, name in enumerate(self.names)}

    def of(self, column: pa.ChunkedArray) -> Array:
        """The codes of a dictionary-encoded column."""
        found = [self._of_chunk(chunk) for chunk in column.chunks]
        return np.concatenate([np.empty(0, KEY_TYPE), *found])

    def _of_chunk(self, chunk: pa.DictionaryArray) -> Array:
        codes = [self._given(name) for name in chunk.dictionary.to_pylist()]
        return np.asarray(np.take(np.array(codes, KEY_TYPE), chunk.indices.to_numpy(zero_copy_only=False)))

    def _given(self, name: str) -> int:
        if name not in self._code and len(self.names) < MOST_KEYS:
            self._code[name] = len(self.names)
            self.names.append(name)
        return self._code.get(name, MOST_KEYS)


class PartWriter:
    """Writes a part: rows come in order of person and time, all of a person in one table.

    Nothing is left of a part that was not finished.
    """

    def __init__(self, directory: Path, events: Codes, keys: Sequence[Codes], numbers: int) -> None:
        self.rows = 0
        self._finished = False
        self._directory = directory
        self._events, self._keys = events, keys
        directory.mkdir(parents=True)
        names = ["persons", "ends", "times", "events", *(f"key_{number}" for number in range(len(keys)))]
        names += [f"{name}_{number}" for number in range(numbers) for name in ("amount_places", "amounts")]
        self._files: dict[str, IO[bytes]] = {name: (directory / name).open("wb") for name in names}
        self._counts = np.zeros(0, np.int64)
        self._sums = np.zeros(0, np.uint64)
        self._number_sums = np.zeros((numbers, 0), np.float64)
        self._number_counts = np.zeros((numbers, 0), np.int64)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            for file in self._files.values():
                file.close()
            if not self._finished:  # a disk that is full gets its room back
                shutil.rmtree(self._directory, ignore_errors=True)

    def _finish(self) -> None:
        self._write_cells()
        for file in self._files.values():
            file.flush()
            os.fsync(file.fileno())
        sync(self._directory)
        self._finished = True

    def add(self, table: pa.Table) -> None:
        """Rows ``person_id, ms, event, row_hash``, ``key_0`` … and ``number_0`` …"""
        if not len(table):
            return
        persons = _numbers(table["person_id"], np.uint64)
        last = np.flatnonzero(np.append(persons[1:] != persons[:-1], True))
        self._write("persons", persons[last])
        self._write("ends", last + 1 + self.rows)
        times = _numbers(table["ms"], np.uint32)
        events = self._events.of(table["event"])
        self._write("times", times)
        self._write("events", events)
        for number, codes in enumerate(self._keys):
            self._write(f"key_{number}", codes.of(table[f"key_{number}"]))
        self._count(events, times, table)
        self.rows += len(table)

    def _write(self, name: str, values: Array) -> None:
        values.astype(COLUMNS.get(name, KEY_TYPE), copy=False).tofile(self._files[name])

    def _count(self, events: Array, times: Array, table: pa.Table) -> None:
        more = len(self._events.names) * QUARTERS_A_MONTH - len(self._counts)
        self._counts, self._sums = np.pad(self._counts, (0, more)), np.pad(self._sums, (0, more))
        self._number_sums = np.pad(self._number_sums, ((0, 0), (0, more)))
        self._number_counts = np.pad(self._number_counts, ((0, 0), (0, more)))
        place = events.astype(np.int64) * QUARTERS_A_MONTH + times // QUARTER_MS
        np.add.at(self._counts, place, 1)
        np.add.at(self._sums, place, _numbers(table["row_hash"], np.uint64))
        for number in range(len(self._number_sums)):
            column = table[f"number_{number}"]
            there = np.flatnonzero(np.asarray(column.is_valid()))
            values = _numbers(column.drop_null(), np.float64)
            (there + self.rows).astype(PLACE_TYPE).tofile(self._files[f"amount_places_{number}"])
            values.tofile(self._files[f"amounts_{number}"])
            np.add.at(self._number_counts[number], place[there], 1)
            np.add.at(self._number_sums[number], place[there], values)

    def _write_cells(self) -> None:
        there = np.flatnonzero(self._counts)
        columns = {
            "cell_events": there // QUARTERS_A_MONTH,
            "cell_quarters": there % QUARTERS_A_MONTH,
            "cell_rows": self._counts[there],
            "cell_sums": self._sums[there],
        }
        for number in range(len(self._number_sums)):
            columns[f"number_sums_{number}"] = self._number_sums[number][there]
            columns[f"number_counts_{number}"] = self._number_counts[number][there]
        for name, values in columns.items():
            self._files[name] = (self._directory / name).open("wb")
            values.astype(COLUMNS.get(name, values.dtype), copy=False).tofile(self._files[name])


def _numbers(column: pa.ChunkedArray, dtype: Any) -> Array:
    return np.asarray(column.to_numpy(), dtype)
