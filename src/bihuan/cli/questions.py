"""Queries as an operator gives them: a file, standard input, or a kind with ``--set path=value``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from bihuan.cli.errors import InputUnreadable

SourceArgument = Annotated[
    str, typer.Argument(help="A file in JSON or YAML, - for standard input, or a kind such as trend.")
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Set a field, as in series.0.selector.events.0=purchase; the value is YAML. Can be repeated.",
    ),
]
FromOption = Annotated[
    str | None, typer.Option("--from", metavar="YYYY-MM-DD", help="First day, on the project's calendar.")
]
ToOption = Annotated[
    str | None, typer.Option("--to", metavar="YYYY-MM-DD", help="Last day, on the project's calendar.")
]


def read_query(
    source: str, changes: list[str] | None, first_day: str | None = None, last_day: str | None = None
) -> dict[str, Any]:
    """The query with its changes. Raises ``InputUnreadable``."""
    query = _read(source)
    if first_day is not None or last_day is not None:
        if first_day is None or last_day is None:
            raise InputUnreadable(
                path="period", name="--from/--to", reason="both or neither", reason_zh="须同时给出"
            )
        query["period"] = {"kind": "dates", "from_date": first_day, "to_date": last_day}
    for change in changes or ():
        path, equals, value = change.partition("=")
        if not equals or not path:
            raise InputUnreadable(path="set", name=change, reason="PATH=VALUE")
        query = _with(query, path.split("."), read_yaml(value, change), change)
    return query


def read_text(file: Path) -> str:
    """The text of a file, or of standard input for ``-``. Raises ``InputUnreadable``."""
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputUnreadable(path="file", name=str(file), reason=str(error)) from error


def _read(source: str) -> dict[str, Any]:
    if source == "-":
        content = read_yaml(sys.stdin.read(), source)
    elif Path(source).is_file():
        content = read_yaml(Path(source).read_text(encoding="utf-8"), source)
    elif source.isidentifier():
        return {"kind": source}
    else:
        raise InputUnreadable(path="source", name=source, reason="no such file", reason_zh="文件不存在")
    if not isinstance(content, dict):
        raise InputUnreadable(path="source", name=source, reason="not an object", reason_zh="不是对象")
    return content


def read_yaml(text: str, name: str) -> Any:
    """The value of a text in YAML or JSON. Raises ``InputUnreadable``."""
    # Here, because help and completion do without.
    import yaml  # noqa: PLC0415

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InputUnreadable(name=name, reason=str(error)) from error


def _with(value: Any, path: list[str], new: Any, change: str) -> Any:
    """``value`` with ``new`` at ``path``; numbers lead into lists, one beyond the end appends."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    if step.isdigit():
        items = list(value or [])
        place = int(step)
        if not isinstance(value, list | None) or place > len(items):
            raise InputUnreadable(
                path="set", name=change, reason=f"{step}: no such place", reason_zh=f"{step}：没有该位置"
            )
        found = items[place] if place < len(items) else None
        items[place : place + 1] = [_with(found, rest, new, change)]
        return items
    if not isinstance(value, dict | None):
        raise InputUnreadable(
            path="set", name=change, reason=f"{step}: not an object", reason_zh=f"{step}：不是对象"
        )
    fields = dict(value or {})
    fields[step] = _with(fields.get(step), rest, new, change)
    return fields
