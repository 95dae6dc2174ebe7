"""One running server for each module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bihuan.warehouse import Engine
from tests.server.running import Running, running_server


@pytest.fixture(scope="module")
def server(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_server(engine, tmp_path_factory.mktemp("installation")) as running:
        yield running


@pytest.fixture
def fresh_server(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server with an empty project, for tests that count everything stored."""
    with running_server(engine, tmp_path_factory.mktemp("installation")) as running:
        yield running
