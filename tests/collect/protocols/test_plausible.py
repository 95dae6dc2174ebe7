from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bihuan.collect.incoming import IncomingEvent
from bihuan.collect.protocols.base import Outcome
from bihuan.collect.protocols.plausible import PROTOCOL
from tests.collect.protocols.requests_second import (
    BROWSER,
    RECEIVED_MS,
    answer_or_refuse,
    json_values,
    only_event,
    reasons,
    request,
)

DAY_MS = 86_400_000


def _parse(body: Any, path: str = "/api/event", **headers: str) -> Any:
    return PROTOCOL.parse(request(path, body, **headers))


def test_event_of_the_api_field_by_field() -> None:
    body = {
        "name": "Purchase",
        "url": "https://shop.example.com/pay?utm_source=weibo",
        "domain": "shop.example.com,all.example.com",
        "referrer": "https://weibo.com",
        "props": {"plan": "pro"},
        "revenue": {"currency": "CNY", "amount": "1322.22"},
    }
    parsed = _parse(body, x_forwarded_for="203.0.113.7, 10.0.0.1")
    event = only_event(parsed)
    assert parsed.write_key == "shop.example.com"
    assert event == IncomingEvent(
        event="Purchase",
        distinct_id=event.distinct_id,
        properties={
            "plan": "pro",
            "$url": "https://shop.example.com/pay?utm_source=weibo",
            "$referrer": "https://weibo.com",
            "$revenue": 1322.22,
            "$currency": "CNY",
        },
        user_agent=BROWSER,
        ip="203.0.113.7",
    )


def test_short_names_of_the_tracker_script() -> None:
    body = {
        "n": "pageview",
        "u": "https://a.example/x",
        "d": "a.example",
        "r": None,
        "p": '{"k":"v"}',
        "w": 390,
    }
    event = only_event(_parse(body))
    assert event.event == "$pageview"
    assert event.properties == {"k": "v", "$url": "https://a.example/x", "$screen_width": 390.0}
    left = only_event(
        _parse({"n": "engagement", "u": "https://a.example/x", "d": "a.example", "e": 1500, "sd": 80})
    )
    assert left.properties["$duration_seconds"] == 1.5
    assert left.properties["scroll_depth"] == 80


def test_visitor_is_the_same_within_a_day_and_another_the_next_day() -> None:
    sent = request("/api/event", {"name": "a", "url": "https://a.example", "domain": "a.example"})
    first = only_event(PROTOCOL.parse(sent)).distinct_id
    sent.received_ms = RECEIVED_MS + 1000
    assert only_event(PROTOCOL.parse(sent)).distinct_id == first
    sent.received_ms = RECEIVED_MS + DAY_MS
    assert only_event(PROTOCOL.parse(sent)).distinct_id != first


def test_bad_event_is_set_aside_and_the_answer_says_dropped() -> None:
    sent = request("/api/event", {"url": "https://a.example", "domain": "a.example", "props": 3})
    parsed = PROTOCOL.parse(sent)
    assert (parsed.write_key, reasons(parsed)) == ("a.example", [("name", "event_name_missing")])
    reply = PROTOCOL.accepted(sent, Outcome(quarantined=reasons(parsed)))
    assert (reply.status, reply.headers) == (202, {"x-plausible-dropped": "1"})
    assert PROTOCOL.accepted(sent, Outcome(accepted=1)).headers == {}


def test_bot_is_dropped() -> None:
    body = {"name": "a", "url": "https://a.example", "domain": "a.example"}
    reply = PROTOCOL.immediate(request("/api/event", body, user_agent="GPTBot/1.0"))
    assert reply is not None
    assert (reply.status, reply.headers) == (202, {"x-plausible-dropped": "1"})


def test_write_key_in_the_path() -> None:
    assert _parse({"name": "a", "domain": "a.example"}, "/wk_1/api/event").write_key == "wk_1"


@given(json_values("name", "n", "url", "domain", "props", "p", "revenue", "amount", "currency", "e"))
def test_any_json_is_answered_or_refused(body: Any) -> None:
    answer_or_refuse(PROTOCOL, request("/api/event", body))


@given(st.binary(max_size=60))
def test_any_bytes_are_refused_or_answered(body: bytes) -> None:
    answer_or_refuse(PROTOCOL, request("/api/event", body))
