"""Fixtures of the analyses' tests."""

from __future__ import annotations

import pytest

from bihuan.warehouse.engine import Engine
from bihuan.warehouse.project import ProjectStore
from tests.analytics.loading import fresh_project


@pytest.fixture(scope="module")
def store(engine: Engine) -> ProjectStore:
    """A project that tests of one module fill and empty in turn."""
    return fresh_project(engine)
