"""Profiles as a fold: each operation by example, then random changes against the oracle in any order."""

from __future__ import annotations

import json
import random
import uuid
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.people import Change, change_uuid
from bihuan.people.profiles.folding import fold
from bihuan.people.profiles.stored import stored_json
from tests.people.logs import START_MS, change
from tests.people.profile_oracle import oracle

EXAMPLES: list[tuple[str, list[tuple[str, dict[str, Any]]], dict[str, Any]]] = [
    ("set replaces", [("set", {"a": 1}), ("set", {"a": "x", "b": True})], {"a": "x", "b": True}),
    ("set null removes", [("set", {"a": 1}), ("set", {"a": None})], {}),
    ("set_once keeps the first", [("set_once", {"a": 1}), ("set_once", {"a": 2})], {"a": 1}),
    ("set_once after unset", [("set", {"a": 1}), ("unset", {"a": None}), ("set_once", {"a": 2})], {"a": 2}),
    ("increment from nothing", [("increment", {"n": 2}), ("increment", {"n": -0.5})], {"n": 1.5}),
    ("increment of text", [("set", {"n": "many"}), ("increment", {"n": 1})], {"n": "many"}),
    ("increment by text", [("set", {"n": 1}), ("increment", {"n": "1"})], {"n": 1}),
    ("append to nothing", [("append", {"l": "a"}), ("append", {"l": ["b", "a"]})], {"l": ["a", "b", "a"]}),
    ("append to one value", [("set", {"l": "a"}), ("append", {"l": "b"})], {"l": ["a", "b"]}),
    ("union", [("set", {"l": ["a"]}), ("union", {"l": ["b", "a", "b"]})], {"l": ["a", "b"]}),
    ("union of numbers", [("set", {"l": [1]}), ("union", {"l": [1.0, 2, True]})], {"l": [1, 2, True]}),
    ("delete begins anew", [("set", {"a": 1}), ("delete", {}), ("set", {"b": 2})], {"b": 2}),
]


@pytest.mark.parametrize(("name", "operations", "expected"), EXAMPLES, ids=[each[0] for each in EXAMPLES])
def test_operations(
    name: str, operations: list[tuple[str, dict[str, Any]]], expected: dict[str, Any]
) -> None:
    changes = [change("p", operation, at, values) for at, (operation, values) in enumerate(operations)]
    assert fold(changes).properties == expected
    assert fold(reversed(changes)).properties == expected


def test_a_profile_is_deleted_until_a_later_change() -> None:
    gone = [change("p", "set", 1, {"a": 1}), change("p", "delete", 2)]
    assert (fold(gone).deleted, fold(gone).properties) == (True, {})
    back = fold([*gone, change("p", "set", 3, {"b": 1}), change("p", "set", 1, {"c": 1})])
    assert (back.deleted, back.properties, back.count) == (False, {"b": 1}, 4)
    assert (back.first_ms, back.last_ms) == (START_MS + 1, START_MS + 3)


def test_a_repeated_change_counts_once_and_the_first_received_counts() -> None:
    first = Change(uuid.UUID(int=1), "p", START_MS, START_MS + 5, "increment", {"n": 1})
    altered = Change(uuid.UUID(int=1), "p", START_MS - 9, START_MS + 6, "increment", {"n": 100})
    assert fold([altered, first, first]).properties == {"n": 1.0}


def test_one_message_may_carry_several_changes() -> None:
    ids = {
        change_uuid("m1", "set"),
        change_uuid("m1", "set_once"),
        change_uuid("m1", "set", 1),
        change_uuid("m2", "set"),
    }
    assert len(ids) == 4
    assert change_uuid("m1", "set") in ids


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from([0.5, 1.0]),
    st.sampled_from(["x", "y"]),
    st.lists(st.sampled_from([1, 2, "x", None]), max_size=3),
)
OPERATIONS = st.sampled_from(["set", "set_once", "increment", "append", "union", "unset", "delete"])
CHANGES = st.builds(
    lambda number, at, received, operation, values: Change(
        uuid.UUID(int=number), "p", START_MS + at, START_MS + received, operation, values
    ),
    st.integers(1, 12),
    st.integers(0, 4),
    st.integers(0, 30),
    OPERATIONS,
    st.dictionaries(st.sampled_from(["a", "b", "c"]), VALUES, max_size=2),
)


def _equal(left: Any, right: Any) -> bool:
    return bool(left == right) and json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)


@settings(deadline=None, max_examples=600)
@given(
    st.lists(CHANGES, max_size=10, unique_by=lambda each: (each.change_id, each.received_ms)), st.randoms()
)
def test_it_agrees_with_the_oracle_in_every_order_of_arrival(
    changes: list[Change], shuffler: random.Random
) -> None:
    arrived = [*changes, *changes[:3]]
    shuffler.shuffle(arrived)
    assert _equal(fold(arrived).properties, oracle(changes))


@settings(deadline=None, max_examples=200)
@given(st.lists(CHANGES, max_size=10))
def test_folding_part_of_the_log_never_counts_more_than_all_of_it(changes: list[Change]) -> None:
    assert fold(changes[: len(changes) // 2]).count <= fold(changes).count


def test_stored_form_has_one_type_a_path() -> None:
    properties = {
        "int": 3, "big": 2**53 + 1, "float": 1.5, "nan": float("nan"), "text": "2020-01-01", "yes": True,
        "none": None, "numbers": [1, 2.5], "mixed": [1, "a", True, None],
        "object": {"x": 1, "y": {"z": "deep"}}, "a.b": "dotted", "$revenue": "12.5", "$price": "free",
        "$city": 10, "$is_bot": "true", "$quantity": True, "": "nameless", "x..y": 1, "things": [{"k": 1}],
    }  # fmt: skip
    assert json.loads(stored_json(properties)) == {
        "int": 3.0, "big": "9007199254740993", "float": 1.5, "text": "2020-01-01", "yes": True,
        "numbers": [1.0, 2.5], "mixed": ["1", "a", "true"], "object.x": 1.0, "object.y.z": "deep",
        "a.b": "dotted", "$revenue": 12.5, "$city": "10", "$is_bot": True, "$quantity": 1.0,
        "things": ['{"k":1}'],
    }  # fmt: skip
    assert '"int":3.0' in stored_json(properties)
