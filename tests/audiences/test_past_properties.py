"""Properties of people as of past days: what folding the changes of before then gives."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import numpy as np

from bihuan.analytics.features import EPOCH, properties_sql
from bihuan.analytics.query import PropertyRef
from bihuan.analytics.values import text_of
from bihuan.kernel.hashing import key64
from bihuan.people import Change
from bihuan.people.profiles.folding import fold
from bihuan.people.profiles.repository import insert_changes
from bihuan.warehouse import Engine
from tests.analytics.loading import context, fresh_project

FIRST = datetime(2025, 3, 1, tzinfo=UTC)
OPERATIONS = ("set", "set", "set_once", "unset", "delete", "set")
VALUES = ("gold", "silver", 3, 2.5, True, None, "it's", "", ["a"], "null")


def changes(people: int) -> list[Change]:
    rng = np.random.default_rng(3)
    made = []
    for person in range(people):
        for _ in range(int(rng.integers(0, 7))):
            at_ms = int(FIRST.timestamp() * 1000) + int(rng.integers(0, 9)) * 43_200_000
            names = [name for name in ("plan", "home.city", "age") if rng.random() < 0.6] or ["plan"]
            values = {name: VALUES[int(rng.integers(len(VALUES)))] for name in names}
            operation = OPERATIONS[int(rng.integers(len(OPERATIONS)))]
            given = {} if operation == "delete" else values
            made.append(
                Change(uuid.UUID(bytes=rng.bytes(16)), f"p{person}", at_ms, at_ms, operation, given)  # type: ignore[arg-type]
            )
    return made


def test_properties_are_those_of_the_past(engine: Engine) -> None:
    store = fresh_project(engine)
    said = changes(120)
    insert_changes(store, said)
    # Two ids of one person.
    owner = key64("p0")
    overrides = [(key64("p1"), "p1", owner, True, False, 1)]
    columns = ["distinct_key", "distinct_id", "person_id", "known", "pending", "version"]
    store.engine.insert_rows(store.table("identity_overrides"), columns, overrides)
    names = ("plan", "home.city", "age", "nothing")
    refs = [PropertyRef(scope="person", name=name) for name in names]
    cutoffs = [FIRST.date() + timedelta(days=each) for each in (1, 2, 5)]
    rows = store.engine.rows(properties_sql(context(store, time_zone="UTC"), refs, cutoffs))
    found = {(row[0], row[1]): row[2:] for row in rows}
    expected = {}
    for cutoff in cutoffs:
        of: dict[int, list[Change]] = {}
        for change in said:
            person = owner if change.distinct_id == "p1" else key64(change.distinct_id)
            if change.time_ms < _ms(cutoff):
                of.setdefault(person, []).append(change)
        for person, own in of.items():
            held = fold(own).properties
            expected[person, (cutoff - EPOCH).days] = tuple(text_of(held.get(name)) or "" for name in names)
    assert found == expected
    assert len(set(expected.values())) > 20


def test_what_was_added_to_is_absent(engine: Engine) -> None:
    store = fresh_project(engine)
    at_ms = _ms(FIRST.date())
    own = [("set", {"n": 1}), ("increment", {"n": 2}), ("set_once", {"n": 5})]
    insert_changes(
        store,
        [Change(uuid.uuid4(), "p", at_ms + n, at_ms, does, values) for n, (does, values) in enumerate(own)],  # type: ignore[arg-type]
    )
    sql = properties_sql(
        context(store, time_zone="UTC"),
        [PropertyRef(scope="person", name="n")],
        [FIRST.date() + timedelta(days=1)],
    )
    assert [row[2] for row in store.engine.rows(sql)] == [""]


def _ms(day: date) -> int:
    return (day - EPOCH).days * 86_400_000
