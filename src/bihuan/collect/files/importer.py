"""Importing a file: reads it once, maps it, writes it in batches, and remembers how far it came."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import msgspec

from bihuan.collect.files.checkpoints import Checkpoint, CheckpointStore, Totals, checkpoint_key, identify
from bihuan.collect.files.chunks import Chunk, RecordChunk
from bihuan.collect.files.mapper import RowMapper
from bihuan.collect.files.mapping import Mapping
from bihuan.collect.files.reader import CHUNK_ROWS, FileReader, Layout
from bihuan.collect.incoming import Item, Rejected


class WriteResult(msgspec.Struct, frozen=True):
    """What became of a batch: items stored, known already, and set aside by the pipeline itself."""

    accepted: int = 0
    duplicates: int = 0
    quarantined: int = 0


class ImportSink(Protocol):
    """Where an import writes to: the pipeline, or anything that stores as reliably."""

    def write(self, items: list[Item], rejected: list[Rejected]) -> WriteResult:
        """Store a batch; returns when it is durable, raises when it is not.

        After a crash the last batch may come again: items with the same message ids, and the same
        rejected rows (equal ``path`` and ``raw``).
        """


class ImportProgress(msgspec.Struct, frozen=True):
    """How far an import is. ``bytes_read`` counts bytes of the file on disk; totals include earlier runs."""

    totals: Totals
    bytes_read: int
    size_bytes: int
    rows_per_second: float
    part: str


class ImportResult(msgspec.Struct, frozen=True):
    """A finished import. ``resumed_from`` is the number of rows that an earlier run had written."""

    totals: Totals
    seconds: float
    resumed_from: int = 0


class _Import:
    """One run over a file."""

    def __init__(
        self,
        reader: FileReader,
        mapping: Mapping,
        sink: ImportSink,
        checkpoint: Checkpoint,
        save: Callable[[Checkpoint], None],
        progress: Callable[[ImportProgress], None] | None,
    ) -> None:
        self._reader = reader
        self._mapper = RowMapper(mapping)
        self._sink = sink
        self._start = checkpoint
        self.totals = msgspec.structs.replace(checkpoint.totals)
        self._save = save
        self._progress = progress
        self._began = time.monotonic()
        self._rows_at_start = checkpoint.totals.rows

    def run(self, chunk_rows: int) -> None:
        for part, layout in enumerate(self._reader.layouts):
            done = part < self._start.part
            if done and not self._mapper.derives_ids:
                continue
            place = f"{layout.part} " if len(self._reader.layouts) > 1 else ""
            checked = False
            for chunk in self._reader.chunks(layout, chunk_rows=chunk_rows):
                if not checked and chunk.names and not isinstance(chunk, RecordChunk):
                    self._mapper.check_columns(chunk.names, layout.part)
                    checked = True
                if done:
                    self._mapper.pass_over(chunk)
                else:
                    self._take(chunk, part, layout, place)

    def _take(self, chunk: Chunk, part: int, layout: Layout, place: str) -> None:
        last_line = chunk.last_line
        if part == self._start.part and self._start.next_line:
            first = self._start.next_line
            if last_line < first:
                self._mapper.pass_over(chunk)
                return
            self._mapper.pass_over(chunk.before(first))
            chunk = chunk.since(first)
        rows = len(chunk) + len(chunk.dirty)
        if not rows:
            return
        mapped = self._mapper.map(chunk, place)
        totals = self.totals
        if mapped.items or mapped.rejected:
            result = self._sink.write(mapped.items, mapped.rejected)
            totals.accepted += result.accepted
            totals.duplicates += result.duplicates
            totals.rejected += result.quarantined
        totals.rows += rows
        totals.rejected += len(mapped.rejected)
        totals.skipped += mapped.skipped
        self._save(Checkpoint(part, last_line + 1, msgspec.structs.replace(totals)))
        self._report(layout.part)

    def _report(self, part: str) -> None:
        if self._progress is None:
            return
        seconds = max(time.monotonic() - self._began, 1e-9)
        self._progress(
            ImportProgress(
                totals=msgspec.structs.replace(self.totals),
                bytes_read=self._reader.position_bytes(),
                size_bytes=self._reader.size_bytes,
                rows_per_second=(self.totals.rows - self._rows_at_start) / seconds,
                part=part,
            )
        )


def import_file(
    path: Path,
    mapping: Mapping,
    sink: ImportSink,
    *,
    checkpoints: CheckpointStore | None = None,
    progress: Callable[[ImportProgress], None] | None = None,
    chunk_rows: int = CHUNK_ROWS,
) -> ImportResult:
    """Import a file through a mapping; blocks until everything is stored.

    Rows that cannot be read go to the sink as ``Rejected`` with their line and column; the good rows
    beside them are kept. With ``checkpoints`` an import that was interrupted goes on after the last stored
    batch when it is called again with the same file and mapping; the checkpoint is cleared at the end.
    Message ids make repeated rows harmless in any case. Memory does not grow with the file, but for
    12 bytes a row where message ids are derived from content.

    Raises the reader's errors, ``ColumnMissing`` before anything of a part is written, and whatever the
    sink raises.
    """
    began = time.monotonic()
    key = checkpoint_key(identify(path), mapping.digest()) if path.is_file() else ""
    start = (checkpoints.load(key) if checkpoints else None) or Checkpoint()

    def save(checkpoint: Checkpoint) -> None:
        if checkpoints is not None:
            checkpoints.save(key, checkpoint)

    resumed_from = start.totals.rows
    with FileReader(path, mapping.read) as reader:
        run = _Import(reader, mapping, sink, start, save, progress)
        run.run(chunk_rows)
    if checkpoints is not None:
        checkpoints.clear(key)
    return ImportResult(run.totals, time.monotonic() - began, resumed_from)
