"""What the commands of audiences and of tags share: finding one, its definition's file, and refreshing it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from bihuan.cli.errors import InputUnreadable, RefreshFailed
from bihuan.cli.questions import read_text, read_yaml

if TYPE_CHECKING:
    from bihuan.cli.api import Api
    from bihuan.cli.operator import Operator

Rhythm = Literal["never", "hourly", "daily", "live"]
RefreshOption = Annotated[
    Rhythm | None, typer.Option("--refresh", help="When it is found out anew: never, hourly, daily or live.")
]
DescriptionOption = Annotated[str, typer.Option("--description", help="What it is for.")]
NameArgument = Annotated[str, typer.Argument(help="Its name; no other may have it.")]
YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
_POLL_SECONDS = 0.25


def find(api: Api, where: str, kind: Literal["audiences", "tags"], wanted: str) -> dict[str, Any]:
    """The audience or tag with this id, or with exactly this name. Raises ``InputUnreadable``."""
    found = [each for each in api.items(f"{where}/{kind}", search=wanted) if each["name"] == wanted]
    if not found:
        found = [each for each in api.items(f"{where}/{kind}") if each["id"] == wanted]
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


def read_object(file: Path) -> dict[str, Any]:
    """The object in a file of YAML or JSON; ``-`` is standard input. Raises ``InputUnreadable``."""
    content = read_yaml(read_text(file), str(file))
    if not isinstance(content, dict):
        raise InputUnreadable(path="file", name=str(file), reason="not an object", reason_zh="不是对象")
    return content


def refresh_now(
    operator: Operator, project: str | None, kind: Literal["audiences", "tags"], wanted: str
) -> None:
    """Refresh an audience or a tag, wait for it and say what changed. Raises ``RefreshFailed``."""
    with operator.api(work=True) as api:
        where = api.project(project)
        row = find(api, where, kind, wanted)
        job = api.post(f"{where}/subjects/{row['id']}/refresh")
        while job["state"] in ("queued", "running"):
            time.sleep(_POLL_SECONDS)
            job = api.get(f"{where}/jobs/{job['id']}")
        if job["state"] != "succeeded":
            raise RefreshFailed(name=row["name"], reason=job["error"] or job["state"])
        # Of the schedule's, when it was at it already.
        changed = first_run(api, where, row)
    operator.answer(changed, lambda: show_run(operator, changed))


def first_run(api: Api, where: str, row: dict[str, Any]) -> dict[str, Any]:
    """The latest refresh of one, waited for when there is none yet. Raises ``RefreshFailed``."""
    while not (runs := api.get(f"{where}/subjects/{row['id']}/runs", limit=1)["items"]):
        time.sleep(_POLL_SECONDS)
    run: dict[str, Any] = runs[0]
    if run["error"] is not None:
        raise RefreshFailed(name=row["name"], reason=run["error"]["en"], reason_zh=run["error"]["zh"])
    return run


def show_run(operator: Operator, run: dict[str, Any]) -> None:
    """Print what a refresh changed."""
    operator.pairs((name, run[name]) for name in ("people", "entered", "changed", "left", "milliseconds"))
