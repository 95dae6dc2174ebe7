"""``bihuan serve`` and ``bihuan worker``."""

from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import Annotated, Any

import typer
import uvicorn

import bihuan
from bihuan import worker as background
from bihuan.access import ADMIN_KEY_FILE
from bihuan.app import Installation
from bihuan.cli.command import Operator, command
from bihuan.cli.data_directory import DataDirectory, ServerRecord
from bihuan.cli.errors import DataDirectoryBusy, ServerRunning
from bihuan.cli.printing import pairs
from bihuan.server import create_server

# Long enough for a slow query; a request that is stored answers within milliseconds.
GRACE_SECONDS = 30


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
    changed = {"host": host, "port": port}
    given = {name: value for name, value in changed.items() if value is not None}
    run_server(operator, operator.settings.model_copy(update=given).host, given.get("port"), work=work)


def run_server(
    operator: Operator,
    host: str,
    port: int | None,
    *,
    work: bool = True,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve until told to stop; ``ready`` is called with the address once requests are answered.

    Raises:
        ServerRunning, DataDirectoryBusy, and what opening an installation raises.
    """
    settings = operator.settings
    directory = DataDirectory(settings)
    with directory.lock() as ours:
        if not ours:
            running = directory.server()
            if running is not None:
                raise ServerRunning(directory=str(settings.data), address=running.address)
            raise DataDirectoryBusy(directory=str(settings.data))
        listener = _bind(host, settings.port if port is None else port)
        with listener:
            address = _address(host, listener.getsockname()[1])
            installation = Installation(settings)
            try:
                installation.start(work=work)
                record = ServerRecord(os.getpid(), address, bihuan.__version__)
                with directory.announced(record):
                    show = ready or (lambda at: _show(operator, installation, at))
                    _Serving(installation, lambda: show(address)).run(sockets=[listener])
            finally:
                installation.close()


def worker(operator: Operator) -> None:
    """Run background jobs until SIGTERM or Ctrl-C, beside servers that share PostgreSQL and ClickHouse."""
    directory = DataDirectory(operator.settings)
    with directory.lock() as ours:
        if not ours:
            raise DataDirectoryBusy(directory=str(operator.settings.data))
        background.run(
            operator.settings,
            ready=lambda: operator.answer(
                {"pid": os.getpid()},
                lambda: operator.out.print(
                    operator.say("Working; Ctrl-C ends.", "正在运行，按 Ctrl-C 结束。")
                ),
            ),
        )


class _Serving(uvicorn.Server):
    """uvicorn, saying when it has begun and ending quietly on a signal."""

    def __init__(self, installation: Installation, begun: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                create_server(installation),
                interface="asgi3",
                lifespan="off",
                http="httptools",
                loop="uvloop",
                log_level="warning",
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._begun = begun

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._begun()

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until a signal; the signal is not raised again afterwards, so that closing can go on."""
        before = {each: signal.signal(each, _take_note) for each in (signal.SIGTERM, signal.SIGINT)}
        try:
            super().run(sockets)
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)


def _take_note(_signal: int, _frame: FrameType | None) -> None:
    """uvicorn raises the signal once more when it has stopped; by then it has been obeyed."""


def _bind(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


def _address(host: str, port: int) -> str:
    # A server on every address is asked on loopback.
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}"


def _show(operator: Operator, installation: Installation, address: str) -> None:
    made = installation.bootstrap
    key_file = str((installation.settings.data / ADMIN_KEY_FILE).resolve())
    answer: dict[str, Any] = {
        "address": address,
        "pid": os.getpid(),
        "project": made.project_id,
        "write_key": made.write_key,
        "admin_key_file": key_file,
    }
    if operator.as_json:
        operator.out.file.write(json.dumps(answer) + "\n")
    else:
        say = operator.say
        operator.out.print(say("Bihuan is serving.", "闭环已启动。"), style="bold")
        operator.out.print(
            pairs(
                [
                    (say("address", "地址"), address),
                    (say("project", "项目"), made.project_id),
                    (say("write key", "写入密钥"), made.write_key),
                    (say("admin key in", "管理密钥文件"), key_file),
                    (say("API", "接口文档"), f"{address}/api/docs"),
                ]
            )
        )
        operator.out.print(say("Ctrl-C ends.", "按 Ctrl-C 结束。"), style="dim")
    operator.out.file.flush()
