"""The small shop on a running server that works off its jobs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bihuan.warehouse import Engine
from tests.insights.conftest import caller, empty
from tests.insights.shop import fill
from tests.server.running import Running, running_server

__all__ = ["caller", "empty", "server"]


@pytest.fixture(scope="module")
def server(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_server(engine, tmp_path_factory.mktemp("installation"), work=True) as running:
        fill(running)
        yield running
