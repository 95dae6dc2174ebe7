"""An installation served by this process for everybody."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import socket
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from types import FrameType
from typing import Any, cast

import uvicorn

import bihuan
from bihuan.access import bootstrap, first_setup_link
from bihuan.app import Installation
from bihuan.cli.data_directory import DataDirectory, ServerRecord
from bihuan.cli.errors import AddressUnavailable, DataDirectoryBusy, ServerRunning
from bihuan.cli.operator import Operator
from bihuan.collect import CollectConnection
from bihuan.database import Database
from bihuan.server import create_server
from bihuan.settings import Settings

# Long enough for a slow query; a request that is stored answers within milliseconds.
GRACE_SECONDS = 30


def make_first_project(settings: Settings, project_id: str, time_zone: str) -> None:
    """What the first start makes, with a project of these. Raises ``TimeZoneUnknown``."""
    settings.data.mkdir(parents=True, exist_ok=True)
    database = Database.open(settings.database_dsn)
    try:
        bootstrap(database, settings.data, project_id=project_id, time_zone=time_zone)
    finally:
        database.dispose()


def run_server(
    operator: Operator,
    host: str | None = None,
    port: int | None = None,
    *,
    work: bool = True,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve until told to stop; ``ready`` is called with the address once requests are answered.

    ``host`` and ``port`` are those of the settings when None.

    Raises:
        ServerRunning, DataDirectoryBusy, AddressUnavailable, and what opening an installation raises.
    """
    settings = operator.settings
    directory = DataDirectory(settings)
    with directory.lock() as ours:
        if not ours:
            running = directory.server()
            if running is not None:
                raise ServerRunning(directory=str(settings.data), address=running.address)
            raise DataDirectoryBusy(directory=str(settings.data))
        host = host or settings.host
        with _bind(host, settings.port if port is None else port) as listener:
            address = _address(host, listener.getsockname()[1])
            installation = Installation(settings)
            try:
                installation.start(work=work)
                with ExitStack() as announced, ThreadPoolExecutor(1) as beside:
                    # What it may fail with, the first request will say.
                    beside.submit(installation.warm_up).add_done_callback(_keep_everything)

                    def begun() -> None:
                        record = ServerRecord(os.getpid(), address, bihuan.__version__)
                        announced.enter_context(directory.announced(record))
                        (ready or partial(_show, operator, installation))(address)

                    _Serving(installation, begun).run(sockets=[listener])
            finally:
                installation.close()


class _Serving(uvicorn.Server):
    """uvicorn, saying when it has begun and ending quietly on a signal."""

    def __init__(self, installation: Installation, begun: Callable[[], None]) -> None:
        server = create_server(installation)
        super().__init__(
            uvicorn.Config(
                server,
                interface="asgi3",
                lifespan="off",
                http=cast("type[asyncio.Protocol]", partial(CollectConnection, collect=server.collect)),
                loop="uvloop",
                log_level="warning",
                access_log=False,
                server_header=False,
                # Whom to believe about the sender's address is a setting of Bihuan's own (trust_proxy).
                proxy_headers=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._begun = begun
        self._server = server

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._begun()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Before uvicorn waits for answers that are under way.
        self._server.end_streams()
        await super().shutdown(sockets)

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until a signal; the signal is not raised again afterwards, so that closing can go on."""
        before = {each: signal.signal(each, _take_note) for each in (signal.SIGTERM, signal.SIGINT)}
        try:
            super().run(sockets)
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)


def _keep_everything(_warmed: Future[None]) -> None:
    """Spare the garbage collector what is there for good: looking through it stops every request."""
    gc.freeze()


def _take_note(_signal: int, _frame: FrameType | None) -> None:
    """uvicorn raises the signal once more when it has stopped; by then it has been obeyed."""


def _bind(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        reason = error.strerror or str(error)
        raise AddressUnavailable(address=f"{host}:{port}", reason=reason) from error
    return listener


def check_address(settings: Settings, port: int | None) -> None:
    """Raise ``AddressUnavailable`` when nobody could listen there now."""
    _bind(settings.host, settings.port if port is None else port).close()


def _address(host: str, port: int) -> str:
    # A server on every address is asked on loopback.
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}"


def _show(operator: Operator, installation: Installation, address: str) -> None:
    made = installation.bootstrap
    key_file = str(operator.directory.admin_key_file)
    setup = first_setup_link(installation.database)
    answer: dict[str, Any] = {
        "address": address,
        "pid": os.getpid(),
        "project": made.project_id,
        "write_key": made.write_key,
        "admin_key_file": key_file,
        "setup_link": None if setup is None else address + setup,
    }
    if operator.as_json:
        operator.out.file.write(json.dumps(answer) + "\n")
    else:
        operator.out.print(operator.say("Bihuan is serving.", "闭环已启动。"), style="bold")
        shown = [
            ("address", address),
            ("project", made.project_id),
            ("write key", made.write_key),
            ("admin key in", key_file),
            ("API", f"{address}/api/docs"),
        ]
        operator.pairs((name, value) for name, value in shown if value is not None)
        if setup is not None:
            first = operator.say("Make the first account at", "打开此链接创建第一个账号")
            # In one line whatever the width: a link that is cut cannot be clicked or copied.
            operator.out.print(f"{first}\n{answer['setup_link']}", soft_wrap=True, markup=False)
        operator.out.print(operator.say("Ctrl-C ends.", "按 Ctrl-C 结束。"), style="dim")
    operator.out.file.flush()
