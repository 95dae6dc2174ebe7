"""``bihuan project …``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from bihuan.cli.command import Operator, command, command_group
from bihuan.cli.wording import moment

group = command_group("Projects: each has events, people and a calendar of its own.")

ProjectId = Annotated[str, typer.Argument(help="Id of the project.")]
Name = Annotated[str | None, typer.Option(help="What people call it.")]
TimeZone = Annotated[str | None, typer.Option(help="Where its days begin: an IANA name.")]
FirstWeekday = Annotated[int | None, typer.Option(min=1, max=7, help="1 is Monday, 7 is Sunday.")]
SessionGap = Annotated[
    int | None, typer.Option(min=1, max=86_400, help="Silence that ends a session, in seconds.")
]
Currency = Annotated[str | None, typer.Option(help="ISO code.")]


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="project")
    command(group, "create")(create)
    command(group, "list")(list_projects)
    command(group, "show")(show)
    command(group, "change")(change)
    command(group, "delete")(delete)


def create(
    operator: Operator,
    project_id: ProjectId,
    name: Name = None,
    time_zone: TimeZone = None,
    first_weekday: FirstWeekday = None,
    session_gap_seconds: SessionGap = None,
    currency: Currency = None,
) -> None:
    """Make a project with a source and a write key."""
    given = _given(name or project_id, time_zone, first_weekday, session_gap_seconds, currency)
    with operator.api() as api:
        made = api.post("/api/projects", {"id": project_id, **given})
        source = api.post(f"/api/projects/{project_id}/sources", {"name": "default"})
        key = api.post(f"/api/projects/{project_id}/write-keys", {"source_id": source["id"]})
    answer = {**made, "write_key": key["key"]}
    operator.answer(answer, lambda: _show(operator, answer))


def list_projects(operator: Operator) -> None:
    """List the projects that the key can see."""
    with operator.api() as api:
        projects = list(api.items("/api/projects"))
    rows = [
        (each["id"], each["name"], each["time_zone"], each["currency"], moment(each["created_at"]))
        for each in projects
    ]
    headings = ("id", "name", "time zone", "currency", "created")
    operator.answer(projects, lambda: operator.table(rows, headings))


def show(operator: Operator, project_id: ProjectId) -> None:
    """Show a project and its sources."""
    with operator.api() as api:
        path = api.project(project_id)
        answer = {**api.get(path), "sources": [each["name"] for each in api.items(f"{path}/sources")]}
    operator.answer(answer, lambda: _show(operator, answer))


def change(
    operator: Operator,
    project_id: ProjectId,
    name: Name = None,
    time_zone: TimeZone = None,
    first_weekday: FirstWeekday = None,
    session_gap_seconds: SessionGap = None,
    currency: Currency = None,
) -> None:
    """Change what is given; the rest stays. Answers follow the new calendar at once."""
    given = _given(name, time_zone, first_weekday, session_gap_seconds, currency)
    with operator.api() as api:
        answer = api.patch(api.project(project_id), given)
    operator.answer(answer, lambda: _show(operator, answer))


def delete(
    operator: Operator,
    project_id: ProjectId,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete a project with its events, people and keys. It cannot be undone."""
    question = operator.say(
        f"Delete {project_id} with everything in it? Type its id",
        f"确认删除 {project_id} 及其全部数据？请输入项目标识",
    )
    if not yes and typer.prompt(question, err=True) != project_id:
        raise typer.Abort
    with operator.api() as api:
        api.delete(api.project(project_id))
    done = operator.say(f"{project_id} is deleted.", f"{project_id} 已删除。")
    operator.answer({"deleted": project_id}, lambda: operator.out.print(done, markup=False))


def _given(
    name: str | None,
    time_zone: str | None,
    first_weekday: int | None,
    session_gap_seconds: int | None,
    currency: str | None,
) -> dict[str, Any]:
    values = {
        "name": name,
        "time_zone": time_zone,
        "first_weekday": first_weekday,
        "session_gap_seconds": session_gap_seconds,
        "currency": currency,
    }
    return {field: value for field, value in values.items() if value is not None}


def _show(operator: Operator, project: dict[str, Any]) -> None:
    shown = [(name, value) for name, value in project.items() if value not in ({}, None)]
    operator.pairs(shown)
