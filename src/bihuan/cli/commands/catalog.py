"""``bihuan catalog …``: the tracking plan 埋点方案."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from bihuan.cli.command import LimitOption, Operator, ProjectOption, command, command_group
from bihuan.cli.commands.exporting import save
from bihuan.cli.errors import InputUnreadable
from bihuan.cli.wording import moment

group = command_group("The tracking plan: events and properties, planned and seen.")

PlanForm = Literal["yaml", "xlsx"]
_FORMS: dict[str, PlanForm] = {".yaml": "yaml", ".yml": "yaml", ".xlsx": "xlsx"}


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="catalog")
    command(group, "list")(list_events)
    command(group, "show")(show)
    command(group, "mode")(mode)
    command(group, "violations")(violations)
    command(group, "export")(export_plan)
    command(group, "import")(import_plan)


def list_events(
    operator: Operator,
    project: ProjectOption = None,
    search: Annotated[str | None, typer.Option(help="Part of a name.")] = None,
    limit: LimitOption = 200,
) -> None:
    """List events, planned and seen."""
    with operator.api() as api:
        events = list(api.items(f"{api.project(project)}/catalog/events", limit, search=search))
    rows = [(each["name"], each["status"], *_seen(each), each.get("owner")) for each in events]
    headings = ("event", "status", "count", "first seen", "last seen", "owner")
    operator.answer(events, lambda: operator.table(rows, headings))


def show(
    operator: Operator,
    event: Annotated[str, typer.Argument(help="Name of the event.")],
    project: ProjectOption = None,
) -> None:
    """Show an event with its properties."""
    with operator.api() as api:
        found = api.get(f"{api.project(project)}/catalog/event", event=event)
    operator.answer(found, lambda: _show(operator, found))


def mode(
    operator: Operator,
    chosen: Annotated[
        Literal["observe", "warn", "enforce"] | None, typer.Argument(help="Not given: show it.")
    ] = None,
    project: ProjectOption = None,
) -> None:
    """Show or set how strictly the plan is applied: observe, warn or enforce."""
    with operator.api() as api:
        path = f"{api.project(project)}/catalog/settings"
        settings = api.get(path) if chosen is None else api.patch(path, {"mode": chosen})
    operator.answer(settings, lambda: operator.pairs(settings.items()))


def violations(operator: Operator, project: ProjectOption = None, limit: LimitOption = 100) -> None:
    """List how traffic broke the plan."""
    with operator.api() as api:
        found = list(api.items(f"{api.project(project)}/catalog/violations", limit))
    headings = list(dict.fromkeys(name for each in found for name in each))
    rows = [[each.get(name) for name in headings] for each in found]
    operator.answer(found, lambda: operator.table(rows, headings))


def export_plan(
    operator: Operator,
    file: Annotated[Path, typer.Argument(help="plan.yaml or plan.xlsx; - is YAML on standard output.")],
    project: ProjectOption = None,
) -> None:
    """Write the plan to a file."""
    to_output = str(file) == "-"
    form = "yaml" if to_output else _form(file)
    with operator.api() as api, api.stream("GET", f"{api.project(project)}/catalog/plan.{form}") as pieces:
        if to_output:
            sys.stdout.write(b"".join(pieces).decode())
            return
        save(pieces, file)
    operator.answer({"file": str(file)}, lambda: operator.out.print(str(file), markup=False))


def import_plan(
    operator: Operator,
    file: Annotated[Path, typer.Argument(help="plan.yaml or plan.xlsx.")],
    project: ProjectOption = None,
) -> None:
    """Add or change what the file has; what it does not name stays."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InputUnreadable(path="file", name=str(file), reason=str(error)) from error
    with operator.api() as api:
        changed = api.send("PUT", f"{api.project(project)}/catalog/plan.{_form(file)}", content)
    operator.answer(changed, lambda: operator.pairs(changed.items()))


def _form(file: Path) -> PlanForm:
    if file.suffix.lower() not in _FORMS:
        raise InputUnreadable(path="file", name=str(file), reason=".yaml, .xlsx")
    return _FORMS[file.suffix.lower()]


def _seen(item: dict[str, Any]) -> tuple[Any, str, str]:
    seen = item["seen"]
    return seen["count"], _moment(seen["first_ms"]), _moment(seen["last_ms"])


def _moment(milliseconds: int | None) -> str:
    return moment(
        None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat()
    )


def _show(operator: Operator, event: dict[str, Any]) -> None:
    properties = event.pop("properties", [])
    operator.pairs(event.items())
    rows = [(each["name"], each.get("type"), each.get("status"), each.get("required")) for each in properties]
    operator.table(rows, ("property", "type", "status", "required"))
