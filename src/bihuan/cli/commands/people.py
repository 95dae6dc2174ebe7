"""``bihuan people …``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from bihuan.cli.command import LimitOption, Operator, ProjectOption, command, command_group
from bihuan.cli.wording import moment

group = command_group("People: find, look at, merge, erase.")

PersonArgument = Annotated[str, typer.Argument(help="Any id of the person, or # and the person id.")]


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="people")
    command(group, "list")(list_people)
    command(group, "show")(show)
    command(group, "merge")(merge)
    command(group, "links")(links)
    command(group, "undo")(undo)
    command(group, "erase")(erase)


def list_people(
    operator: Operator,
    project: ProjectOption = None,
    search: Annotated[
        str | None, typer.Option(help="In ids, names, mail addresses, telephone numbers.")
    ] = None,
    limit: LimitOption = 50,
) -> None:
    """List people with a profile, the last changed first."""
    with operator.api() as api:
        found = list(api.items(f"{api.project(project)}/people", limit, search=search))
    rows = [(each["person_id"], each["distinct_ids"], each["properties"]) for each in found]
    headings = ("person", "ids", "properties")
    operator.answer(found, lambda: operator.table(rows, headings))


def show(
    operator: Operator,
    person: PersonArgument,
    project: ProjectOption = None,
    events: Annotated[int, typer.Option(min=0, help="How many of the latest events.")] = 20,
) -> None:
    """Show a person and the latest events."""
    with operator.api() as api:
        path = api.project(project)
        found = api.get(f"{path}/person", person=person)
        timeline = list(api.items(f"{path}/person/timeline", events, person=person))
    answer = {**found, "timeline": timeline}
    operator.answer(answer, lambda: _show(operator, found, timeline))


def merge(
    operator: Operator,
    from_id: Annotated[str, typer.Argument(help="An id of the person to be joined to the other.")],
    to_id: Annotated[str, typer.Argument(help="An id of the person who remains.")],
    project: ProjectOption = None,
) -> None:
    """Join two persons; `bihuan people undo` takes it back."""
    with operator.api() as api:
        body = {"from_id": from_id, "to_id": to_id}
        changed = api.post(f"{api.project(project)}/identity-links/merge", body)
    operator.answer(changed, lambda: _show_links(operator, changed["links"]))


def links(
    operator: Operator,
    project: ProjectOption = None,
    status: Annotated[str | None, typer.Option(help="applied, refused or undone.")] = None,
    limit: LimitOption = 50,
) -> None:
    """List which ids were joined, and which were refused."""
    with operator.api() as api:
        found = list(api.items(f"{api.project(project)}/identity-links", limit, status=status))
    operator.answer(found, lambda: _show_links(operator, found))


def undo(
    operator: Operator,
    link_id: Annotated[str, typer.Argument(help="From `bihuan people links`.")],
    project: ProjectOption = None,
) -> None:
    """Take back a merge, a link or an alias."""
    with operator.api() as api:
        changed = api.post(f"{api.project(project)}/identity-links/{link_id}/undo")
    operator.answer(changed, lambda: _show_links(operator, changed["links"]))


def erase(
    operator: Operator,
    person: PersonArgument,
    project: ProjectOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase everything recorded of a person, under all ids. It cannot be undone."""
    question = operator.say(f"Erase everything of {person}?", f"确认删除 {person} 的全部数据？")
    if not yes and not typer.confirm(question, err=True):
        raise typer.Abort
    with operator.api() as api:
        erased = api.delete(f"{api.project(project)}/person", person=person)
    operator.answer(erased, lambda: operator.pairs(erased.items()))


def _show(operator: Operator, person: dict[str, Any], timeline: list[dict[str, Any]]) -> None:
    operator.pairs(person.items())
    rows = [(moment(each["time"]), each["event"], each["source"], each["properties"]) for each in timeline]
    if rows:
        operator.table(rows, ("time", "event", "source", "properties"))


def _show_links(operator: Operator, found: list[dict[str, Any]]) -> None:
    names = ("link_id", "kind", "from_id", "to_id", "status", "reason")
    headings = [name for name in names if any(name in each for each in found)]
    operator.table([[each.get(name) for name in headings] for each in found], headings)
