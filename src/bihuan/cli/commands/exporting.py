"""``bihuan export …``: events, people or an answer to a file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from bihuan.cli.command import Operator, ProjectOption, command, command_group
from bihuan.cli.errors import InputUnreadable
from bihuan.cli.questions import FromOption, SetOption, SourceArgument, ToOption, read_query

group = command_group("Export events, people or an answer as a table file.")

# As bihuan.kernel.tables has it; said here too, because loading that loads Arrow.
TableFormat = Literal["csv", "xlsx", "parquet", "arrow", "jsonl"]
OutOption = Annotated[
    Path,
    typer.Option("--out", "-o", help="File to write; - is standard output. Its ending tells the format."),
]
FormatOption = Annotated[
    TableFormat | None, typer.Option("--format", help="csv, xlsx, parquet, arrow or jsonl.")
]
PropertyOption = Annotated[
    list[str] | None,
    typer.Option("--property", help="Give this property a column of its own. Can be repeated."),
]
SpreadsheetOption = Annotated[
    bool, typer.Option("--spreadsheet", help="CSV as Excel wants it: byte order mark, formulas made safe.")
]
STANDARD_OUTPUT = Path("-")


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="export")
    command(group, "events")(events)
    command(group, "people")(people)
    command(group, "answer")(answer)


def events(
    operator: Operator,
    out: OutOption = STANDARD_OUTPUT,
    format: FormatOption = None,
    project: ProjectOption = None,
    first_day: FromOption = None,
    last_day: ToOption = None,
    event: Annotated[list[str] | None, typer.Option("--event", help="Only these. Can be repeated.")] = None,
    filter: Annotated[str | None, typer.Option("--filter", help="As in a query, in JSON.")] = None,
    properties: PropertyOption = None,
    spreadsheet: SpreadsheetOption = False,
) -> None:
    """Export events, streamed: memory does not grow with them."""
    params = {
        "from_date": first_day,
        "to_date": last_day,
        "event": event,
        "filter": filter,
        "property": properties,
        "spreadsheet": spreadsheet,
    }
    send_file(operator, "GET", "/export/events", project, out, format, params)


def people(
    operator: Operator,
    out: OutOption = STANDARD_OUTPUT,
    format: FormatOption = None,
    project: ProjectOption = None,
    properties: PropertyOption = None,
    spreadsheet: SpreadsheetOption = False,
) -> None:
    """Export people with a profile."""
    params = {"property": properties, "spreadsheet": spreadsheet}
    send_file(operator, "GET", "/export/people", project, out, format, params)


def answer(
    operator: Operator,
    source: SourceArgument,
    out: OutOption = STANDARD_OUTPUT,
    format: FormatOption = None,
    project: ProjectOption = None,
    changes: SetOption = None,
    first_day: FromOption = None,
    last_day: ToOption = None,
    spreadsheet: SpreadsheetOption = False,
) -> None:
    """Export the answer to a query as a flat table."""
    query = read_query(source, changes, first_day, last_day)
    send_file(operator, "POST", "/query/export", project, out, format, {"spreadsheet": spreadsheet}, query)


def send_file(
    operator: Operator,
    method: str,
    path: str,
    project: str | None,
    out: Path,
    format: TableFormat | None,
    params: dict[str, Any],
    body: Any = None,
) -> None:
    """Write a table file of a project's route to a file or to standard output."""
    from bihuan.kernel.tables import format_of  # noqa: PLC0415

    to_output = out == STANDARD_OUTPUT
    chosen = format or ("csv" if to_output else format_of(out))
    with (
        operator.api() as api,
        api.stream(method, api.project(project) + path, body, format=chosen, **params) as pieces,
    ):
        if to_output:
            sys.stdout.flush()
            for piece in pieces:
                sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
            return
        size_bytes = save(pieces, out)
    value = {"file": str(out), "format": chosen, "size_bytes": size_bytes}
    done = operator.say(f"{out}: {size_bytes:,} bytes", f"{out}：{size_bytes:,} 字节")
    operator.answer(value, lambda: operator.out.print(done, markup=False))


def save(pieces: Iterator[bytes], target: Path) -> int:
    """Write pieces to a file, which appears only when it is whole; returns its size in bytes."""
    partial = target.with_name(target.name + ".partial")
    size_bytes = 0
    try:
        with partial.open("wb") as file:
            for piece in pieces:
                file.write(piece)
                size_bytes += len(piece)
        partial.replace(target)
    except OSError as error:
        raise InputUnreadable(path="out", name=str(target), reason=str(error)) from error
    finally:
        partial.unlink(missing_ok=True)
    return size_bytes
