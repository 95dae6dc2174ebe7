"""A project and a writer for each test, on the shared engine."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from bihuan.warehouse import Engine, GroupWriter, ProjectStore, drop_project, open_project


@pytest.fixture
def store(engine: Engine) -> Iterator[ProjectStore]:
    opened = open_project(engine, f"w{uuid.uuid4().hex[:12]}", durable=False)
    yield opened
    drop_project(opened)


@pytest.fixture
def writer() -> Iterator[GroupWriter]:
    opened = GroupWriter()
    yield opened
    opened.close()
