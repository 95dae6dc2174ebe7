from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from bihuan.collect.incoming import IdentityLink, IncomingEvent, ProfileChange
from bihuan.collect.protocols.base import Outcome
from bihuan.collect.protocols.umami import PROTOCOL
from tests.collect.protocols.requests_second import (
    BROWSER,
    RECEIVED_MS,
    answer_or_refuse,
    json_values,
    only_event,
    reasons,
    request,
)

# As the tracker script 2.x sends it.
PAGE_VIEW: dict[str, Any] = {
    "type": "event",
    "payload": {
        "website": "site-1",
        "hostname": "www.example.com",
        "language": "zh-CN",
        "referrer": "/from",
        "screen": "1920x1080",
        "title": "首页",
        "url": "/goods?id=1",
        "timestamp": 1_767_323_045,
    },
}


def _send(message: Any, **headers: str) -> Any:
    return PROTOCOL.parse(request("/api/send", message, **headers))


def test_page_view_of_the_tracker_field_by_field() -> None:
    parsed = _send(PAGE_VIEW)
    event = only_event(parsed)
    assert parsed.write_key == "site-1"
    assert event == IncomingEvent(
        event="$pageview",
        distinct_id=event.distinct_id,
        session_id=event.session_id,
        time_ms=1_767_323_045_000,
        properties={
            "$url": "https://www.example.com/goods?id=1",
            "$host": "www.example.com",
            "$title": "首页",
            "$referrer": "https://www.example.com/from",
            "$language": "zh-CN",
            "$screen_width": 1920.0,
            "$screen_height": 1080.0,
        },
        user_agent=BROWSER,
        ip="198.51.100.1",
    )
    assert len(event.distinct_id) == 36


def test_identify_links_the_session_and_sets_the_data() -> None:
    session = only_event(_send(PAGE_VIEW)).distinct_id
    payload = {"website": "site-1", "id": "user-1", "data": {"plan": "pro"}}
    parsed = _send({"type": "identify", "payload": payload})
    assert parsed.items == [
        IdentityLink(anonymous_id=session, known_id="user-1"),
        ProfileChange(operation="set", distinct_id="user-1", values={"plan": "pro"}),
    ]


def test_event_with_an_id_is_not_linked_to_the_address() -> None:
    payload = {
        **PAGE_VIEW["payload"],
        "name": "paid",
        "id": 7,
        "data": {"revenue": "20.5", "currency": "cny"},
    }
    parsed = _send({"type": "event", "payload": payload})
    event = only_event(parsed)
    assert parsed.items == [event]
    assert (event.event, event.distinct_id) == ("paid", "7")
    assert (event.properties["$revenue"], event.properties["$currency"]) == (20.5, "CNY")


def test_web_vitals_become_a_performance_event() -> None:
    payload = {"website": "site-1", "url": "/", "hostname": "a.example", "lcp": 1200.5, "cls": 0.1}
    event = only_event(_send({"type": "performance", "payload": payload}))
    assert event.event == "performance"
    assert (event.properties["lcp"], event.properties["cls"]) == (1200.5, 0.1)


def test_cache_keeps_session_and_visit_when_the_address_changes() -> None:
    first = json.loads(PROTOCOL.accepted(request("/api/send", PAGE_VIEW), Outcome(accepted=1)).body)
    assert set(first) == {"cache", "sessionId", "visitId"}
    moved = request("/api/send", PAGE_VIEW, x_umami_cache=first["cache"], user_agent=BROWSER + " Edg/142")
    event = only_event(PROTOCOL.parse(moved))
    assert (event.distinct_id, event.session_id) == (first["sessionId"], first["visitId"])
    moved.received_ms = RECEIVED_MS + 31 * 60 * 1000
    later = only_event(PROTOCOL.parse(moved))
    assert later.distinct_id == first["sessionId"]
    assert later.session_id != first["visitId"]
    other_site = {"type": "event", "payload": {"website": "site-2", "url": "/"}}
    assert only_event(_send(other_site, x_umami_cache=first["cache"])).distinct_id != first["sessionId"]


@pytest.mark.parametrize("cache", ["", "x", "e30", "bm90IGpzb24"])
def test_unreadable_cache_is_ignored(cache: str) -> None:
    without = only_event(_send(PAGE_VIEW)).distinct_id
    assert only_event(_send(PAGE_VIEW, x_umami_cache=cache)).distinct_id == without


def test_batch_keeps_good_events_beside_bad_ones() -> None:
    batch = [
        PAGE_VIEW,
        {"type": "visit", "payload": {"website": "site-1"}},
        {"type": "event", "payload": {"website": "site-2", "url": "/"}},
        7,
        {"type": "event", "payload": {"website": "site-1", "name": "x" * 256}},
    ]
    sent = request("/api/batch", batch)
    parsed = PROTOCOL.parse(sent)
    assert [item.position for item in parsed.items] == ["[0]"]
    assert reasons(parsed) == [
        ("[1].type", "type_unknown"),
        ("[2].payload.website", "write_key_mixed"),
        ("[3]", "type_invalid"),
        ("[4].payload.name", "event_name_too_long"),
    ]
    reply = PROTOCOL.accepted(sent, Outcome(accepted=1, quarantined=reasons(parsed)))
    answer = json.loads(reply.body)
    assert (answer["size"], answer["processed"], answer["errors"]) == (5, 1, 4)
    assert [each["index"] for each in answer["details"]] == [1, 2, 3, 4]


def test_single_bad_event_is_answered_400() -> None:
    bad = request("/api/send", {"type": "event", "payload": {"website": "site-1", "timestamp": "soon"}})
    parsed = PROTOCOL.parse(bad)
    assert reasons(parsed) == [("payload.timestamp", "time_invalid")]
    assert PROTOCOL.accepted(bad, Outcome(quarantined=reasons(parsed))).status == 400


def test_bots_are_answered_and_nothing_is_stored() -> None:
    bot = "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)"
    reply = PROTOCOL.immediate(request("/api/send", PAGE_VIEW, user_agent=bot))
    assert reply is not None
    assert reply.body == b'{"beep":"boop"}'
    batch = PROTOCOL.immediate(request("/api/batch", [PAGE_VIEW, PAGE_VIEW], user_agent=bot))
    assert batch is not None
    assert json.loads(batch.body) == {"size": 2, "processed": 2, "errors": 0, "details": []}
    assert PROTOCOL.immediate(request("/api/send", PAGE_VIEW)) is None


def test_write_key_in_the_path_frees_the_website_id() -> None:
    parsed = PROTOCOL.parse(request("/wk_1/api/send", PAGE_VIEW))
    assert parsed.write_key == "wk_1"


@given(
    json_values("type", "payload", "website", "id", "data", "name", "url", "event", "identify", "timestamp")
)
def test_any_json_is_answered_or_refused(body: Any) -> None:
    answer_or_refuse(PROTOCOL, request("/api/send", body))
    answer_or_refuse(PROTOCOL, request("/api/send", {"type": "event", "payload": body}))
    answer_or_refuse(PROTOCOL, request("/api/batch", [body, body]))
