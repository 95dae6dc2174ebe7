"""``bihuan experiment …`` and ``bihuan flag …``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bihuan.cli.command import LimitOption, Operator, ProjectOption, command, command_group
from bihuan.cli.errors import InputUnreadable
from bihuan.cli.wording import moment

if TYPE_CHECKING:
    from bihuan.cli.api import Api

group = command_group("Experiments: variants compared, with a verdict.")
flags = command_group("Feature flags: what software is told.")

ExperimentArgument = Annotated[str, typer.Argument(help="Name or id of the experiment.")]


def register(app: typer.Typer) -> None:
    """Add the groups."""
    app.add_typer(group, name="experiment")
    command(group, "list")(list_experiments)
    command(group, "read")(read)
    app.add_typer(flags, name="flag")
    command(flags, "list")(list_flags)


def list_experiments(operator: Operator, project: ProjectOption = None, limit: LimitOption = 200) -> None:
    """List experiments, the newest first."""
    with operator.api() as api:
        found = list(api.items(f"{api.project(project)}/experiments", limit))
    rows = [
        (each["id"], each["name"], each["status"], moment(each["started_at"]), moment(each["stopped_at"]))
        for each in found
    ]
    headings = ("id", "name", "status", "started_at", "stopped_at")
    operator.answer(found, lambda: operator.table(rows, headings))


def read(operator: Operator, experiment: ExperimentArgument, project: ProjectOption = None) -> None:
    """Take a reading of an experiment, which is kept, and say what it shows and what it does not."""
    with operator.api() as api:
        where = f"{api.project(project)}/experiments"
        look = api.post(f"{where}/{_found(api, where, experiment)['id']}/read")
    verdict = look["reading"]["verdict"]
    rows = [
        (kind, sentence[operator.language]) for kind in ("said", "not_said") for sentence in verdict[kind]
    ]
    operator.answer(look, lambda: operator.table([("outcome", verdict["outcome"]), *rows], ("kind", "text")))


def list_flags(operator: Operator, project: ProjectOption = None, limit: LimitOption = 200) -> None:
    """List feature flags, the newest first."""
    with operator.api() as api:
        found = list(api.items(f"{api.project(project)}/flags", limit))
    rows = [
        (
            each["key"],
            each["definition"]["kind"],
            ", ".join(each["definition"]["variants"]),
            each["version"],
            moment(each["updated_at"]),
        )
        for each in found
    ]
    operator.answer(
        found, lambda: operator.table(rows, ("flag", "kind", "variants", "version", "updated_at"))
    )


def _found(api: Api, where: str, wanted: str) -> dict[str, Any]:
    every = list(api.items(where))
    found = [each for each in every if wanted in (each["name"], each["id"])]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(each["id"] for each in found)
        raise InputUnreadable(
            name=wanted, reason=f"several have this name: {ids}", reason_zh=f"有重名：{ids}"
        )
    raise InputUnreadable(
        name=wanted, reason="there is none of this name or id", reason_zh="没有该名称或标识"
    )
