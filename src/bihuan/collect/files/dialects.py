"""Guessing how a delimited text is written: delimiter, quotes, escapes, header."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

from bihuan.collect.files.options import WHITESPACE, ReadOptions

_DELIMITERS = (",", "\t", ";", "|", "\x01")
_SAMPLE_LINES = 400
_NUMBER = re.compile(r"[-+]?[\d.,]*\d[\d.,]*(?:[eE][-+]?\d+)?%?")
_DATE = re.compile(r"\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}")


class Dialect(msgspec.Struct, frozen=True):
    """How a delimited text is written; ``names`` are its columns, from the header or made up."""

    delimiter: str
    quote: str | None
    escape: str | None
    header: bool
    names: tuple[str, ...]

    def reader_settings(self) -> dict[str, str | int | bool | None]:
        """Keyword arguments for :func:`csv.reader`."""
        return {
            "delimiter": self.delimiter,
            "quotechar": self.quote or '"',
            "quoting": csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            "escapechar": self.escape,
            "doublequote": True,
        }


def _parse(lines: Sequence[str], dialect: Dialect) -> list[list[str]]:
    if dialect.delimiter == WHITESPACE:
        return [cells for line in lines if (cells := line.split())]
    settings: dict[str, Any] = dialect.reader_settings()
    try:
        return [row for row in csv.reader(lines, **settings) if row]
    except csv.Error:
        return [row for line in lines if (row := _parse_line(line, settings))]


def _parse_line(line: str, settings: dict[str, Any]) -> list[str]:
    try:
        return next(csv.reader([line], **settings), [])
    except csv.Error:
        return []


def _score(rows: list[list[str]]) -> tuple[float, int]:
    """(share of rows with the usual number of cells, that number)."""
    if not rows:
        return 0.0, 0
    width, count = Counter(map(len, rows)).most_common(1)[0]
    return count / len(rows), width


def _layouts(lines: Sequence[str], options: ReadOptions, file_name: str) -> list[Dialect]:
    text = "".join(lines)
    delimiters: tuple[str, ...] = (options.delimiter,) if options.delimiter else _DELIMITERS
    if not options.delimiter and file_name.lower().endswith((".tsv", ".tab")):
        delimiters = ("\t",)
    quote = options.quote
    if quote is None:
        single = sum(text.count(f"{d}'") for d in delimiters)
        quote = "'" if single > len(lines) // 2 and '"' not in text else '"'
    escapes: tuple[str | None, ...] = (options.escape or None,)
    if options.escape is None and "\\" + quote in text:
        escapes = (None, "\\")
    return [Dialect(d, quote or None, e, True, ()) for d in delimiters for e in escapes]


def guess_dialect(lines: Sequence[str], options: ReadOptions, file_name: str) -> Dialect:
    """The dialect of a text, from its first lines (which may end within a quoted cell).

    The delimiter is the one that gives most rows the same number of cells, more cells breaking ties;
    columns set apart by blanks are tried when no delimiter gives at least two.
    """
    sample = [line for line in lines[:_SAMPLE_LINES] if line.strip()]
    best, best_rows, best_score = None, [], (0.0, 0)
    for layout in _layouts(sample, options, file_name):
        rows = _parse(sample, layout)
        share, width = _score(rows)
        if best is None or (width > 1, round(share, 1), width, share) > (
            best_score[1] > 1,
            round(best_score[0], 1),
            best_score[1],
            best_score[0],
        ):
            best, best_rows, best_score = layout, rows, (share, width)
    assert best is not None
    if options.delimiter is None and best_score[1] < 2:
        blanks = Dialect(WHITESPACE, None, None, True, ())
        rows = _parse(sample, blanks)
        share, width = _score(rows)
        if width > 1 and share > 0.9:
            best, best_rows = blanks, rows
    return _with_names(best, best_rows, options)


def _with_names(layout: Dialect, rows: list[list[str]], options: ReadOptions) -> Dialect:
    header = options.header
    if header is None:
        header = not options.columns and has_header(rows)
    if options.columns:
        names = options.columns
    elif header and rows:
        names = column_names(rows[0])
    else:
        names = tuple(f"column_{n + 1}" for n in range(_score(rows)[1]))
    return Dialect(layout.delimiter, layout.quote, layout.escape, header, names)


def column_names(cells: Sequence[object]) -> tuple[str, ...]:
    """Header cells as unique names: empty ones become ``column_3``, repeated ones ``price_2``."""
    names: list[str] = []
    for position, cell in enumerate(cells, 1):
        name = str("" if cell is None else cell).strip().lstrip("\ufeff") or f"column_{position}"
        unique, suffix = name, 2
        while unique in names:
            unique, suffix = f"{name}_{suffix}", suffix + 1
        names.append(unique)
    return tuple(names)


def _is_value(cell: str) -> bool:
    """Whether a cell looks like data (a number or a date) rather than like a name."""
    cell = cell.strip()
    return bool(_NUMBER.fullmatch(cell) or _DATE.match(cell))


def has_header(rows: list[list[str]]) -> bool:
    """Whether the first row names the columns.

    It does not when a cell is a number or a date. It does when a column below holds only such values.
    Otherwise, in a table of words, it does unless its cells repeat or occur again below.
    """
    if not rows:
        return False
    first = [cell.strip() for cell in rows[0]]
    filled = [cell for cell in first if cell]
    if not filled or any(_is_value(cell) for cell in filled):
        return False
    below = rows[1:]
    columns = [[row[n].strip() for row in below if len(row) > n] for n in range(len(first))]
    if any(any(column) and all(_is_value(cell) for cell in column if cell) for column in columns):
        return True
    if len(set(filled)) < len(filled):
        return False
    repeated = sum(cell in column for cell, column in zip(first, columns, strict=True) if cell)
    return repeated * 2 <= len(filled)
