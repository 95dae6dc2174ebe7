"""Fixtures of the analyses' tests."""

from __future__ import annotations

import pytest

from bihuan.analytics.context import ProjectContext
from bihuan.warehouse.engine import Engine
from bihuan.warehouse.project import ProjectStore
from tests.analytics import real_data
from tests.analytics.loading import context, fresh_project
from tests.analytics.real_data import real_project


@pytest.fixture(scope="module")
def store(engine: Engine) -> ProjectStore:
    """A project that tests of one module fill and empty in turn."""
    return fresh_project(engine)


RealProject = tuple[Engine, ProjectContext]


@pytest.fixture(scope="session")
def online_retail(engine: Engine) -> RealProject:
    """541,909 invoice lines of a British shop (UTC)."""
    store = fresh_project(engine)
    real_data.load_online_retail(store)
    return engine, context(store, time_zone="UTC")


@pytest.fixture(scope="session")
def taobao(engine: Engine) -> RealProject:
    """84,252 actions of 814 people."""
    return real_project(engine, real_data.taobao(), "Asia/Shanghai")


@pytest.fixture(scope="session")
def cdnow(engine: Engine) -> RealProject:
    """69,659 purchases of 23,570 people (UTC)."""
    return real_project(engine, real_data.cdnow(), "UTC")


@pytest.fixture(scope="session")
def github(engine: Engine) -> RealProject:
    """15,129 public events of two hours (UTC)."""
    return real_project(engine, real_data.github(), "UTC")
