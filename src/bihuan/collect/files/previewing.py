"""What an import would do with a file, found by doing it without storing anything."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from bihuan.collect.files.chunks import Chunk, RecordChunk
from bihuan.collect.files.mapper import RowMapper
from bihuan.collect.files.mapping import Mapping
from bihuan.collect.files.reader import FileReader
from bihuan.collect.files.values import read_text
from bihuan.collect.incoming import Item, Parsed, Rejected
from bihuan.collect.intake import Intake

ROWS_SHOWN = 20
# Read beyond those, so that a file that begins well shows its faults too.
ROWS_READ = 5_000
_FAULTS_SHOWN = 100
_LINE = re.compile(r"line (\d+)(?:, column (.*))?", re.DOTALL)


class PreviewedRow(msgspec.Struct, frozen=True):
    """A row as it stands in the file; ``line`` as faults name it."""

    line: int
    cells: list[str]


class Previewed(msgspec.Struct):
    """``rows`` are the first; ``items`` what becomes of them; ``faults`` are those of the ``read`` rows."""

    columns: list[str]
    rows: list[PreviewedRow]
    items: list[Item]
    faults: list[Rejected]
    read: int = 0
    faulty: int = 0
    skipped: int = 0
    complete: bool = True


def preview_file(path: Path, mapping: Mapping, intake: Intake, *, source: str, received_ms: int) -> Previewed:
    """Read the first part of a file through a mapping and the project's rules.

    Raises the reader's errors, and ``ColumnMissing``.
    """
    mapper = RowMapper(mapping)
    found = Previewed([], [], [], [])
    with FileReader(path, mapping.read) as reader:
        layout = reader.layouts[0]
        found.complete = len(reader.layouts) == 1
        for chunk in reader.chunks(layout, chunk_rows=ROWS_SHOWN):
            if found.read >= ROWS_READ:
                found.complete = False
                break
            if chunk.names and not isinstance(chunk, RecordChunk):
                mapper.check_columns(chunk.names, layout.part)
            mapped = mapper.map(chunk)
            parsed = Parsed(items=mapped.items, rejected=mapped.rejected)
            faults = intake.examine(parsed, source=source, received_ms=received_ms)
            found.read += len(chunk) + len(chunk.dirty)
            found.faulty += len({line_of(each) for each in faults})
            found.skipped += mapped.skipped
            found.faults += faults[: _FAULTS_SHOWN - len(found.faults)]
            if len(found.rows) < ROWS_SHOWN:
                _show(found, chunk, mapped.items, faults)
    return found


def _show(found: Previewed, chunk: Chunk, items: list[Item], faults: list[Rejected]) -> None:
    names = chunk.names or tuple(
        dict.fromkeys(name for index in range(len(chunk)) for name in chunk.raw(index))
    )
    found.columns = found.columns or list(names)
    left = min(len(chunk), ROWS_SHOWN - len(found.rows))
    shown = {chunk.lines[index] for index in range(left)} - {line_of(each) for each in faults}
    columns = tuple(found.columns)
    found.rows += [
        PreviewedRow(chunk.lines[index], _cells(chunk.raw(index), columns)) for index in range(left)
    ]
    found.items += [item for item in items if line_at(item.position) in shown]


def line_of(fault: Rejected) -> int:
    """The line that a fault names."""
    return line_at(fault.path)


def column_of(fault: Rejected) -> str | None:
    """The column that a fault names, if it is of one."""
    match = _LINE.search(fault.path)
    return match[2] if match is not None else None


def line_at(path: str) -> int:
    """The line that a path in a file names; 0 when none."""
    match = _LINE.search(path)
    return int(match[1]) if match is not None else 0


def _cells(raw: dict[str, object], names: tuple[str, ...]) -> list[str]:
    return ["" if (cell := raw.get(name)) is None else read_text(cell) for name in names]
