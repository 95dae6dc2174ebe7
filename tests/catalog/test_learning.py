"""Learning from traffic: exact counts, once each, whatever the windows and interruptions."""

from __future__ import annotations

import json
import random
import uuid
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from bihuan.catalog import (
    PlanDocument,
    PlanEvent,
    PlanProperty,
    import_plan,
    learn,
    learn_batch,
    learn_names,
    learning,
    set_apart,
)
from bihuan.catalog.schemas import EventOutput
from bihuan.catalog.service import get_event
from bihuan.database import Database
from bihuan.warehouse import ProjectStore

START_MS = 1_760_000_000_000


def moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def add(store: ProjectStore, rows: list[tuple[str, int, int, dict[str, Any]]]) -> None:
    """(event, time, received, properties)."""
    store.engine.insert_rows(
        store.table("events"),
        ["event_id", "event", "time", "received_at", "properties"],
        [
            (uuid.uuid4(), event, moment(START_MS + at), moment(START_MS + received), json.dumps(properties))
            for event, at, received, properties in rows
        ],
    )


def learned(database: Database, name: str) -> EventOutput:
    with database.read_session() as session:
        return get_event(session, "shop", name)


def run(database: Database, store: ProjectStore, until: int, **options: Any) -> int:
    return learn(database, "shop", store, settle_seconds=0, now_ms=START_MS + until, **options)


def test_counts_spans_and_types(database: Database, store: ProjectStore) -> None:
    add(
        store,
        [
            ("pay", 10, 100, {"amount": 1.5, "$revenue": 3.0, "tags": ["a"], "ok": True}),
            ("pay", 30, 100, {"amount": "free", "deep.x": 1.0}),
            ("view", 5, 101, {"$url": "/", "sizes": [1.0, 2.0]}),
        ],
    )
    assert run(database, store, 100) == 2
    assert run(database, store, 200) == 1
    assert run(database, store, 300) == 0
    pay = learned(database, "pay")
    assert (pay.status, pay.seen.count, pay.seen.first_ms, pay.seen.last_ms) == (
        "draft",
        2,
        START_MS + 10,
        START_MS + 30,
    )
    assert {each.name: (each.seen.count, each.seen_types) for each in pay.properties} == {
        "amount": (2, {"number": 1, "text": 1}),
        "$revenue": (1, {"number": 1}),
        "tags": (1, {"text_list": 1}),
        "ok": (1, {"flag": 1}),
        "deep.x": (1, {"number": 1}),
    }
    assert {each.name: each.seen_types for each in learned(database, "view").properties} == {
        "$url": {"text": 1},
        "sizes": {"number_list": 1},
    }


def test_any_windows_count_every_row_once(database: Database, store: ProjectStore) -> None:
    rng = random.Random(5)
    rows = [
        (rng.choice("ab"), rng.randrange(1000), rng.randrange(40), {f"p{rng.randrange(3)}": 1.0})
        for _ in range(300)
    ]
    add(store, rows)
    total = 0
    for _ in range(25):
        total += run(database, store, 50, rows_at_once=rng.choice([9, 20, 70]))
    assert total == 300
    for name in "ab":
        mine = [row for row in rows if row[0] == name]
        event = learned(database, name)
        assert event.seen.count == len(mine)
        assert (event.seen.first_ms, event.seen.last_ms) == (
            START_MS + min(row[1] for row in mine),
            START_MS + max(row[1] for row in mine),
        )
        counts = Counter(key for row in mine for key in row[3])
        assert {each.name: each.seen.count for each in event.properties} == counts


def test_a_kill_before_the_commit_counts_nothing_twice(
    database: Database, store: ProjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(store, [("pay", 1, 1, {})])

    def killed(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(learning, "_add_seen", killed)
        with pytest.raises(KeyboardInterrupt):
            run(database, store, 10)
    assert run(database, store, 10) == 1
    assert learned(database, "pay").seen.count == 1


def test_two_processes_that_read_one_window_count_it_once(
    database: Database, store: ProjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(store, [("pay", 1, 1, {})])
    read = learning.read_rows

    def slowly(*arguments: Any) -> Any:
        window = read(*arguments)
        monkeypatch.undo()
        assert run(database, store, 10) == 1
        return window

    monkeypatch.setattr(learning, "read_rows", slowly)
    assert run(database, store, 10) == 0
    assert learned(database, "pay").seen.count == 1


def test_rows_still_settling_wait(database: Database, store: ProjectStore) -> None:
    add(store, [("pay", 1, 5_000, {})])
    assert learn(database, "shop", store, settle_seconds=2, now_ms=START_MS + 6_000) == 0
    assert learn(database, "shop", store, settle_seconds=2, now_ms=START_MS + 7_000) == 1


def test_learning_leaves_what_people_planned(database: Database, store: ProjectStore) -> None:
    plan = PlanDocument(
        events=[PlanEvent(name="pay", owner="me", properties=[PlanProperty(name="a", type="text")])]
    )
    with database.session() as session:
        import_plan(session, "shop", plan)
    add(store, [("pay", 1, 1, {"a": 1.0, "b": 1.0})])
    run(database, store, 10)
    pay = learned(database, "pay")
    assert (pay.status, pay.owner, pay.seen.count) == ("active", "me", 1)
    assert [(each.name, each.status, each.type, each.seen_types) for each in pay.properties] == [
        ("a", "active", "text", {"number": 1}),
        ("b", "draft", None, {"number": 1}),
    ]
    with database.read_session() as session, pytest.raises(Exception, match="no event"):
        get_event(session, "other", "pay")


def test_a_flood_of_names_is_bounded(
    database: Database, store: ProjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "MAX_EVENTS", 3)
    monkeypatch.setattr(learning, "MAX_PROPERTIES", 2)
    add(store, [(f"e{n}", 1, 1, {f"p{m}": 1.0 for m in range(5)}) for n in range(6)])
    assert run(database, store, 10) == 6
    from bihuan.catalog import export_plan

    with database.read_session() as session:
        plan = export_plan(session, "shop")
    assert [len(event.properties) for event in plan.events] == [2, 2, 2]


def test_new_names_are_in_the_catalog_at_once_and_counted_once(
    database: Database, store: ProjectStore
) -> None:
    add(store, [("pay", 1, 10, {"amount": 1.0}), ("pay", 2, 10, {"amount": 2.0}), ("view", 1, 10, {})])
    assert learn_names(database, "shop", store, ["pay", "gone"]) == ["pay"]
    pay = learned(database, "pay")
    assert (pay.seen.count, pay.seen.first_ms, pay.seen.last_ms) == (0, START_MS + 1, START_MS + 2)
    assert [(each.name, each.seen.count, each.seen_types) for each in pay.properties] == [
        ("amount", 0, {"number": 0})
    ]
    assert learn_names(database, "shop", store, ["pay"]) == ["pay"]
    assert run(database, store, 20) == 3
    pay = learned(database, "pay")
    assert (pay.seen.count, pay.properties[0].seen_types) == (2, {"number": 2})


def test_rows_of_an_import_are_counted_when_it_ends_and_taken_away_when_it_is_undone(
    database: Database, store: ProjectStore
) -> None:
    add(store, [("pay", 5, 10, {"amount": 1.0}), ("pay", 9, 11, {"amount": "x", "note": "y"})])
    add(store, [("refund", 9, 11, {})])
    with database.session() as session:
        set_apart(session, "shop", "", START_MS + 11)
    # Windows pass over them, whenever they are stored.
    assert run(database, store, 20) == 1
    learn_batch(database, "shop", store, "", START_MS + 11)
    learn_batch(database, "shop", store, "", START_MS + 11)
    pay = learned(database, "pay")
    assert (pay.seen.count, pay.seen.last_ms) == (2, START_MS + 9)
    assert {each.name: each.seen_types for each in pay.properties} == {
        "amount": {"number": 1, "text": 1},
        "note": {"text": 1},
    }
    add(store, [("pay", 11, 11, {"amount": 3.0})])
    learn_batch(database, "shop", store, "", START_MS + 11)
    assert learned(database, "pay").seen.count == 3
    with database.session() as session:
        import_plan(session, "shop", PlanDocument(events=[PlanEvent(name="refund", owner="me")]))
    store.engine.command(
        f"ALTER TABLE {store.table('events')} DELETE WHERE received_at = "
        f"fromUnixTimestamp64Milli({START_MS + 11}, 'UTC')",
        settings={"mutations_sync": 2},
    )
    learn_batch(database, "shop", store, "", START_MS + 11)
    pay = learned(database, "pay")
    assert (pay.seen.count, pay.seen.first_ms, pay.seen.last_ms) == (1, START_MS + 5, START_MS + 5)
    assert [(each.name, each.seen_types) for each in pay.properties] == [("amount", {"number": 1})]
    # What somebody planned stays, without rows.
    assert learned(database, "refund").seen.model_dump() == {"count": 0, "first_ms": None, "last_ms": None}
    assert run(database, store, 30) == 0
