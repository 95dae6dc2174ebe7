"""``bihuan journey …``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bihuan.cli.command import LimitOption, Operator, ProjectOption, command, command_group
from bihuan.cli.commands.subjects import NameArgument
from bihuan.cli.errors import InputUnreadable
from bihuan.cli.questions import read_text

if TYPE_CHECKING:
    from bihuan.cli.api import Api

group = command_group("Journeys: people led through waits, branches and messages.")

JourneyArgument = Annotated[str, typer.Argument(help="Name or id of the journey.")]
FileArgument = Annotated[Path, typer.Argument(help="The journey in YAML; - is standard input.")]
PeopleOption = Annotated[
    bool, typer.Option("--now", help="Have everybody leave now instead of finishing first.")
]


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="journey")
    command(group, "list")(list_journeys)
    command(group, "check")(check)
    command(group, "create")(create)
    command(group, "yaml")(yaml)
    command(group, "counts")(counts)
    command(group, "start")(start)
    command(group, "pause")(pause)
    command(group, "resume")(resume)
    command(group, "stop")(stop)


def list_journeys(operator: Operator, project: ProjectOption = None, limit: LimitOption = 200) -> None:
    """List journeys, the newest first."""
    with operator.api() as api:
        found = list(api.items(f"{api.project(project)}/journeys", limit))
    rows = [(each["id"], each["name"], each["state"], each["version"]) for each in found]
    operator.answer(found, lambda: operator.table(rows, ("id", "name", "state", "version")))


def check(operator: Operator, file: FileArgument, project: ProjectOption = None) -> None:
    """Find the faults of a journey; nothing is kept."""
    with operator.api() as api:
        found = api.post(f"{api.project(project)}/journeys/check", {"yaml": read_text(file)})
    language = operator.language
    rows = [(each["path"], each[language], each["code"]) for each in found["problems"]]
    operator.answer(found["problems"], lambda: operator.table(rows, ("path", "text", "code")))


def create(operator: Operator, name: NameArgument, file: FileArgument, project: ProjectOption = None) -> None:
    """Make a journey as a draft, which nobody comes into before it is started."""
    with operator.api() as api:
        made = api.post(f"{api.project(project)}/journeys", {"name": name, "yaml": read_text(file)})
    operator.answer(made, lambda: operator.pairs((each, made[each]) for each in ("id", "name", "state")))


def yaml(operator: Operator, journey: JourneyArgument, project: ProjectOption = None) -> None:
    """Show a journey as YAML."""
    with operator.api() as api:
        found = api.get(f"{_path(api, project, journey)}/yaml")
    operator.answer(found, lambda: print(found["yaml"], end=""))


def counts(operator: Operator, journey: JourneyArgument, project: ProjectOption = None) -> None:
    """Count who is at each node of a journey, and who came there ever."""
    with operator.api() as api:
        found = api.get(f"{_path(api, project, journey)}/counts")
    rows = [(each["node"], each["came"], each["inside"]) for each in found["nodes"]]
    operator.answer(found, lambda: operator.table(rows, ("node", "came", "inside")))


def start(operator: Operator, journey: JourneyArgument, project: ProjectOption = None) -> None:
    """Let people into a journey from now on."""
    _do(operator, project, journey, "start", None)


def pause(operator: Operator, journey: JourneyArgument, project: ProjectOption = None) -> None:
    """Move nobody until the journey is resumed."""
    _do(operator, project, journey, "pause", None)


def resume(operator: Operator, journey: JourneyArgument, project: ProjectOption = None) -> None:
    """Go on with a journey that is paused."""
    _do(operator, project, journey, "resume", {})


def stop(
    operator: Operator, journey: JourneyArgument, project: ProjectOption = None, now: PeopleOption = False
) -> None:
    """Let nobody into a journey any more."""
    _do(operator, project, journey, "stop", {"people": "leave" if now else "finish"})


def _do(operator: Operator, project: str | None, journey: str, act: str, body: Any) -> None:
    with operator.api() as api:
        found = api.post(f"{_path(api, project, journey)}/{act}", body)
    operator.answer(found, lambda: operator.pairs((each, found[each]) for each in ("id", "name", "state")))


def _path(api: Api, project: str | None, wanted: str) -> str:
    """The address of the journey with this id, or with exactly this name. Raises ``InputUnreadable``."""
    where = f"{api.project(project)}/journeys"
    found = [each["id"] for each in api.items(where, search=wanted) if each["name"] == wanted]
    found = found or [each["id"] for each in api.items(where) if each["id"] == wanted]
    if len(found) != 1:
        raise InputUnreadable(
            name=wanted, reason="not exactly one has this name or id", reason_zh="没有或不止一个该名称或标识"
        )
    return f"{where}/{found[0]}"
