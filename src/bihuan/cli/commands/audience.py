"""``bihuan audience …``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from bihuan.cli.command import LimitOption, Operator, ProjectOption, command, command_group
from bihuan.cli.commands.exporting import (
    STANDARD_OUTPUT,
    FormatOption,
    OutOption,
    PropertyOption,
    SpreadsheetOption,
    send_file,
)
from bihuan.cli.commands.subjects import (
    DescriptionOption,
    NameArgument,
    RefreshOption,
    YesOption,
    find,
    first_run,
    read_object,
    refresh_now,
)
from bihuan.cli.errors import InputUnreadable
from bihuan.cli.questions import read_text
from bihuan.cli.wording import moment

group = command_group("Audiences: sets of people, by a condition or by a list.")

AudienceArgument = Annotated[str, typer.Argument(help="Name or id of the audience.")]


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="audience")
    command(group, "list")(list_audiences)
    command(group, "show")(show)
    command(group, "create")(create)
    command(group, "refresh")(refresh)
    command(group, "people")(people)
    command(group, "export")(export)
    command(group, "delete")(delete)


def list_audiences(
    operator: Operator,
    project: ProjectOption = None,
    search: Annotated[str | None, typer.Option(help="Part of a name.")] = None,
    limit: LimitOption = 200,
) -> None:
    """List audiences, the newest first."""
    with operator.api() as api:
        found = list(api.items(f"{api.project(project)}/audiences", limit, search=search))
    rows = [
        (
            each["id"],
            each["name"],
            each["kind"],
            each["size"],
            each["refresh"],
            moment(each["refreshed_at"]),
            _failure(operator, each),
        )
        for each in found
    ]
    headings = ("id", "name", "kind", "people", "refresh", "refreshed_at", "error")
    operator.answer(found, lambda: operator.table(rows, headings))


def show(operator: Operator, audience: AudienceArgument, project: ProjectOption = None) -> None:
    """Show an audience with its condition."""
    with operator.api() as api:
        found = find(api, api.project(project), "audiences", audience)
    operator.answer(found, lambda: operator.pairs(found.items()))


def create(
    operator: Operator,
    name: NameArgument,
    project: ProjectOption = None,
    file: Annotated[
        Path | None, typer.Option("--file", "-f", help="The condition in YAML or JSON; - is standard input.")
    ] = None,
    ids: Annotated[
        Path | None, typer.Option("--ids", help="Ids of people, one a line; - is standard input.")
    ] = None,
    refresh: RefreshOption = None,
    description: DescriptionOption = "",
) -> None:
    """Make an audience by a condition (--file) or of these ids (--ids), and find out who is in it."""
    if (file is None) == (ids is None):
        raise InputUnreadable(name="--file/--ids", reason="one of the two", reason_zh="须且只能给出其一")
    people: dict[str, Any] = (
        {"distinct_ids": _ids(ids)} if ids else {"condition": read_object(file or Path())}
    )
    body = {"name": name, "description": description, "people": people, "refresh": refresh or "never"}
    with operator.api(work=True) as api:
        where = api.project(project)
        made = api.post(f"{where}/audiences", body)
        if made["kind"] == "condition":
            first_run(api, where, made)
        found = {**made, **api.get(f"{where}/audiences/{made['id']}")}
    shown = ("id", "name", "kind", "size", "refresh", *(("unknown_count", "unknown_ids") if ids else ()))
    operator.answer(found, lambda: operator.pairs((each, found[each]) for each in shown))


def refresh(operator: Operator, audience: AudienceArgument, project: ProjectOption = None) -> None:
    """Find out anew who is in an audience, and say how many entered and left."""
    refresh_now(operator, project, "audiences", audience)


def people(
    operator: Operator, audience: AudienceArgument, project: ProjectOption = None, limit: LimitOption = 50
) -> None:
    """List who is in an audience."""
    with operator.api() as api:
        where = api.project(project)
        row = find(api, where, "audiences", audience)
        found = list(api.items(f"{where}/audiences/{row['id']}/people", limit))
    rows = [(each["person_id"], each["distinct_ids"], each["properties"]) for each in found]
    operator.answer(found, lambda: operator.table(rows, ("person", "ids", "properties")))


def export(
    operator: Operator,
    audience: AudienceArgument,
    out: OutOption = STANDARD_OUTPUT,
    format: FormatOption = None,
    project: ProjectOption = None,
    properties: PropertyOption = None,
    spreadsheet: SpreadsheetOption = False,
) -> None:
    """Export everybody in an audience as a table file."""
    with operator.api() as api:
        row = find(api, api.project(project), "audiences", audience)
    params = {"property": properties, "spreadsheet": spreadsheet}
    send_file(operator, "GET", f"/audiences/{row['id']}/export", project, out, format, params)


def delete(
    operator: Operator, audience: AudienceArgument, project: ProjectOption = None, yes: YesOption = False
) -> None:
    """Delete an audience; the people stay."""
    with operator.api() as api:
        where = api.project(project)
        row = find(api, where, "audiences", audience)
        question = operator.say(f"Delete the audience {row['name']}?", f"确认删除人群「{row['name']}」？")
        if not yes and not typer.confirm(question, err=True):
            raise typer.Abort
        api.delete(f"{where}/audiences/{row['id']}")
    gone = {"id": row["id"], "name": row["name"]}
    operator.answer(gone, lambda: operator.pairs(gone.items()))


def _failure(operator: Operator, row: dict[str, Any]) -> str | None:
    return None if row["error"] is None else str(row["error"][operator.language])


def _ids(file: Path) -> list[str]:
    return [line.strip() for line in read_text(file).splitlines() if line.strip()]
