"""Versions of a project's rows change with every change of a row, and are asked for only then."""

from __future__ import annotations

import threading
import time
import uuid
from typing import Any

import pytest

from bihuan.warehouse import Engine, ProjectStore, drop_project, open_project
from bihuan.warehouse.deletion import delete_rows
from bihuan.warehouse.engine import Reading
from bihuan.warehouse.version import data_version

SETTLED_SECONDS = 1.2


def add(store: ProjectStore, key: int) -> None:
    columns = ["person_id", "distinct_key", "number"]
    store.engine.insert_rows(store.table("person_numbers"), columns, [(1, key, 1)])


@pytest.fixture
def asked(store: ProjectStore, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that read."""
    found: list[str] = []
    reading = Engine.reading

    def recorded(self: Engine, sql: str, **named: Any) -> Reading:
        found.append(sql)
        return reading(self, sql, **named)

    monkeypatch.setattr(Engine, "reading", recorded)
    return found


def test_each_change_of_rows_is_seen_at_once(store: ProjectStore) -> None:
    store.engine.command(f"SYSTEM STOP MERGES {store.table('person_numbers')}")
    seen = {data_version(store).whole}
    for number in range(6):
        if number == 3:
            time.sleep(SETTLED_SECONDS)
            assert data_version(store).whole in seen
        add(store, number)
        assert data_version(store).whole not in seen
        seen.add(data_version(store).whole)
    time.sleep(SETTLED_SECONDS)
    assert data_version(store).whole in seen
    store.engine.command(f"SYSTEM START MERGES {store.table('person_numbers')}")
    delete_rows(store, "person_numbers", "distinct_key = 2")
    assert data_version(store).whole not in seen


def test_the_engine_is_asked_after_changes_only(store: ProjectStore, asked: list[str]) -> None:
    add(store, 1)
    data_version(store)
    data_version(store)
    assert len(asked) == 2, "what came a moment ago may not be everything"
    time.sleep(SETTLED_SECONDS)
    settled = data_version(store)
    assert len(asked) == 3
    assert data_version(store) is settled
    assert len(asked) == 3
    add(store, 2)
    assert data_version(store) != settled
    assert len(asked) == 4


def test_the_engine_is_asked_while_rows_may_be_changing(store: ProjectStore, asked: list[str]) -> None:
    add(store, 1)
    time.sleep(SETTLED_SECONDS)
    settled = data_version(store)
    begun, may_end = threading.Event(), threading.Event()

    def change() -> None:
        with store.engine.changes.passing():
            begun.set()
            may_end.wait(30)

    changing = threading.Thread(target=change)
    changing.start()
    begun.wait(30)
    before = len(asked)
    assert data_version(store) == settled
    assert len(asked) == before + 1
    may_end.set()
    changing.join(30)
    assert data_version(store) is settled


def test_databases_do_not_share_versions(engine: Engine, store: ProjectStore) -> None:
    other = open_project(engine, f"s{uuid.uuid4().hex[:12]}", durable=False)
    try:
        add(store, 1)
        time.sleep(SETTLED_SECONDS)
        assert data_version(store) != data_version(other)
        assert data_version(store) != data_version(other)
    finally:
        drop_project(other)
