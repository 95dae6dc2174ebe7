"""``bihuan tag …``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from bihuan.cli.command import LimitOption, Operator, ProjectOption, command, command_group
from bihuan.cli.commands.subjects import (
    DescriptionOption,
    NameArgument,
    RefreshOption,
    find,
    first_run,
    read_object,
    refresh_now,
)
from bihuan.cli.errors import InputUnreadable
from bihuan.cli.wording import moment

group = command_group("Tags: named values of people, found by rules, statistics, SQL and models, or given.")

TagArgument = Annotated[str, typer.Argument(help="Name or id of the tag.")]


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="tag")
    command(group, "list")(list_tags)
    command(group, "show")(show)
    command(group, "create")(create)
    command(group, "refresh")(refresh)
    command(group, "import")(import_values)
    command(group, "values")(values)


def list_tags(
    operator: Operator,
    project: ProjectOption = None,
    search: Annotated[str | None, typer.Option(help="Part of a name.")] = None,
    category: Annotated[str | None, typer.Option(help="Only those in this category and below it.")] = None,
    limit: LimitOption = 200,
) -> None:
    """List tags, the newest first."""
    with operator.api() as api:
        path = f"{api.project(project)}/tags"
        found = list(api.items(path, limit, search=search, category=category))
    rows = [
        (
            each["id"],
            each["name"],
            each["kind"],
            each["category"],
            each["people"],
            each["refresh"],
            moment(each["refreshed_at"]),
            None if each["error"] is None else each["error"][operator.language],
        )
        for each in found
    ]
    headings = ("id", "name", "kind", "category", "people", "refresh", "refreshed_at", "error")
    operator.answer(found, lambda: operator.table(rows, headings))


def show(operator: Operator, tag: TagArgument, project: ProjectOption = None) -> None:
    """Show a tag with its definition."""
    with operator.api() as api:
        found = find(api, api.project(project), "tags", tag)
    shown = {name: value for name, value in found.items() if name != "values"}
    operator.answer(found, lambda: operator.pairs(shown.items()))


def create(
    operator: Operator,
    name: NameArgument,
    file: Annotated[
        Path, typer.Option("--file", "-f", help="The definition in YAML or JSON; - is standard input.")
    ],
    project: ProjectOption = None,
    refresh: RefreshOption = None,
    category: Annotated[str, typer.Option(help="Where it is in the tree, with / between.")] = "",
    owner: Annotated[str, typer.Option(help="Who answers for it.")] = "",
    description: DescriptionOption = "",
) -> None:
    """Define a tag, and find out who has which value."""
    body = {
        "name": name,
        "description": description,
        "category": category,
        "owner": owner,
        "definition": read_object(file),
        "refresh": refresh or "daily",
    }
    with operator.api(work=True) as api:
        where = api.project(project)
        made = api.post(f"{where}/tags", body)
        if made["kind"] != "manual":
            first_run(api, where, made)
        found = api.get(f"{where}/tags/{made['id']}")
    shown = ("id", "name", "kind", "people", "value_count", "refresh")
    operator.answer(found, lambda: operator.pairs((each, found[each]) for each in shown))


def refresh(operator: Operator, tag: TagArgument, project: ProjectOption = None) -> None:
    """Find out anew who has which value, and say how many changed."""
    refresh_now(operator, project, "tags", tag)


def import_values(
    operator: Operator,
    tag: TagArgument,
    file: Annotated[Path, typer.Argument(help="CSV with a heading: id, value; UTF-8 or GBK.")],
    project: ProjectOption = None,
    value: Annotated[str | None, typer.Option(help="For files of ids only: the value of all.")] = None,
) -> None:
    """Give people values of a tag kept by hand, from a file of ids."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InputUnreadable(path="file", name=str(file), reason=str(error)) from error
    with operator.api() as api:
        where = api.project(project)
        row = find(api, where, "tags", tag)
        done = api.upload(f"{where}/tags/{row['id']}/import", file.name, content, value=value)
    operator.answer(done, lambda: operator.pairs(done.items()))


def values(
    operator: Operator,
    tag: TagArgument,
    project: ProjectOption = None,
    of: Annotated[
        str | None, typer.Option("--of", help="Of one person instead: any id, or # and the person id.")
    ] = None,
) -> None:
    """Show how many people have each value, or the history of one person's."""
    with operator.api() as api:
        where = api.project(project)
        row = find(api, where, "tags", tag)
        if of is None:
            sizes = row["values"]
            rows = [(each["value"], each["people"]) for each in sizes]
            operator.answer(sizes, lambda: operator.table(rows, ("value", "people")))
            return
        tags = api.get(f"{where}/tags/of-person", person=of)
    history: list[dict[str, Any]] = next(
        (each["history"] for each in tags if each["tag_id"] == row["id"]), []
    )
    past = [(moment(each["at"]), each["before"], each["value"]) for each in history]
    operator.answer(history, lambda: operator.table(past, ("time", "before", "value")))
