"""Fixtures that several packages' tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from bihuan.warehouse.engine import Engine

# A test never fails for being slow: machines are noisy.
settings.register_profile("bihuan", deadline=None)
settings.load_profile("bihuan")


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The embedded engine in a directory of its own: one for each test process."""
    opened = Engine(f"chdb://{tmp_path_factory.mktemp('engine')}/data")
    yield opened
    opened.close()
