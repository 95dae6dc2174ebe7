"""An installation served by this process for one command."""

from __future__ import annotations

import os
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn

from bihuan.app import Installation
from bihuan.server import create_server
from bihuan.settings import Settings


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
        installation.wait_settled()
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
