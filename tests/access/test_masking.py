"""What is taken for personal data, and how it looks when hidden."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import TypeAdapter

from bihuan.access import Mask
from bihuan.access.personal.patterns import kind_by_name, masked, masked_text
from bihuan.analytics.registry import AnyQuery

HIDING = Mask({}, hides=True)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("phone", "phone"), ("$phone", "phone"), ("mobile", "phone"), ("contactPhone", "phone"),
        ("phone_number", "phone"), ("手机号", "phone"), ("联系电话", "phone"), ("user.mobile_no", "phone"),
        ("email", "email"), ("$email", "email"), ("E-Mail", "email"), ("邮箱", "email"),
        ("idCard", "id_number"), ("id_card_no", "id_number"), ("身份证号", "id_number"),
        ("name", "name"), ("$name", "name"), ("real_name", "name"), ("firstName", "name"), ("收货人", "name"),
        ("shipping_address", "address"), ("收货地址", "address"), ("address.street", "address"),
        ("$product_name", None), ("page_name", None), ("event_name", None), ("is_mobile", None),
        ("phone_model", None), ("手机型号", None), ("$device_type", None), ("email_opened", None),
        ("order_id", None), ("$utm_medium", None), ("hotel", None), ("number", None), ("id", None),
    ],
)  # fmt: skip
def test_names_tell_what_a_property_holds(name: str, kind: str | None) -> None:
    assert kind_by_name(name) == kind


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("13800138000", "138****8000"),
        ("call +86 13800138000 now", "call +86********8000 now"),
        ("138-0013-8000", "138******8000"),
        ("li.lei@example.com", "l***@example.com"),
        ("mail:li@a.b.example.com,wang@example.com", "mail:l***@a.b.example.com,w***@example.com"),
        ("11010519491231002X", "110*************2X"),
        ("110105194912310021", "110105194912310021"),
        ("1700000000000", "1700000000000"),
        ("order 20260101138001380001", "order 20260101138001380001"),
        ("12345678901", "12345678901"),
        ("0.13800138000", "0.13800138000"),
        ("@handle", "@handle"),
        ("上海", "上海"),
    ],
)
def test_texts_lose_what_tells_the_person(text: str, shown: str) -> None:
    assert masked_text(text) == shown


def test_short_values_are_hidden_whole() -> None:
    assert masked("phone", "110") == "***"
    assert masked("name", "王小明") == "王**"
    assert masked("other", "anything") == "***"


def test_properties_are_hidden_by_name_and_by_what_they_look_like() -> None:
    given: dict[str, Any] = {
        "$phone": 13800138000.0,
        "mail": "li@example.com",
        "note": "ask li@example.com",
        "realName": "王小明",
        "contact": {"phone": "13800138000", "city": "上海"},
        "list": ["13800138000", 5],
        "phones": ["13800138000"],
        "price": 13800138000.0,
        "ok": True,
        "none": None,
    }
    assert HIDING.properties(given) == {
        "$phone": "138****8000",
        "mail": "l***@example.com",
        "note": "ask l***@example.com",
        "realName": "王**",
        "contact": {"phone": "138****8000", "city": "上海"},
        "list": ["138****8000", 5],
        "phones": ["138****8000"],
        "price": 13800138000.0,
        "ok": True,
        "none": None,
    }
    assert Mask({}, hides=False).properties(given) == given


def test_decisions_win_over_names_and_looks() -> None:
    mask = Mask({"name": None, "note": None, "nick": "other"}, hides=True)
    given = {"name": "Blue dress", "note": "13800138000", "nick": "ming", "phone": "13800138000"}
    assert mask.properties(given) == {
        "name": "Blue dress",
        "note": "13800138000",
        "nick": "***",
        "phone": "138****8000",
    }


def test_payloads_are_hidden_json_or_not() -> None:
    sent = {"userId": "li@example.com", "traits": {"phone": 13800138000, "plan": "pro"}}
    shown = json.loads(HIDING.payload(json.dumps(sent)))
    assert shown == {"userId": "l***@example.com", "traits": {"phone": "138****8000", "plan": "pro"}}
    assert HIDING.payload("user=13800138000&x") == "user=138****8000&x"


def _query(**given: Any) -> Any:
    return TypeAdapter(AnyQuery).validate_python(
        {"kind": "trend", "series": [{"selector": {"events": ["buy"]}}], **given}
    )


def test_labels_of_answers_are_hidden_by_their_breakdown() -> None:
    query = _query(
        breakdowns=[
            {"property": {"scope": "person", "name": "real_name"}},
            {"property": {"name": "city"}},
        ]
    )
    line = {
        "breakdown": [{"value": "王小明", "other": False}, {"value": "上海", "other": False}],
        "values": [1, 2],
    }
    body = {"kind": "trend", "sql": "WHERE phone = '13800138000'", "lines": [line]}
    shown = json.loads(HIDING.answer(query, json.dumps(body).encode()))
    assert [each["value"] for each in shown["lines"][0]["breakdown"]] == ["王**", "上海"]
    assert (shown["lines"][0]["values"], shown["sql"]) == ([1, 2], body["sql"])
    assert HIDING.asks_personal(query)
    assert not HIDING.asks_personal(_query(filter={"type": "text", "property": {"name": "phone"},
                                                   "operator": "is", "values": ["1"]}))  # fmt: skip


def test_labels_that_look_personal_are_hidden_whatever_the_name() -> None:
    query = _query(breakdowns=[{"property": {"scope": "field", "name": "distinct_id"}}])
    body = {"lines": [{"breakdown": [{"value": "li@example.com", "other": False}], "values": [1]}]}
    shown = json.loads(HIDING.answer(query, json.dumps(body).encode()))
    assert shown["lines"][0]["breakdown"][0]["value"] == "l***@example.com"
