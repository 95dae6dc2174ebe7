"""``bihuan serve`` and ``bihuan worker``."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from bihuan.cli.command import Operator, command
from bihuan.cli.errors import DataDirectoryBusy, ServerRunning
from bihuan.kernel.garbage import kept_for_good


def register(app: typer.Typer) -> None:
    """Add the commands."""
    command(app, "serve")(serve)
    command(app, "worker")(worker)


def serve(
    operator: Operator,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="0 takes a free one.")] = None,
    work: Annotated[bool, typer.Option("--work/--no-work", help="Run background jobs here too.")] = True,
) -> None:
    """Serve collection, API and background jobs until SIGTERM or Ctrl-C."""
    directory = operator.directory
    running = directory.server() if directory.exclusive else None
    if running is not None:
        raise ServerRunning(directory=str(directory.path), address=running.address)
    # Here, because it loads the server, which takes longer than all the rest.
    with kept_for_good():
        from bihuan.cli.hosting import run_server  # noqa: PLC0415

    run_server(operator, host=host, port=port, work=work)


def worker(operator: Operator) -> None:
    """Run background jobs until SIGTERM or Ctrl-C, beside servers that share PostgreSQL and ClickHouse."""
    with kept_for_good():
        from bihuan.worker import run  # noqa: PLC0415

    with operator.directory.lock() as ours:
        if not ours:
            raise DataDirectoryBusy(directory=str(operator.settings.data))
        started = operator.say("Working; Ctrl-C ends.", "正在运行，按 Ctrl-C 结束。")
        value = {"pid": os.getpid()}
        run(operator.settings, ready=lambda: operator.answer(value, lambda: operator.out.print(started)))
