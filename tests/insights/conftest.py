"""A running server with a small shop, for each module."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from bihuan.access import create_api_key
from bihuan.database import Database
from bihuan.insights.wire import Author
from bihuan.warehouse import Engine
from tests.insights.shop import fill
from tests.ready import ready_dsn, ready_postgres, ready_sqlite
from tests.server.running import Running, running_server

__all__ = ["ready_dsn", "ready_postgres", "ready_sqlite"]


@pytest.fixture(scope="module")
def server(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_server(engine, tmp_path_factory.mktemp("installation")) as running:
        fill(running)
        yield running


@pytest.fixture
def database(ready_dsn: str) -> Iterator[Database]:
    opened = Database.open(ready_dsn)
    yield opened
    opened.dispose()


@pytest.fixture
def author() -> Author:
    return Author(kind="member", id="m1", name="Ann")


@pytest.fixture(scope="module")
def caller(server: Running) -> Callable[..., httpx.Client]:
    """Makes clients with a key of their own that has some scopes."""

    def make(*scopes: str) -> httpx.Client:
        with server.installation.database.session() as session:
            _, secret = create_api_key(session, server.project_id, "test", scopes)
        headers = {"authorization": f"Bearer {secret}"}
        hooks = server.api.event_hooks
        return httpx.Client(base_url=server.url, headers=headers, timeout=60, event_hooks=hooks)

    return make


@pytest.fixture
def empty(engine: Engine, tmp_path: Path) -> Iterator[Running]:
    """A server whose project has nothing."""
    with running_server(engine, tmp_path / "installation") as running:
        yield running
