"""Fixtures that several packages' tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bihuan.warehouse.engine import Engine


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The embedded engine in a directory of its own: one for each test process."""
    opened = Engine(f"chdb://{tmp_path_factory.mktemp('engine')}/data")
    yield opened
    opened.close()
