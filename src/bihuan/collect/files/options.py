"""How a file is to be read; whatever is left out is found from the content."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

FileKind = Literal["csv", "jsonl", "json", "parquet", "arrow", "xlsx"]

WHITESPACE = "whitespace"


class ReadOptions(BaseModel):
    """Settings of the reader; None means "look at the content".

    ``csv`` covers every delimited text; ``delimiter`` is one character, or ``whitespace`` for columns set
    apart by blanks. ``columns`` names the columns of a text without header. ``member`` is a glob over the
    names inside a zip file, ``sheet`` the name of one sheet (default: the one
    with most rows, or the first with any in a very large workbook).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: FileKind | None = None
    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    escape: str | None = None
    header: bool | None = None
    columns: tuple[str, ...] = ()
    skip_lines: int = Field(default=0, ge=0)
    sheet: str | None = None
    member: str | None = None
