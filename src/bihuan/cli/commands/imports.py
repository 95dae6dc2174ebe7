"""``bihuan imports …``: what was imported, going on with it, and taking it back."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bihuan.cli.command import LimitOption, Operator, ProjectOption, command, command_group
from bihuan.cli.errors import ImportFailed
from bihuan.cli.wording import moment

if TYPE_CHECKING:
    from bihuan.cli.api import Api

group = command_group("Imports there have been: list, continue, undo.")

ImportArgument = Annotated[str, typer.Argument(help="From `bihuan imports list`.")]
_POLL_SECONDS = 0.25


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="imports")
    command(group, "list")(list_imports)
    command(group, "resume")(resume)
    command(group, "undo")(undo)


def list_imports(operator: Operator, project: ProjectOption = None, limit: LimitOption = 50) -> None:
    """List imports, the latest first."""
    with operator.api() as api:
        found = api.get(f"{api.project(project)}/imports")[:limit]
    rows = [
        (
            each["id"],
            moment(each["created_at"]),
            each["file"],
            each["source"],
            each["state"],
            (each["totals"] or {}).get("accepted"),
            (each["totals"] or {}).get("rejected"),
        )
        for each in found
    ]
    headings = ("id", "started", "file", "source", "state", "stored", "quarantine")
    operator.answer(found, lambda: operator.table(rows, headings))


def resume(operator: Operator, import_id: ImportArgument, project: ProjectOption = None) -> None:
    """Go on with an import that stopped half-way, from the file as it was uploaded."""
    with operator.api(work=True) as api:
        where = api.project(project)
        result = _ended(api, where, import_id, api.post(f"{where}/imports/{import_id}/resume"))
    operator.answer(result, lambda: operator.pairs(result.items()))


def undo(
    operator: Operator,
    import_id: ImportArgument,
    project: ProjectOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete every row that an import stored; what was there before stays, and the file can come again."""
    with operator.api(work=True) as api:
        where = api.project(project)
        file = api.get(f"{where}/imports/{import_id}")["file"]
        question = operator.say(
            f"Delete everything that the import of {file} stored?", f"确认删除 {file} 的导入写入的全部数据？"
        )
        if not yes and not typer.confirm(question, err=True):
            raise typer.Abort
        gone = _ended(api, where, import_id, api.post(f"{where}/imports/{import_id}/undo"))
    operator.answer(gone, lambda: operator.pairs(gone.items()))


def _ended(api: Api, where: str, import_id: str, job: Any) -> dict[str, Any]:
    while job["state"] in ("queued", "running"):
        time.sleep(_POLL_SECONDS)
        job = api.get(f"{where}/jobs/{job['id']}")
    if job["state"] != "succeeded":
        raise ImportFailed(name=import_id, reason=job["error"] or job["state"])
    result: dict[str, Any] = job["result"]
    return result
