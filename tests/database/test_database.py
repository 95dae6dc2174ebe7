from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm import Session

from bihuan.access import Project, ProjectInput, Source, create_project
from bihuan.database import (
    CursorInvalid,
    Database,
    DatabaseDsnInvalid,
    DatabaseUnreachable,
    emit,
    new_id,
    paginate,
)


@pytest.fixture
def database(control_dsn: str):
    opened = Database.open(control_dsn)
    yield opened
    opened.dispose()


def _count(database: Database, model: type) -> int:
    with database.read_session() as session:
        return len(list(session.scalars(select(model))))


def _fail_after(database: Database, act: Callable[[Session], object]) -> None:
    with database.session() as session:
        act(session)
        raise ZeroDivisionError


def test_a_session_commits_as_a_whole_or_not_at_all(database: Database) -> None:
    with database.session() as session:
        create_project(session, ProjectInput(id="kept", name="Kept"))
    with pytest.raises(ZeroDivisionError):
        _fail_after(database, lambda session: create_project(session, ProjectInput(id="lost", name="Lost")))
    with database.read_session() as session:
        assert [project.id for project in session.scalars(select(Project))] == ["kept"]


def test_a_read_session_cannot_write_and_the_next_session_can(database: Database) -> None:
    with database.read_session() as session, pytest.raises(DBAPIError):
        create_project(session, ProjectInput(id="a", name="A"))
    assert _count(database, Project) == 0
    for _ in range(3):
        with database.read_session() as session:
            session.execute(select(Project))
    with database.session() as session:
        create_project(session, ProjectInput(id="a", name="A"))
    assert _count(database, Project) == 1


def test_foreign_keys_are_enforced(database: Database) -> None:
    with pytest.raises(IntegrityError), database.session() as session:
        session.add(Source(project_id="nowhere", name="x"))
    assert _count(database, Source) == 0


def test_json_text_and_moments_come_back_as_they_were(database: Database) -> None:
    settings = {"名": ["闭环", 1, 2.5, None, True], "nested": {"a": {"b": "c"}}}
    shanghai = datetime(2026, 3, 1, 8, 30, 0, 123456, timezone(timedelta(hours=8)))
    with database.session() as session:
        create_project(session, ProjectInput(id="shop", name="店铺", settings=settings)).created_at = shanghai
    with database.read_session() as session:
        project = session.get_one(Project, "shop")
    assert project.settings == settings
    assert project.name == "店铺"
    assert project.created_at == datetime(2026, 3, 1, 0, 30, 0, 123456, UTC)
    assert project.created_at.tzinfo is UTC


def test_a_naive_moment_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="naive"), database.session() as session:
        create_project(session, ProjectInput(id="shop", name="x")).created_at = datetime(2026, 1, 1)


def test_moments_are_ordered_in_time_by_the_database(database: Database) -> None:
    moments = [
        datetime(2026, 1, 1, tzinfo=UTC) + timedelta(microseconds=n) for n in (0, 1, 10, 999_999, 1_000_000)
    ]
    with database.session() as session:
        for number, moment in enumerate(reversed(moments)):
            create_project(session, ProjectInput(id=f"p{number}", name="x")).created_at = moment
    with database.read_session() as session:
        found = list(session.scalars(select(Project.created_at).order_by(Project.created_at)))
    assert found == moments


def test_threads_that_read_then_write_lose_no_update(database: Database) -> None:
    with database.session() as session:
        create_project(session, ProjectInput(id="shop", name="x", session_gap_seconds=1))

    def add_ten() -> None:
        for _ in range(10):
            with database.session() as session:
                project = session.get_one(Project, "shop", with_for_update=True)
                project.session_gap_seconds += 1

    threads = [threading.Thread(target=add_ten) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read_session() as session:
        assert session.get_one(Project, "shop").session_gap_seconds == 41


def test_signals_are_sent_after_the_commit_and_only_then(database: Database) -> None:
    seen: list[tuple[str, int]] = []
    database.signals.connect(str, lambda signal: seen.append((signal, _count(database, Project))))
    with database.session() as session:
        create_project(session, ProjectInput(id="shop", name="x"))
        emit(session, "made")
        assert seen == []
    assert seen == [("made", 1)]
    with pytest.raises(ZeroDivisionError):
        _fail_after(database, lambda session: emit(session, "never"))
    assert seen == [("made", 1)]


def test_a_failing_receiver_stops_neither_the_caller_nor_the_others(database: Database) -> None:
    seen: list[str] = []

    def fail(_signal: str) -> None:
        raise ZeroDivisionError

    database.signals.connect(str, fail)
    database.signals.connect(str, seen.append)
    with database.session() as session:
        emit(session, "made")
    assert seen == ["made"]


def test_pages_join_up_and_keep_their_place_when_rows_are_added(database: Database) -> None:
    with database.session() as session:
        for number in range(0, 10, 2):
            create_project(session, ProjectInput(id=f"p{number}", name="x"))
    with database.session() as session:
        first, cursor = paginate(session, select(Project), Project.id, None, 2)
        create_project(session, ProjectInput(id="p1", name="added before the cursor"))
        create_project(session, ProjectInput(id="p5", name="added behind it"))
        second, cursor2 = paginate(session, select(Project), Project.id, cursor, 2)
        third, end = paginate(session, select(Project), Project.id, cursor2, 2)
    assert [row.id for row in [*first, *second, *third]] == ["p0", "p2", "p4", "p5", "p6", "p8"]
    assert end is None


@pytest.mark.parametrize("cursor", ["###", "é", "/w==", "AA"])
def test_a_cursor_that_was_not_given_out_is_refused(database: Database, cursor: str) -> None:
    with database.read_session() as session, pytest.raises(CursorInvalid):
        paginate(session, select(Project), Project.id, cursor, 2)


def test_ids_increase_and_have_one_form() -> None:
    made = [new_id() for _ in range(10_000)]
    assert made == sorted(set(made))
    assert {len(given) for given in made} == {26}
    assert set("".join(made)) <= set("0123456789abcdefghjkmnpqrstvwxyz")


@pytest.mark.parametrize(
    "dsn", ["mysql://host/name", "sqlite://", "sqlite:///:memory:", "postgresql://host", "nonsense", ""]
)
def test_a_dsn_that_names_no_usable_database_is_refused(dsn: str) -> None:
    with pytest.raises(DatabaseDsnInvalid):
        Database.open(dsn)


def test_an_absent_server_is_reported_as_such() -> None:
    with pytest.raises(DatabaseUnreachable):
        Database.open("postgresql://nobody@127.0.0.1:1/none")


def test_sqlite_is_durable_and_waits_by_default(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/a directory/with space.sqlite3")
    with database.session() as session:
        pragmas = {
            name: session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    database.dispose()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}
