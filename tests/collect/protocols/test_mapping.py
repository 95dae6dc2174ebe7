"""One vocabulary: names are replaced, values take the declared type, nothing that was sent is lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.collect.protocols import all_protocols
from bihuan.collect.protocols.mapping import (
    add_revenue,
    as_number,
    as_text,
    device_type,
    names_table,
    put_standard,
    standard_typed,
    translate,
)
from bihuan.kernel.vocabulary import STANDARD

NAMES = names_table({"link": "$url", "amount": "$revenue", "robot": "$is_bot"})


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ({}, {}),
        ({"mine": [1, {"a": 2}]}, {"mine": [1, {"a": 2}]}),
        ({"link": "x", "amount": 3}, {"$url": "x", "$revenue": 3.0}),
        ({"amount": "3.5", "robot": "true"}, {"$revenue": 3.5, "$is_bot": True}),
        ({"amount": "a lot", "robot": 2}, {"amount": "a lot", "robot": 2}),
        ({"amount": 10**400, "link": None}, {"amount": 10**400}),
        ({"amount": True, "link": 7.0}, {"amount": True, "$url": "7"}),
        ({"link": "own", "$url": "standard"}, {"link": "own", "$url": "standard"}),
        ({"$revenue": "x"}, {"revenue": "x"}),
        ({"$currency": "cny", "$device_type": "iPad"}, {"$currency": "CNY", "$device_type": "tablet"}),
    ],
)
def test_translate(sent: dict[str, Any], stored: dict[str, Any]) -> None:
    before = dict(sent)
    assert translate(sent, NAMES) == stored
    assert sent == before


def test_what_is_sent_lies_over_the_context() -> None:
    beneath = {"$url": "context", "$os": "iOS"}
    assert translate({"link": "own"}, NAMES, beneath) == {"$url": "own", "$os": "iOS"}
    assert translate({"n": 1}, NAMES, beneath) == {"$url": "context", "$os": "iOS", "n": 1}
    assert beneath == {"$url": "context", "$os": "iOS"}


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
VALUES = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.text(max_size=3), SCALARS, max_size=2)


@given(st.sampled_from(sorted(STANDARD)), VALUES)
def test_a_standard_property_always_has_its_type(name: str, value: Any) -> None:
    properties: dict[str, Any] = {}
    put_standard(properties, name, value)
    types: dict[str, type] = {"number": float, "flag": bool, "text": str, "category": str}
    if name in properties:
        assert type(properties[name]) is types[STANDARD[name]]
    elif value is not None:
        (stored,) = properties.values()
        assert stored is value


def test_small_readings() -> None:
    assert [as_number(value) for value in (1, "2.5", True, "x", float("nan"), None)] == [
        1.0, 2.5, None, None, None, None
    ]  # fmt: skip
    assert [as_text(value) for value in (None, "a", 1.0, 1.5, True, [1])] == [
        None, "a", "1", "1.5", "true", "[1]"
    ]  # fmt: skip
    assert [device_type(value) for value in ("Desktop", "ANDROID", "ipad", "fridge", "", 5)] == [
        "desktop", "mobile", "tablet", "other", None, None
    ]  # fmt: skip
    assert standard_typed({"$is_bot": 1, "n": 1}) == {"$is_bot": True, "n": 1}


@pytest.mark.parametrize(
    ("properties", "revenue"),
    [
        ({"value": 5}, None),
        ({"value": 5, "$currency": "CNY"}, 5.0),
        ({"total": "6", "value": 5, "$order_id": "o"}, 6.0),
        ({"total": "much", "$order_id": "o"}, None),
        ({"$revenue": 1.0, "total": 6, "$order_id": "o"}, 1.0),
    ],
)
def test_revenue_needs_a_sign_that_it_is_money(properties: dict[str, Any], revenue: float | None) -> None:
    add_revenue(properties)
    assert properties.get("$revenue") == revenue


def test_every_module_with_a_protocol_is_found_under_its_own_name() -> None:
    found = all_protocols()
    assert {"amplitude", "mixpanel", "posthog", "rudderstack", "segment", "sensors"} <= set(found)
    assert list(found) == sorted(found)
    for name, protocol in found.items():
        assert protocol.name == name
        assert protocol.title
        assert all(method in ("GET", "POST") and path.startswith("/") for method, path in protocol.paths)
