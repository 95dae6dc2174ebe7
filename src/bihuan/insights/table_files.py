"""What routes that answer with a table file share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import StreamingResponse
from pydantic import StringConstraints

from bihuan.access import Project
from bihuan.kernel.tables import MEDIA_TYPES, TableFormat, TableOptions

Format = Annotated[TableFormat, Query(alias="format")]
# As PropertyRef has it: text between the dots.
PropertyName = Annotated[str, StringConstraints(max_length=400, pattern=r"^[^.]+(\.[^.]+)*$")]
Properties = Annotated[
    list[PropertyName] | None,
    Query(alias="property", max_length=200, description="Properties to give a column of their own."),
]
ForSpreadsheets = Annotated[
    bool,
    Query(description="CSV as Excel wants it: byte order mark, texts that look like formulas made safe."),
]
TABLE_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind: {"schema": {"type": "string"}} for kind in MEDIA_TYPES.values()}}
}


def table_options(project: Project, sheet_name: str, *, spreadsheet: bool) -> TableOptions:
    """How a table of this project is written."""
    return TableOptions(
        timezone=project.time_zone,
        sheet_name=sheet_name,
        byte_order_mark=spreadsheet,
        formula_safe=spreadsheet,
    )


def table_file(pieces: Iterator[bytes], name: str, format: TableFormat) -> StreamingResponse:
    """The answer with a file of this name."""
    headers = {"content-disposition": f'attachment; filename="{name}.{format}"'}
    return StreamingResponse(pieces, media_type=MEDIA_TYPES[format], headers=headers)
