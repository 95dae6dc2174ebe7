from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from bihuan.access import (
    ProjectInput,
    WriteKeyCache,
    WriteKeyTarget,
    WriteKeyUnknown,
    create_project,
    create_source,
    create_write_key,
    delete_project,
    rename_source,
    revoke_write_key,
)
from bihuan.database import Database


class Clock:
    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cache(database: Database, clock: Clock) -> WriteKeyCache:
    return WriteKeyCache(database, refresh_seconds=2.0, unknown_limit=3, look_ups_per_second=4, clock=clock)


def _make(database: Database, project_id: str = "shop") -> tuple[str, str]:
    with database.session() as session:
        create_project(session, ProjectInput(id=project_id, name=project_id))
        source = create_source(session, project_id, "web", "segment")
        return source.id, create_write_key(session, project_id, source.id).key


@contextmanager
def _statements(database: Database) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "write_keys" in statement:
            seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def _elsewhere(database: Database, change: Callable[[Database], None]) -> None:
    other = Database.open(database.dsn, migrate_schema=False)
    try:
        change(other)
    finally:
        other.dispose()


def test_a_key_leads_to_its_project_and_source(database: Database, cache: WriteKeyCache) -> None:
    source_id, key = _make(database)
    assert cache.resolve(key) == WriteKeyTarget("shop", source_id, "web", "segment")
    assert cache.require(key).project_id == "shop"


def test_a_known_key_costs_no_query(database: Database, cache: WriteKeyCache) -> None:
    _, key = _make(database)
    cache.resolve(key)
    with _statements(database) as seen:
        for _ in range(100):
            assert cache.resolve(key) is not None
    assert seen == []


def test_changes_in_this_process_are_seen_at_once(database: Database, cache: WriteKeyCache) -> None:
    source_id, key = _make(database)
    assert cache.require(key).source == "web"
    with database.session() as session:
        rename_source(session, "shop", source_id, "site")
    assert cache.require(key).source == "site"
    with database.session() as session:
        second = create_write_key(session, "shop", source_id).key
    assert cache.require(second).source == "site"
    with database.session() as session:
        revoke_write_key(session, "shop", key)
    assert cache.resolve(key) is None
    with database.session() as session:
        delete_project(session, "shop")
    assert cache.resolve(second) is None
    with pytest.raises(WriteKeyUnknown):
        cache.require(second)


def test_a_key_made_by_another_process_works_at_once(database: Database, cache: WriteKeyCache) -> None:
    _, key = _make(database)
    cache.resolve(key)
    made: list[str] = []
    _elsewhere(database, lambda other: made.append(_make(other, "second")[1]))
    assert cache.require(made[0]).project_id == "second"


def test_a_key_revoked_by_another_process_ends_in_time(
    database: Database, cache: WriteKeyCache, clock: Clock
) -> None:
    _, key = _make(database)
    assert cache.resolve(key) is not None

    def revoke(other: Database) -> None:
        with other.session() as session:
            revoke_write_key(session, "shop", key)

    _elsewhere(database, revoke)
    assert cache.resolve(key) is not None
    clock.seconds += 10.1
    assert cache.resolve(key) is None


def test_unknown_keys_are_remembered_and_bounded(
    database: Database, cache: WriteKeyCache, clock: Clock
) -> None:
    _make(database)
    cache.resolve("wk_warm")
    clock.seconds += 1.5
    with _statements(database) as seen:
        for _ in range(50):
            assert cache.resolve("wk_guess") is None
            assert cache.resolve("not even a key") is None
    assert len(seen) == 1
    clock.seconds += 0.4
    with _statements(database) as seen:
        for number in range(50):
            assert cache.resolve(f"wk_{number}") is None
    assert len(seen) == 3
    assert len(cache._unknown) <= 3


def test_collection_goes_on_while_the_database_is_away(
    database: Database, cache: WriteKeyCache, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, key = _make(database)
    assert cache.resolve(key) is not None

    def away() -> None:
        raise ConnectionError

    monkeypatch.setattr(database, "read_session", away)
    clock.seconds += 60
    assert cache.require(key).project_id == "shop"
    monkeypatch.undo()
    clock.seconds += 60
    with _statements(database) as seen:
        assert cache.require(key).project_id == "shop"
    assert len(seen) == 1
