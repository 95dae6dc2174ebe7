"""``bihuan query``."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from bihuan.cli.command import Operator, ProjectOption, command
from bihuan.cli.commands.exporting import STANDARD_OUTPUT, FormatOption, OutOption, SpreadsheetOption, answer
from bihuan.cli.questions import FromOption, SetOption, SourceArgument, ToOption, read_query
from bihuan.cli.wording import sparkline

# More rows than this are for a file, not for a terminal.
_ROWS_SHOWN = 60
_CURVE = "curve"


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "query")(query)


def query(
    operator: Operator,
    source: SourceArgument,
    project: ProjectOption = None,
    changes: SetOption = None,
    first_day: FromOption = None,
    last_day: ToOption = None,
    sql: Annotated[bool, typer.Option("--sql", help="Print the SQL that was run, only.")] = False,
    format: FormatOption = None,
    out: OutOption = STANDARD_OUTPUT,
    spreadsheet: SpreadsheetOption = False,
) -> None:
    """Ask a question and print the answer; `bihuan query kinds` lists what can be asked.

    Example: bihuan query trend --set series.0.selector.events.0=purchase --set interval=week
    """
    if source == "kinds":
        _kinds(operator, project)
        return
    if format is not None or out != STANDARD_OUTPUT:
        answer(operator, source, out, format, project, changes, first_day, last_day, spreadsheet)
        return
    body = read_query(source, changes, first_day, last_day)
    with operator.api() as api:
        result = api.post(f"{api.project(project)}/query", body)
    if sql:
        operator.answer({"sql": result["sql"]}, lambda: operator.out.print(result["sql"], markup=False))
    else:
        operator.answer(result, lambda: show_result(operator, result))


def show_result(operator: Operator, result: dict[str, Any]) -> None:
    """Print an answer: each item with its curve, then the numbers place by place when they fit."""
    days = f"{result['first_day']} – {result['last_day']} ({result['time_zone']})"
    sampled = "" if result.get("sample", 1.0) == 1.0 else f", {result['sample']:.2%} of people"
    operator.out.print(f"{result['kind']}  {days}{sampled}", style="bold", markup=False)
    from bihuan.kernel.tables import rows_of  # noqa: PLC0415

    labels = result.get("buckets")
    items = next((value for value in result.values() if _is_items(value)), None)
    curves = items is not None and any(_lists(item) for item in items)
    if items is not None and curves:
        rows = [_curve_row(item) for item in items]
        headings = list(dict.fromkeys(name for row in rows for name in row))
        operator.table([[row.get(name) for name in headings] for row in rows], headings)
    flat = rows_of(result)
    if curves and labels is not None and len(items or ()) > 1:
        return
    if not flat:
        operator.out.print(operator.say("No rows.", "没有数据。"))
        return
    headings = list(dict.fromkeys(name for row in flat for name in row if _says_something(flat, name)))
    shown = [[row.get(name) for name in headings] for row in flat[:_ROWS_SHOWN]]
    operator.table(shown, headings)
    if len(flat) > _ROWS_SHOWN:
        more = len(flat) - _ROWS_SHOWN
        operator.notes.print(
            operator.say(
                f"{more} more rows; --format csv gives all.", f"另有 {more} 行；用 --format csv 查看全部。"
            )
        )


def _is_items(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _lists(item: dict[str, Any]) -> dict[str, list[float | None]]:
    return {
        name: value
        for name, value in item.items()
        if isinstance(value, list) and value and all(isinstance(each, int | float | None) for each in value)
    }


def _curve_row(item: dict[str, Any]) -> dict[str, Any]:
    from bihuan.kernel.tables import rows_of  # noqa: PLC0415

    lists = _lists(item)
    single = next(iter(rows_of({"items": [{k: v for k, v in item.items() if k not in lists}]})), {})
    row = {name: value for name, value in single.items() if value is not None}
    for name, values in lists.items():
        row[_CURVE if name == "values" else name] = sparkline(values)
    return row


def _says_something(rows: list[dict[str, Any]], name: str) -> bool:
    return any(row.get(name) is not None for row in rows)


def _kinds(operator: Operator, project: str | None) -> None:
    with operator.api() as api:
        kinds = api.get(f"{api.project(project)}/query/kinds")
    rows = [(kind, schemas["query"].get("description", "").split("\n")[0]) for kind, schemas in kinds.items()]
    operator.answer(kinds, lambda: _show_kinds(operator, rows))


def _show_kinds(operator: Operator, rows: list[tuple[str, str]]) -> None:
    operator.pairs(rows)
    example = json.dumps({"kind": "trend", "series": [{"selector": {"events": ["purchase"]}}]})
    operator.out.print(
        operator.say("The least of a query file: ", "最简单的查询文件：") + example, markup=False
    )
