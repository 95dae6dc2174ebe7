"""``bihuan doctor``."""

from __future__ import annotations

from typing import Any

import typer

from bihuan.cli.command import Operator, command
from bihuan.cli.exit_codes import NOTHING_GOOD
from bihuan.cli.language import word
from bihuan.kernel.errors import BihuanError

_MARKS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "bold red")}


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "doctor")(doctor)


def doctor(operator: Operator) -> None:
    """Check the installation, and say how to mend what is wrong. Exit code 4 when a check fails.

    Settings are shown without secrets. When nothing can be opened, the machine is checked all the same.
    """
    checks: list[dict[str, Any]]
    try:
        with operator.api() as api:
            checks = api.get("/api/doctor")
        running = None if operator.remote else operator.directory.server()
        where = "–" if running is None else running.address
        checks.insert(0, _check("server", "ok", where, None))
    except BihuanError as error:
        checks = [] if operator.remote else _local(operator)
        language = operator.language
        checks.append(_check("installation", "fail", error.message(language), error.hint(language)))
    operator.answer(checks, lambda: _show(operator, checks))
    if any(check["state"] == "fail" for check in checks):
        raise typer.Exit(NOTHING_GOOD)


def _local(operator: Operator) -> list[dict[str, Any]]:
    from bihuan.server.doctor import local_checks  # noqa: PLC0415

    return [each.model_dump() for each in local_checks(operator.settings, operator.language)]


def _check(name: str, state: str, detail: str, mend: str | None) -> dict[str, Any]:
    return {"name": name, "state": state, "detail": detail, "mend": mend}


def _show(operator: Operator, checks: list[dict[str, Any]]) -> None:
    from rich.text import Text  # noqa: PLC0415

    for check in checks:
        mark, style = _MARKS[check["state"]]
        operator.out.print(Text.assemble((f"{mark} {word(check['name'])}", style), "  ", check["detail"]))
        if check["mend"]:
            operator.out.print(Text(f"    → {check['mend']}", style="yellow"))
