"""The way to the API: a running server if there is one, else one that lives as long as the command.

The embedded stores allow one process. So a command that finds a server on the data directory asks it; with
none, the command is the server for its own requests, on a socket in a private directory. Either way the
request goes the same way through the same code.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import httpx

from bihuan.cli.api import Api
from bihuan.cli.data_directory import ADMIN_KEY_FILE, DataDirectory, read_secret
from bihuan.cli.errors import ApiKeyNotGiven, DataDirectoryBusy, DataDirectoryMissing
from bihuan.kernel.errors import Language
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
    with (
        _served(directory, settings, work) as (address, transport),
        closing(Api(address, _key(settings, key), language, transport)) as api,
    ):
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
                # Here, because loading the server takes longer than asking one.
                from bihuan.cli.in_process import in_process  # noqa: PLC0415

                with in_process(settings, work=work) as transport:
                    yield "http://bihuan", transport
                return
        if time.monotonic() > deadline:
            raise DataDirectoryBusy(directory=str(settings.data))
        time.sleep(_POLL_SECONDS)


def _key(settings: Settings, key: str | None) -> str:
    file = settings.data / ADMIN_KEY_FILE
    found = key or read_secret(file)
    if found is None:
        raise ApiKeyNotGiven(file=str(file))
    return found
