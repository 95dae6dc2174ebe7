"""The way to the API: a running server if there is one, else one that lives as long as the command.

The embedded stores allow one process. So a command that finds a server on the data directory asks it; with
none, the command is the server for its own requests, on a socket in a private directory. Either way the
request goes the same way through the same code.
"""

from __future__ import annotations

import os
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import uvicorn

from bihuan.access import ADMIN_KEY_FILE
from bihuan.app import Installation
from bihuan.cli.api import Api
from bihuan.cli.data_directory import DataDirectory, read_secret
from bihuan.cli.errors import ApiKeyNotGiven, DataDirectoryBusy, DataDirectoryMissing
from bihuan.kernel.errors import Language
from bihuan.server import create_server
from bihuan.settings import Settings

# How long a command waits for another one on the same directory.
PATIENCE_SECONDS = 20.0
_POLL_SECONDS = 0.1


@contextmanager
def connect(
    settings: Settings, language: Language, *, server: str | None, key: str | None, work: bool
) -> Iterator[Api]:
    """The API for the length of the block.

    Args:
        server: address of the server to ask; None: the one on the data directory, or this process.
        key: API key; None: the one in the data directory's ``admin.key``.
        work: whether this process should run background jobs when it is the server.

    Raises:
        ApiKeyNotGiven, DataDirectoryMissing, DataDirectoryBusy, and what opening an installation raises.
    """
    if server is not None:
        with closing(Api(server.rstrip("/"), _key(settings, key), language)) as api:
            yield api
        return
    directory = DataDirectory(settings)
    if not directory.initialised:
        raise DataDirectoryMissing(directory=str(settings.data))
    with _served(directory, settings, work) as (address, transport):
        with closing(Api(address, _key(settings, key), language, transport)) as api:
            yield api


@contextmanager
def _served(
    directory: DataDirectory, settings: Settings, work: bool
) -> Iterator[tuple[str, httpx.BaseTransport | None]]:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        running = directory.server()
        if running is not None:
            yield running.address, None
            return
        with directory.lock() as ours:
            if ours:
                with in_process(settings, work=work) as transport:
                    yield "http://bihuan", transport
                return
        if time.monotonic() > deadline:
            raise DataDirectoryBusy(directory=str(settings.data))
        time.sleep(_POLL_SECONDS)


@contextmanager
def in_process(settings: Settings, *, work: bool) -> Iterator[httpx.BaseTransport]:
    """A server in a thread of this process, reachable only through the transport given."""
    installation = Installation(settings)
    try:
        installation.start(work=work)
        with tempfile.TemporaryDirectory(prefix="bihuan-") as folder:
            path = str(Path(folder) / "api")
            with _listening(installation, path):
                yield httpx.HTTPTransport(uds=path)
    finally:
        installation.close()


@contextmanager
def _listening(installation: Installation, path: str) -> Iterator[None]:
    config = uvicorn.Config(
        create_server(installation),
        interface="asgi3",
        lifespan="off",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=10,
    )
    server = uvicorn.Server(config)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(64)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="api", daemon=True)
        thread.start()
        try:
            while not server.started and thread.is_alive():
                time.sleep(0.005)
            yield
        finally:
            server.should_exit = True
            thread.join()
            if os.path.exists(path):
                os.unlink(path)


def _key(settings: Settings, key: str | None) -> str:
    file = settings.data / ADMIN_KEY_FILE
    found = key or read_secret(file)
    if found is None:
        raise ApiKeyNotGiven(file=str(file))
    return found
