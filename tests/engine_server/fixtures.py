"""Fixtures: import them into a test module that needs the server (one server per module)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import clickhouse_connect
import pytest
from clickhouse_connect.driver.client import Client

from tests.engine_server.process import EngineServer

ClientMaker = Callable[..., Client]


@pytest.fixture(scope="module")
def engine_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineServer]:
    """A server of this module; its faults are for the test to reset."""
    with EngineServer.start(tmp_path_factory.mktemp("engine")) as server:
        yield server


@pytest.fixture
def engine_database(engine_server: EngineServer) -> Iterator[str]:
    """A database of this test alone."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    client = clickhouse_connect.get_client(dsn=engine_server.dsn)
    client.command(f"CREATE DATABASE {name}")
    yield name
    engine_server.reset()
    client.command(f"DROP DATABASE {name}")
    client.close()


@pytest.fixture
def connect(engine_server: EngineServer, engine_database: str) -> Iterator[ClientMaker]:
    """Makes real clients on the test's database; closes them."""
    made: list[Client] = []

    def make(**options: Any) -> Client:
        made.append(clickhouse_connect.get_client(dsn=f"{engine_server.dsn}/{engine_database}", **options))
        return made[-1]

    yield make
    for client in made:
        client.close()
