"""A project of its own for each test, on the shared engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from bihuan.people import People
from bihuan.warehouse.engine import Engine
from bihuan.warehouse.project import ProjectStore, drop_project, open_project

_numbers = count()


@pytest.fixture
def new_store(engine: Engine) -> Iterator[Callable[[], ProjectStore]]:
    """Makes empty projects, dropped after the test."""
    made: list[ProjectStore] = []

    def make() -> ProjectStore:
        made.append(open_project(engine, f"people{next(_numbers)}", durable=False))
        return made[-1]

    yield make
    for store in made:
        drop_project(store)


@pytest.fixture
def store(new_store: Callable[[], ProjectStore]) -> ProjectStore:
    return new_store()


@pytest.fixture
def people(store: ProjectStore) -> People:
    return People(store)
