"""A running server for all tests of experiments but those with a large crowd."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bihuan.warehouse import Engine
from tests.insights.conftest import caller
from tests.insights.shop import fill
from tests.server.running import Running, running_server

__all__ = ["caller", "server"]


@pytest.fixture(scope="package")
def server(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_server(engine, tmp_path_factory.mktemp("installation")) as running:
        fill(running)
        yield running
