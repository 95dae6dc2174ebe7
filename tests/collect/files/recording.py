"""A sink that keeps what it is given, once per message id as the pipeline does, and can fail on demand."""

from __future__ import annotations

import math
from pathlib import Path

from bihuan.collect.files import FileReader, ReadOptions, WriteResult
from bihuan.collect.files.chunks import Chunk
from bihuan.collect.incoming import IncomingEvent, Item, ProfileChange, Rejected


class SinkStopped(Exception):
    """The sink was told to fail at this batch."""


class RecordingSink:
    """``fail_at``: the number of the write (from 0) that fails; ``stores_first``: only after storing."""

    def __init__(self, fail_at: int | None = None, *, stores_first: bool = False) -> None:
        self.items: dict[str, Item] = {}
        self.rejected: list[Rejected] = []
        self.batches: list[int] = []
        self.fail_at = fail_at
        self.stores_first = stores_first

    def write(self, items: list[Item], rejected: list[Rejected]) -> WriteResult:
        failing = self.fail_at == len(self.batches)
        if failing and not self.stores_first:
            raise SinkStopped
        fresh = 0
        for item in items:
            assert item.message_id
            if item.message_id not in self.items:
                self.items[item.message_id] = item
                fresh += 1
        self.rejected += rejected
        self.batches.append(len(items))
        if failing:
            raise SinkStopped
        return WriteResult(accepted=fresh, duplicates=len(items) - fresh)

    @property
    def events(self) -> list[IncomingEvent]:
        return [item for item in self.items.values() if isinstance(item, IncomingEvent)]

    @property
    def changes(self) -> list[ProfileChange]:
        return [item for item in self.items.values() if isinstance(item, ProfileChange)]

    def total(self, name: str) -> float:
        """The sum of a property over all events."""
        return math.fsum(event.properties.get(name, 0) for event in self.events)


def read_all(
    path: Path, options: ReadOptions | None = None, *, chunk_rows: int = 10_000
) -> tuple[list[dict[str, object]], list[int], list[tuple[int, str]]]:
    """All rows as dictionaries, their lines, and (line, reason) of the dirty ones, over all parts."""
    rows: list[dict[str, object]] = []
    lines: list[int] = []
    dirty: list[tuple[int, str]] = []
    with FileReader(path, options) as reader:
        for layout in reader.layouts:
            for chunk in reader.chunks(layout, chunk_rows=chunk_rows):
                rows += [chunk.raw(index) for index in range(len(chunk))]
                lines += _lines(chunk)
                dirty += [(row.line, row.reason) for row in chunk.dirty]
    return rows, lines, dirty


def _lines(chunk: Chunk) -> list[int]:
    return list(chunk.lines[: len(chunk)])
