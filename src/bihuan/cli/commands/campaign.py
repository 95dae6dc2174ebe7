"""``bihuan campaign …``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from bihuan.cli.command import LimitOption, Operator, ProjectOption, command, command_group
from bihuan.cli.commands.subjects import read_object
from bihuan.cli.errors import InputUnreadable
from bihuan.cli.wording import moment

if TYPE_CHECKING:
    from bihuan.cli.api import Api

group = command_group("Campaigns: from a plan to what it did.")
CampaignArgument = Annotated[str, typer.Argument(help="Name or id of the campaign.")]
Verb = Literal[
    "submit", "withdraw", "schedule", "unschedule", "start", "pause", "resume", "finish", "evaluate"
]


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="campaign")
    command(group, "list")(list_campaigns)
    command(group, "templates")(templates)
    command(group, "create")(create)
    command(group, "show")(show)
    command(group, "preflight")(preflight)
    command(group, "do")(act)
    command(group, "report")(report)


def list_campaigns(
    operator: Operator,
    project: ProjectOption = None,
    search: Annotated[str | None, typer.Option(help="Part of a name.")] = None,
    limit: LimitOption = 200,
) -> None:
    """List campaigns, the newest first."""
    with operator.api() as api:
        found = list(api.items(f"{api.project(project)}/campaigns", limit, search=search))
    rows = [
        (each["id"], each["name"], each["lever"], each["status"], moment(each["plan"]["starts_at"]))
        for each in found
    ]
    headings = ("id", "name", "lever", "status", "starts_at")
    operator.answer(found, lambda: operator.table(rows, headings))


def templates(operator: Operator, project: ProjectOption = None) -> None:
    """List the ready campaigns that one may begin with."""
    with operator.api() as api:
        found = api.get(f"{api.project(project)}/campaign-templates")
    rows = [(each["key"], each["name"]["zh"], each["name"]["en"], each["lever"]) for each in found]
    operator.answer(found, lambda: operator.table(rows, ("key", "zh", "en", "lever")))


def create(
    operator: Operator,
    name: Annotated[str, typer.Argument(help="What it is called.")],
    project: ProjectOption = None,
    template: Annotated[str | None, typer.Option(help="A ready campaign to begin with.")] = None,
    file: Annotated[
        Path | None, typer.Option("--file", "-f", help="The plan in YAML or JSON; - is standard input.")
    ] = None,
) -> None:
    """Begin a campaign as a draft."""
    body: dict[str, Any] = {"name": name, "template": template}
    if file is not None:
        body["plan"] = read_object(file)
    with operator.api() as api:
        found = api.post(f"{api.project(project)}/campaigns", body)
    operator.answer(found, lambda: operator.pairs((each, found[each]) for each in ("id", "name", "status")))


def show(operator: Operator, campaign: CampaignArgument, project: ProjectOption = None) -> None:
    """Show a campaign with its plan."""
    with operator.api() as api:
        found = _find(api, api.project(project), campaign)
    operator.answer(found, lambda: operator.pairs(found.items()))


def preflight(operator: Operator, campaign: CampaignArgument, project: ProjectOption = None) -> None:
    """Say what would happen if it began now, and what is missing."""
    with operator.api() as api:
        where = api.project(project)
        row = _find(api, where, campaign)
        found = api.get(f"{where}/campaigns/{row['id']}/preflight")
    language = operator.language
    rows = [
        (each["level"], each["path"], each["message"][language], (each["hint"] or {}).get(language, ""))
        for each in found["findings"]
    ]
    operator.answer(found, lambda: operator.table(rows, ("level", "place", "text", "hint")))


def act(
    operator: Operator,
    campaign: CampaignArgument,
    verb: Annotated[Verb, typer.Argument(help="What to do with it.")],
    project: ProjectOption = None,
    note: Annotated[str, typer.Option(help="Kept in its activity log.")] = "",
) -> None:
    """Submit, withdraw, schedule, unschedule, start, pause, resume, finish or evaluate a campaign."""
    with operator.api() as api:
        where = api.project(project)
        row = _find(api, where, campaign)
        found = api.post(f"{where}/campaigns/{row['id']}/do/{verb}", {"note": note})
    operator.answer(found, lambda: operator.pairs((each, found[each]) for each in ("id", "name", "status")))


def report(operator: Operator, campaign: CampaignArgument, project: ProjectOption = None) -> None:
    """Show what a campaign did, in words."""
    with operator.api() as api:
        where = api.project(project)
        row = _find(api, where, campaign)
        found = api.get(f"{where}/campaigns/{row['id']}/report")
    language = operator.language
    said = [("said", each[language]) for each in found["can_say"]]
    said += [("not_said", each[language]) for each in found["cannot_say"]]
    operator.answer(found, lambda: operator.pairs(said))


def _find(api: Api, where: str, wanted: str) -> dict[str, Any]:
    found = [each for each in api.items(f"{where}/campaigns") if wanted in (each["id"], each["name"])]
    if len(found) != 1:
        ids = ", ".join(each["id"] for each in found)
        raise InputUnreadable(
            name=wanted,
            reason=f"several have this name: {ids}" if found else "there is none of this name or id",
            reason_zh=f"有重名：{ids}" if found else "没有该名称或标识",
        )
    return found[0]
