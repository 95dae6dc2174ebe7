"""``bihuan init``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from bihuan.cli.command import Operator, command


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "init")(init)


def init(
    operator: Operator,
    project: Annotated[str, typer.Option(help="Id of the first project.")] = "default",
    name: Annotated[str | None, typer.Option(help="Its name; otherwise the id.")] = None,
    time_zone: Annotated[str, typer.Option(help="Where its days begin.")] = "Asia/Shanghai",
    first_weekday: Annotated[int, typer.Option(min=1, max=7, help="1 is Monday, 7 is Sunday.")] = 1,
    currency: Annotated[str, typer.Option(help="ISO code.")] = "CNY",
) -> None:
    """Make the data directory, the first project and the keys. Run again, it changes nothing."""
    fresh = not operator.directory.initialised
    if fresh:
        from bihuan.cli.hosting import make_first_project  # noqa: PLC0415

        make_first_project(operator.settings, project, time_zone)
    with operator.api() as api:
        if fresh:
            change = {"name": name or project, "first_weekday": first_weekday, "currency": currency}
            api.patch(f"/api/projects/{project}", change)
        projects = list(api.items("/api/projects"))
        keys = list(api.items(f"/api/projects/{projects[0]['id']}/write-keys")) if projects else []
    write_key = next((key["key"] for key in keys if key["revoked_at"] is None), None)
    answer = {
        "data": str(operator.settings.data.resolve()),
        "created": fresh,
        "projects": [each["id"] for each in projects],
        "write_key": write_key,
        "admin_key_file": str(operator.directory.admin_key_file),
    }
    operator.answer(answer, lambda: _show(operator, answer))


def _show(operator: Operator, answer: dict[str, Any]) -> None:
    say, out = operator.say, operator.out
    done = say("Ready.", "已就绪。") if answer["created"] else say("Already there.", "此前已初始化。")
    out.print(done, style="bold")
    operator.pairs(
        [
            ("data directory", answer["data"]),
            ("projects", ", ".join(answer["projects"])),
            ("write key", answer["write_key"]),
            ("admin key in", answer["admin_key_file"]),
        ]
    )
    port = operator.settings.port
    event = '{"userId":"u1","event":"signed_up"}'
    out.print("\n" + say("Next:", "下一步："))
    out.print("  bihuan serve", markup=False)
    out.print(
        f"  curl -u {answer['write_key']}: -H 'content-type: application/json' "
        f"-d '{event}' http://{operator.settings.host}:{port}/v1/track",
        markup=False,
    )
    out.print("  bihuan import orders.csv", markup=False)
