"""Tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from bihuan.cli.wording import cell

_WIDEST = 60


def table(rows: Iterable[Sequence[Any]], headings: Sequence[str], *, title: str | None = None) -> Table:
    """A table; columns of numbers are right-aligned, long texts are cut."""
    rows = list(rows)
    shown = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", title_style="bold")
    for place, heading in enumerate(headings):
        values = [row[place] for row in rows]
        numeric = all(isinstance(value, int | float | None) for value in values) and bool(rows)
        shown.add_column(heading, justify="right" if numeric else "left", no_wrap=numeric, overflow="fold")
    for row in rows:
        # Text, because names in data may look like markup.
        shown.add_row(*(value if isinstance(value, Text) else Text(_cut(cell(value))) for value in row))
    return shown


def pairs(values: Iterable[tuple[str, Any]]) -> Table:
    """Names and values, one pair a line."""
    shown = Table(box=None, show_header=False, pad_edge=False)
    shown.add_column(style="dim", no_wrap=True)
    shown.add_column(overflow="fold")
    for name, value in values:
        shown.add_row(Text(name), value if isinstance(value, Text) else Text(cell(value)))
    return shown


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"
