"""``bihuan demo``."""

from __future__ import annotations

from typing import Annotated

import typer

from bihuan.cli.command import Operator, command


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "demo")(demo)


def demo(
    operator: Operator,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="0 takes a free one.")] = None,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Leave the server running.")] = True,
) -> None:
    """Load the Complete Journey study, print what it answers, and serve it on loopback."""
    # Here, because it loads the server; the other commands begin faster without.
    from bihuan.cli.demo.command import demo as run  # noqa: PLC0415

    run(operator, port=port, serve=serve)
