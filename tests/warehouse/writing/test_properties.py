"""What becomes of a sender's properties before they are stored."""

from __future__ import annotations

import json
import math
import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.kernel.vocabulary import STANDARD
from bihuan.warehouse import (
    Batch,
    EventRow,
    GroupWriter,
    ProjectStore,
    RowRejected,
    encode_properties,
    event_row,
)
from bihuan.warehouse.writing.properties import MAX_DEPTH, MAX_LIST_ELEMENTS, MAX_PROPERTIES, MAX_TEXT_CHARS
from tests.warehouse.writing.samples import NOON_MS


@pytest.mark.parametrize(
    ("given_", "stored"),
    [
        ({"n": 1, "neg": -5, "f": 2.5}, b'{"n":1.0,"neg":-5.0,"f":2.5}'),
        ({"n": 2**53, "m": 2**53 + 1}, b'{"n":9007199254740992.0,"m":"9007199254740993"}'),
        ({"a": True, "b": None, "c": math.nan, "d": math.inf, "e": {}, "f": []}, b'{"a":true}'),
        ({"o": {"p": {"q": 1}, "r": "s"}}, b'{"o.p.q":1.0,"o.r":"s"}'),
        (
            {"l": [1, 2.5], "m": ["a"], "x": [1, "a", True, None, {"k": 1}]},
            b'{"l":[1.0,2.5],"m":["a"],"x":["1","a","true","{\\"k\\":1}"]}',
        ),
        (
            {"$revenue": "12.50", "$is_bot": 1, "$os_version": 12, "$order_id": 3.0, "$quantity": True},
            b'{"$revenue":12.5,"$is_bot":true,"$os_version":"12","$order_id":"3","$quantity":1.0}',
        ),
        ({"$revenue": "", "$screen_width": None, "$price": math.nan}, b"{}"),
        ({"when": "2024-01-01", "digits": "123"}, b'{"when":"2024-01-01","digits":"123"}'),
        ({"..a..b": "x", "k\0ey": "y"}, b'{"a.b":"x","key":"y"}'),
        ({"s": "\ud800x", "t": "\ud83d\ude00"}, '{"s":"\ufffdx","t":"😀"}'.encode()),
    ],
)
def test_encoding(given_: dict[str, Any], stored: bytes) -> None:
    assert encode_properties(given_) == stored


@pytest.mark.parametrize(
    ("given_", "reason", "path"),
    [
        ({"$revenue": "twelve"}, "property_type", "properties.$revenue"),
        ({"$url": {"href": "x"}}, "property_type", "properties.$url"),
        ({"$is_bot": "maybe"}, "property_type", "properties.$is_bot"),
        ({"$os": ["iOS"]}, "property_type", "properties.$os"),
        ({"": 1}, "property_name_invalid", "properties."),
        ({"x" * 256: 1}, "property_name_invalid", "properties." + "x" * 40),
        ({"a": {"b": 1}, "a.b": 2}, "property_repeated", "properties.a.b"),
        ({"t": "x" * (MAX_TEXT_CHARS + 1)}, "text_too_long", "properties.t"),
        ({"l": [0] * (MAX_LIST_ELEMENTS + 1)}, "list_too_long", "properties.l"),
        ({f"p{n}": 1 for n in range(MAX_PROPERTIES + 1)}, "properties_too_many", "properties"),
        ({f"p{n}": "x" * 30_000 for n in range(9)}, "properties_too_large", "properties"),
    ],
)
def test_rejection_names_reason_and_path(given_: dict[str, Any], reason: str, path: str) -> None:
    with pytest.raises(RowRejected) as caught:
        encode_properties(given_)
    assert (caught.value.reason, caught.value.path) == (reason, path)
    assert caught.value.message("en") != caught.value.message("zh")


def test_depth_limit_is_exact() -> None:
    def nested(levels: int) -> dict[str, Any]:
        return {"a": nested(levels - 1)} if levels > 1 else {"a": 1}

    assert json.loads(encode_properties(nested(MAX_DEPTH))) == {".".join("a" * MAX_DEPTH): 1.0}
    with pytest.raises(RowRejected, match="deeper than 8"):
        encode_properties(nested(MAX_DEPTH + 1))


@pytest.mark.parametrize(
    ("changes", "reason", "path"),
    [
        ({"event": ""}, "text_missing", "event"),
        ({"event": "e" * 256}, "text_too_long", "event"),
        ({"distinct_id": "\0"}, "text_missing", "distinct_id"),
        ({"time_ms": -1}, "time_out_of_range", "time"),
        ({"time_ms": 4_102_444_800_000}, "time_out_of_range", "time"),
    ],
)
def test_row_limits(changes: dict[str, Any], reason: str, path: str) -> None:
    fields: dict[str, Any] = {
        "event_id": uuid.UUID(int=1),
        "event": "e",
        "time_ms": 0,
        "received_ms": 0,
        "distinct_id": "d",
        "source": "s",
        "properties": {},
    }
    with pytest.raises(RowRejected) as caught:
        event_row(**(fields | changes))
    assert (caught.value.reason, caught.value.path) == (reason, path)


_TEXT = st.text(st.characters(), max_size=12)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=8,
)
_NAMES = _TEXT | st.sampled_from(sorted(STANDARD)) | st.sampled_from(["a", "a.b", "$url.x", "a.b.c"])


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(logs=st.lists(st.dictionaries(_NAMES, _VALUES, max_size=6), min_size=1, max_size=30))
def test_whatever_is_accepted_the_engine_stores(
    store: ProjectStore, writer: GroupWriter, logs: list[dict[str, Any]]
) -> None:
    rows = [row for row in map(row_or_none, logs) if row is not None]
    assert writer.submit(store, Batch(rows)).result().stored == len(rows)


def row_or_none(properties: dict[str, Any]) -> EventRow | None:
    try:
        return event_row(
            event_id=uuid.uuid4(),
            event="e",
            time_ms=NOON_MS,
            received_ms=NOON_MS,
            distinct_id="d",
            source="s",
            properties=properties,
        )
    except RowRejected:
        return None
