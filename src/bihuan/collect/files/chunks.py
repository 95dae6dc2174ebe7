"""What every reader yields: some thousand rows at a time, with their line numbers and what was dirty."""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec


class DirtyRow(msgspec.Struct, frozen=True):
    """A row that the reader could not make sense of. ``line`` counts from 1; ``raw`` is its text."""

    line: int
    reason: str
    raw: Any
    detail_en: str
    detail_zh: str


class Chunk:
    """Rows of one table: ``rows[i]`` has one value per name and begins on line ``lines[i]``.

    Text formats give text values (``""`` for an empty cell); typed formats give Python values or None.
    For XLSX, Parquet and JSON arrays a line is a row or element, counted from 1 (a header row counts).
    """

    def __init__(
        self,
        names: tuple[str, ...],
        rows: list[Any],
        lines: Sequence[int],
        dirty: list[DirtyRow],
        *,
        text: bool,
    ) -> None:
        self.names = names
        self.rows = rows
        self.lines = lines
        self.dirty = dirty
        self.text = text
        self._columns: list[tuple[Any, ...]] | None = None

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def last_line(self) -> int:
        """The greatest line number in the chunk, dirty rows included; 0 when there are none."""
        last_good = self.lines[-1] if self.rows else 0
        return max(last_good, self.dirty[-1].line if self.dirty else 0)

    def column(self, name: str) -> Sequence[Any]:
        """The values of one column, one per row; None throughout when there is no such column."""
        if name not in self.names:
            return [None] * len(self.rows)
        if self._columns is None:
            self._columns = list(zip(*self.rows, strict=True)) if self.rows else [()] * len(self.names)
        return self._columns[self.names.index(name)]

    def others(self, index: int, mentioned: frozenset[str]) -> Iterator[tuple[str, Any]]:
        """Name and value of the cells of one row whose columns are not in ``mentioned``."""
        return ((name, value) for name, value in self.raw(index).items() if name not in mentioned)

    def raw(self, index: int) -> dict[str, Any]:
        """One row as a mapping of column name to value, for the quarantine."""
        return dict(zip(self.names, self.rows[index], strict=True))

    def content(self, index: int) -> bytes:
        """Bytes that are equal for two rows exactly when their values are."""
        row = self.rows[index]
        if self.text:
            joined = "\x1f".join(row)
            if joined.count("\x1f") == len(row) - 1:  # else a cell holds the separator itself
                return joined.encode("utf-8", "surrogatepass")
        return repr(tuple(row)).encode("utf-8", "surrogatepass")

    def since(self, first_line: int) -> Chunk:
        """The part of the chunk that begins on ``first_line`` or later."""
        at = bisect.bisect_left(self.lines, first_line)
        dirty = [row for row in self.dirty if row.line >= first_line]
        return type(self)(self.names, self.rows[at:], self.lines[at:], dirty, text=self.text)

    def before(self, first_line: int) -> Chunk:
        """The part of the chunk that begins before ``first_line``."""
        at = bisect.bisect_left(self.lines, first_line)
        dirty = [row for row in self.dirty if row.line < first_line]
        return type(self)(self.names, self.rows[:at], self.lines[:at], dirty, text=self.text)


class RecordChunk(Chunk):
    """Rows of JSON: ``rows[i]`` is a flat dictionary, nested objects under dotted names (``actor.id``)."""

    def column(self, name: str) -> Sequence[Any]:
        """The values under a dotted name; None where a record does not have it."""
        return [row.get(name) for row in self.rows]

    def raw(self, index: int) -> dict[str, Any]:
        """One record as it was read, flat."""
        return dict(self.rows[index])

    def content(self, index: int) -> bytes:
        """Bytes that are equal for two records exactly when their values are, whatever the key order."""
        return msgspec.json.encode(self.rows[index], order="sorted")


def flatten(record: dict[str, Any]) -> dict[str, Any]:
    """A nested object as one level of dotted names; lists stay values, empty objects vanish."""
    flat: dict[str, Any] = {}
    stack: list[tuple[str, dict[str, Any]]] = [("", record)]
    while stack:
        prefix, level = stack.pop()
        for key, value in level.items():
            if isinstance(value, dict):
                stack.append((f"{prefix}{key}.", value))
            else:
                flat[prefix + key] = value
    return flat
