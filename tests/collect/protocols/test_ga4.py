from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from bihuan.collect.errors import PayloadInvalid
from bihuan.collect.incoming import IdentityLink, IncomingEvent, ProfileChange
from bihuan.collect.protocols.base import Outcome
from bihuan.collect.protocols.ga4 import PROTOCOL
from tests.collect.protocols.requests_second import (
    BROWSER,
    answer_or_refuse,
    json_values,
    only_event,
    reasons,
    request,
)

MICROS = 1_767_323_045_678_901
TIME_MS = 1_767_323_045_678


def _collect(body: Any, path: str = "/mp/collect") -> Any:
    return PROTOCOL.parse(request(path, body, query={"api_secret": "wk_1", "measurement_id": "G-1"}))


def _event(name: str, params: dict[str, Any], **body: Any) -> IncomingEvent:
    return only_event(_collect({"client_id": "c.1", **body, "events": [{"name": name, "params": params}]}))


ITEMS = [{"item_id": "sku-1", "item_name": "tea", "price": 9.5, "quantity": 2}]
PURCHASE = {
    "client_id": "c.1",
    "user_id": "user-1",
    "timestamp_micros": MICROS,
    "user_properties": {"plan": {"value": "pro"}, "old": {"value": ""}},
    "device": {"category": "mobile", "language": "zh-CN", "screen_resolution": "1216x2688"},
    "user_location": {"country_id": "CN", "city": "北京"},
    "ip_override": "203.0.113.7",
    "events": [
        {
            "name": "purchase",
            "params": {
                "transaction_id": "o-1",
                "value": 20.5,
                "currency": "CNY",
                "session_id": 42,
                "items": ITEMS,
            },
        }
    ],
}


def test_request_field_by_field() -> None:
    parsed = _collect(PURCHASE)
    link, set_plan, unset_old, event = parsed.items
    assert (parsed.write_key, parsed.rejected) == ("wk_1", [])
    assert link == IdentityLink(anonymous_id="c.1", known_id="user-1", time_ms=TIME_MS)
    assert isinstance(set_plan, ProfileChange)
    assert (set_plan.operation, set_plan.values) == ("set", {"plan": "pro"})
    assert (unset_old.operation, unset_old.values) == ("unset", {"old": True})
    assert event == IncomingEvent(
        event="purchase",
        distinct_id="user-1",
        time_ms=TIME_MS,
        message_id=event.message_id,
        session_id="42",
        properties={
            "$order_id": "o-1",
            "value": 20.5,
            "$revenue": 20.5,
            "$currency": "CNY",
            "items": ITEMS,
            "$product_id": "sku-1",
            "$product_name": "tea",
            "$price": 9.5,
            "$quantity": 2.0,
            "$device_type": "mobile",
            "$language": "zh-CN",
            "$screen_width": 1216.0,
            "$screen_height": 2688.0,
            "$country": "CN",
            "$city": "北京",
        },
        user_agent=BROWSER,
        ip="203.0.113.7",
        position="events[0]",
    )


def test_event_names_and_parameters() -> None:
    view = _event("page_view", {"page_location": "https://a.example/x", "page_title": "首页"})
    assert (view.event, view.properties) == ("$pageview", {"$url": "https://a.example/x", "$title": "首页"})
    assert _event("screen_view", {"firebase_screen": "home"}).properties == {"$screen_name": "home"}
    assert _event("session_start", {}).event == "$session_start"
    campaign = _event("campaign_details", {"source": "baidu", "medium": "cpc"})
    assert campaign.properties == {"$utm_source": "baidu", "$utm_medium": "cpc"}
    cart = _event("add_to_cart", {"value": 9.5, "currency": "CNY", "source": "list"})
    assert cart.properties == {"value": 9.5, "$currency": "CNY", "source": "list"}


def test_message_ids() -> None:
    assert _event("a", {}).message_id is None
    first = _event("a", {}, timestamp_micros=MICROS).message_id
    assert first is not None
    assert _event("a", {}, timestamp_micros=MICROS).message_id == first
    assert _event("a", {"x": 1}, timestamp_micros=MICROS).message_id != first
    twice = _collect(
        {"client_id": "c.1", "timestamp_micros": MICROS, "events": [{"name": "a"}, {"name": "a"}]}
    )
    assert len({item.message_id for item in twice.items}) == 2
    order = _event("purchase", {"transaction_id": "o-1", "value": 1})
    assert order.message_id == _event("purchase", {"transaction_id": "o-1", "value": 2}).message_id
    assert order.message_id != _event("purchase", {"transaction_id": "o-2"}).message_id


def test_bad_events_beside_good_ones() -> None:
    events = [
        {"name": "a"},
        {"params": {}},
        3,
        {"name": "b", "params": []},
        {"name": "c", "timestamp_micros": "soon"},
    ]
    parsed = _collect({"app_instance_id": "app-1", "events": events})
    assert [(item.event, item.distinct_id) for item in parsed.items] == [("a", "app-1")]
    assert reasons(parsed) == [
        ("events[1].name", "event_name_missing"),
        ("events[2]", "type_invalid"),
        ("events[3].params", "type_invalid"),
        ("events[4].timestamp_micros", "time_invalid"),
    ]
    nobody = _collect({"events": [{"name": "a"}]})
    assert reasons(nobody) == [("client_id", "distinct_id_missing")]


def test_answers() -> None:
    assert PROTOCOL.accepted(request("/mp/collect", {}), Outcome(quarantined=[("", "x")])).status == 204
    assert PROTOCOL.immediate(request("/mp/collect", {})) is None
    with pytest.raises(PayloadInvalid):
        _collect([])
    assert _collect({"client_id": "c", "events": []}, "/wk_path/mp/collect").write_key == "wk_path"


def _validate(body: Any) -> list[tuple[str, str]]:
    reply = PROTOCOL.immediate(request("/debug/mp/collect", body))
    assert reply is not None
    assert reply.status == 200
    return [
        (each["fieldPath"], each["validationCode"]) for each in json.loads(reply.body)["validationMessages"]
    ]


def test_validation_server() -> None:
    assert _validate({"client_id": "c", "events": [{"name": "purchase", "params": {"value": 1}}]}) == []
    assert _validate([]) == [("", "VALUE_INVALID")]
    assert _validate({}) == [("client_id", "VALUE_REQUIRED"), ("events", "VALUE_REQUIRED")]
    wrong = {
        "client_id": "c",
        "events": [
            {"name": "_badEventName"},
            {"name": "first_visit"},
            {"name": "a" * 41},
            {"name": "ok", "params": {"x": "y" * 101, "ga_x": 1}},
            {"name": "ok", "params": {f"p{index}": 1 for index in range(26)}},
        ],
        "user_properties": {"tier": {"value": "v" * 37}},
    }
    assert _validate(wrong) == [
        ("events", "NAME_INVALID"),
        ("events", "NAME_RESERVED"),
        ("events", "NAME_INVALID"),
        ("events.params", "VALUE_OUT_OF_BOUNDS"),
        ("events.params", "NAME_RESERVED"),
        ("events.params", "EXCEEDED_MAX_ENTITIES"),
        ("user_properties", "VALUE_OUT_OF_BOUNDS"),
    ]
    many = {"client_id": "c", "events": [{"name": "a"}] * 26}
    assert _validate(many) == [("events", "EXCEEDED_MAX_ENTITIES")]


NAMES = (
    "client_id",
    "user_id",
    "events",
    "name",
    "params",
    "user_properties",
    "value",
    "timestamp_micros",
    "items",
)


@given(json_values(*NAMES))
def test_any_json_is_answered_or_refused(value: Any) -> None:
    for body in (
        value,
        {"client_id": "c", "events": value},
        {"client_id": "c", "events": [{"name": "purchase", "params": value}], "device": value},
        {"client_id": "c", "user_properties": value, "user_location": value},
    ):
        answer_or_refuse(PROTOCOL, request("/mp/collect", body))
        answer_or_refuse(PROTOCOL, request("/debug/mp/collect", body))
