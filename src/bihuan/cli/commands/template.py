"""``bihuan template …`` and ``bihuan consent …``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from bihuan.cli.command import LimitOption, Operator, ProjectOption, command, command_group
from bihuan.cli.errors import InputUnreadable
from bihuan.cli.wording import moment

group = command_group("Templates of messages.")
consents = command_group("Who may be written to.")

TemplateArgument = Annotated[str, typer.Argument(help="Name or id of the template.")]
PersonArgument = Annotated[str, typer.Argument(help="Any id of the person, or # and the number.")]
AddressArgument = Annotated[str, typer.Argument(help="The address that nobody is to write to.")]
MediumOption = Annotated[str, typer.Option(help="email, sms, push, in_app, bot, webhook, or * for all.")]


def register(app: typer.Typer) -> None:
    """Add the groups."""
    app.add_typer(group, name="template")
    command(group, "list")(list_templates)
    command(group, "check")(check)
    app.add_typer(consents, name="consent")
    command(consents, "show")(show)
    command(consents, "suppress")(suppress)


def list_templates(operator: Operator, project: ProjectOption = None, limit: LimitOption = 200) -> None:
    """List templates of messages, the newest first."""
    with operator.api() as api:
        found = list(api.items(f"{api.project(project)}/message-templates", limit))
    rows = [
        (
            each["id"],
            each["name"],
            each["medium"],
            each["purpose"],
            each["version"],
            moment(each["updated_at"]),
        )
        for each in found
    ]
    headings = ("id", "name", "medium", "purpose", "version", "updated_at")
    operator.answer(found, lambda: operator.table(rows, headings))


def check(operator: Operator, template: TemplateArgument, project: ProjectOption = None) -> None:
    """List everything that is wrong with a template."""
    with operator.api() as api:
        where = f"{api.project(project)}/message-templates"
        found = [each for each in api.items(where) if template in (each["name"], each["id"])]
        if len(found) != 1:
            raise InputUnreadable(
                name=template,
                reason="there is no such template, or there are several",
                reason_zh="没有该模板，或有多个同名模板",
            )
        problems: list[dict[str, Any]] = api.get(f"{where}/{found[0]['id']}/check")
    rows = [(each["severity"], each["code"], _place(each), each[operator.language]) for each in problems]
    operator.answer(problems, lambda: operator.table(rows, ("severity", "code", "place", "text")))


def show(operator: Operator, person: PersonArgument, project: ProjectOption = None) -> None:
    """Show what a person agreed to, with proof."""
    with operator.api() as api:
        found = api.get(f"{api.project(project)}/consent/person", person=person)
    rows = [
        (each["purpose"], each["medium"], each["action"], moment(each["at"]), each["source"], each["wording"])
        for each in found["proofs"]
    ]
    headings = ("purpose", "medium", "action", "at", "source", "wording")
    operator.answer(found, lambda: operator.table(rows, headings))


def suppress(
    operator: Operator,
    address: AddressArgument,
    medium: MediumOption = "email",
    project: ProjectOption = None,
) -> None:
    """Write to an address no more."""
    with operator.api() as api:
        sent = {"address": address, "medium": medium}
        made = api.post(f"{api.project(project)}/consent/suppressions", sent)
    operator.answer(made, lambda: operator.pairs([("shown", made["shown"]), ("medium", made["medium"])]))


def _place(problem: dict[str, Any]) -> str:
    parts = [problem[name] for name in ("variant", "language", "field", "snippet") if problem[name]]
    at = f":{problem['line']}:{problem['column']}" if problem["line"] else ""
    return "/".join(parts) + at
