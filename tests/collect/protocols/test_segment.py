"""Segment and RudderStack requests, compared field by field with what they must become."""

from __future__ import annotations

import base64
from typing import Any

import msgspec
import pytest

from bihuan.collect.errors import BatchTooLong, PayloadInvalid, WriteKeyMissing
from bihuan.collect.incoming import IdentityAlias, IdentityLink, IncomingEvent, ProfileChange
from bihuan.collect.protocols import all_protocols
from bihuan.collect.protocols.base import Outcome, Request

SEGMENT = all_protocols()["segment"]
RUDDERSTACK = all_protocols()["rudderstack"]
MOMENT_MS = 1_767_323_045_678
# As analytics.js 2 sends it from a page.
BROWSER_CONTEXT = {
    "page": {
        "path": "/tea",
        "referrer": "https://www.baidu.com/s?wd=tea",
        "search": "?utm_source=weibo",
        "title": "茶",
        "url": "https://shop.example.com/tea?utm_source=weibo",
    },
    "userAgent": "Mozilla/5.0 (Test)",
    "userAgentData": {"brands": [{"brand": "Chromium", "version": "142"}], "mobile": False},
    "locale": "zh-CN",
    "library": {"name": "analytics.js", "version": "npm:next-1.81.1"},
    "timezone": "Asia/Shanghai",
    "campaign": {"source": "weibo"},
    "screen": {"width": 1366, "height": 768, "density": 2},
}
BROWSER_PROPERTIES = {
    "$path": "/tea",
    "$referrer": "https://www.baidu.com/s?wd=tea",
    "$title": "茶",
    "$url": "https://shop.example.com/tea?utm_source=weibo",
    "$language": "zh-CN",
    "$lib": "analytics.js",
    "$lib_version": "npm:next-1.81.1",
    "$timezone": "Asia/Shanghai",
    "$utm_source": "weibo",
    "$screen_width": 1366.0,
    "$screen_height": 768.0,
    "context": {"page": {"search": "?utm_source=weibo"}, "screen": {"density": 2}},
}


def request(payload: Any, path: str = "/v1/batch", **rest: Any) -> Request:
    body = payload if isinstance(payload, bytes) else msgspec.json.encode(payload)
    return Request(method="POST", path=path, body=body, **rest)


def track(**changes: Any) -> dict[str, Any]:
    return {"type": "track", "event": "Buy", "userId": "u-1", **changes}


def test_browser_batch_field_by_field() -> None:
    payload = {
        "writeKey": "wk",
        "sentAt": "2026-01-02T03:04:06.000Z",
        "batch": [
            {
                "type": "track",
                "event": "Order Completed",
                "anonymousId": "a-1",
                "userId": "u-1",
                "messageId": "ajs-1",
                "timestamp": "2026-01-02T11:04:05.678+08:00",
                "context": BROWSER_CONTEXT,
                "properties": {"total": 21.5, "currency": "cny", "order_id": 7, "quantity": 2, "gift": True},
            }
        ],
    }
    parsed = SEGMENT.parse(request(payload))
    assert parsed.write_key == "wk"
    assert parsed.sent_at_ms == 1_767_323_046_000
    assert parsed.rejected == []
    link, event = parsed.items
    assert link == IdentityLink(
        anonymous_id="a-1", known_id="u-1", time_ms=MOMENT_MS, message_id="ajs-1", position="batch[0]"
    )
    assert event == IncomingEvent(
        event="Order Completed",
        distinct_id="u-1",
        time_ms=MOMENT_MS,
        message_id="ajs-1",
        properties={
            **BROWSER_PROPERTIES,
            "total": 21.5,
            "$currency": "CNY",
            "$order_id": "7",
            "$quantity": 2.0,
            "$revenue": 21.5,
            "gift": True,
        },
        user_agent="Mozilla/5.0 (Test)",
        position="batch[0]",
    )


def test_bad_items_are_kept_aside_and_good_ones_kept() -> None:
    batch = [
        track(),
        track(event=None),
        track(userId=None),
        track(timestamp="yesterday"),
        {"type": "dance", "userId": "u"},
        track(event="e" * 256),
        track(userId="u" * 256),
        track(messageId="m-8", userId=42),
    ]
    parsed = SEGMENT.parse(request({"batch": batch}))
    assert [item.position for item in parsed.items] == ["batch[0]", "batch[7]"]
    assert parsed.items[1].distinct_id == "42"
    assert [(bad.reason, bad.path) for bad in parsed.rejected] == [
        ("event_name_missing", "batch[1].event"),
        ("distinct_id_missing", "batch[2].userId"),
        ("time_invalid", "batch[3].timestamp"),
        ("type_unknown", "batch[4].type"),
        ("event_name_too_long", "batch[5].event"),
        ("distinct_id_too_long", "batch[6].userId"),
    ]
    assert [bad.raw for bad in parsed.rejected] == batch[1:7]
    assert all(bad.detail_en and bad.detail_zh for bad in parsed.rejected)


@pytest.mark.parametrize(
    ("bad", "path"),
    [
        (track(event=5), "batch[1].event"),
        (track(properties=[1]), "batch[1].properties"),
        (track(context="x"), "batch[1].context"),
        (track(userId=True), "batch[1].userId"),
        ("text", "batch[1]"),
    ],
)
def test_a_field_of_the_wrong_type_costs_only_its_own_message(bad: Any, path: str) -> None:
    parsed = SEGMENT.parse(request({"batch": [track(), bad, track(event="Next")], "writeKey": "wk"}))
    assert [item.event for item in parsed.items] == ["Buy", "Next"]
    assert [(each.reason, each.path, each.raw) for each in parsed.rejected] == [("type_invalid", path, bad)]
    assert parsed.write_key == "wk"


@pytest.mark.parametrize("message_id", ["m", None])
def test_a_message_over_32_kb_is_refused_wherever_it_hides(message_id: str | None) -> None:
    small = [track(messageId=message_id, properties={"pad": "x" * 300}) for _ in range(200)]
    large = track(messageId=message_id, properties={"blob": "x" * 33_000})
    parsed = SEGMENT.parse(request({"batch": [*small[:100], large, *small[100:]]}))
    assert len(parsed.items) == 200
    assert [(bad.reason, bad.path) for bad in parsed.rejected] == [("event_too_large", "batch[100]")]
    inner = track(messageId=message_id, properties={"messageId": "x", "blob": "x" * 33_000})
    assert len(SEGMENT.parse(request({"batch": [inner]})).rejected) == 1
    assert RUDDERSTACK.parse(request({"batch": [large]})).rejected == []


def test_too_many_messages() -> None:
    with pytest.raises(BatchTooLong):
        SEGMENT.parse(request({"batch": [track()] * 2_501}))
    assert len(SEGMENT.parse(request({"batch": [track()] * 2_500})).items) == 2_500


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"batch":{}}', b"{}", b'"text"'])
def test_an_unreadable_body_is_refused(body: bytes) -> None:
    with pytest.raises(PayloadInvalid):
        SEGMENT.parse(request(body))


def test_invalid_json_of_real_sdks_is_repaired() -> None:
    body = b'{"batch":[{"type":"track","event":"B","userId":"u","properties":{"n":NaN,"cut":"\\ud83d"}}]}'
    (event,) = SEGMENT.parse(request(body)).items
    assert event.properties == {"n": None, "cut": "?"}


@pytest.mark.parametrize("odd", [b"1e999", b'"\\ud83d"', b"[" * 2000 + b"]" * 2000, b'"\xff"'])
def test_odd_json_in_a_context_or_an_unread_field_breaks_nothing(odd: bytes) -> None:
    for field in (b"context", b"integrations"):
        message = b'{"type":"track","event":"%s","userId":"u","' + field + b'":{"x":' + odd + b"}}"
        body = b'{"batch":[' + message.replace(b"%s", b"B") + b"," + message.replace(b"%s", b"") + b"]}"
        try:
            parsed = SEGMENT.parse(request(body))
        except PayloadInvalid:
            assert odd.startswith(b"[")
            continue
        assert [(bad.reason, bad.path) for bad in parsed.rejected] == [
            ("event_name_missing", "batch[1].event")
        ]
        (event,) = parsed.items
        assert event.event == "B"


def test_events_do_not_share_their_properties() -> None:
    context = {"library": {"name": "lib"}}
    parsed = SEGMENT.parse(request({"batch": [track(context=context), track(context=context)]}))
    parsed.items[0].properties["mine"] = 1
    parsed.items[0].properties["$lib"] = "changed"
    assert parsed.items[1].properties == {"$lib": "lib"}
    again = SEGMENT.parse(request({"batch": [track(context=context)]}))
    assert again.items[0].properties == {"$lib": "lib"}


def test_context_beside_the_batch_holds_for_all() -> None:
    payload = {
        "context": {"library": {"name": "outer"}, "ip": "203.0.113.1"},
        "batch": [track(), track(context={"library": {"name": "own"}})],
    }
    first, second = SEGMENT.parse(request(payload)).items
    assert (first.properties, first.ip) == ({"$lib": "outer"}, "203.0.113.1")
    assert (second.properties, second.ip) == ({"$lib": "own"}, "203.0.113.1")


def test_identify_links_once_and_sets_traits() -> None:
    identify = {"type": "identify", "userId": "u-1", "anonymousId": "a-1", "traits": {"name": "李雷"}}
    payload = {"batch": [identify, track(anonymousId="a-1"), {**identify, "context": {"traits": {"age": 3}}}]}
    link, change, event, both = SEGMENT.parse(request(payload)).items
    assert link == IdentityLink(anonymous_id="a-1", known_id="u-1", position="batch[0]")
    assert change == ProfileChange(
        operation="set", distinct_id="u-1", values={"name": "李雷"}, position="batch[0]"
    )
    assert isinstance(event, IncomingEvent)
    assert both == ProfileChange(
        operation="set", distinct_id="u-1", values={"age": 3, "name": "李雷"}, position="batch[2]"
    )


def test_group_alias_and_merge() -> None:
    group = {"type": "group", "anonymousId": "a-1", "groupId": 9, "traits": {"$url": 5, "groupType": "team"}}
    event, change = SEGMENT.parse(request(group, "/v1/group")).items
    assert isinstance(event, IncomingEvent)
    assert event.properties == {"$url": "5", "$group_type": "team", "$group_id": "9"}
    assert change.values == {"$groups.team": "9"}
    (alias,) = SEGMENT.parse(request({"previousId": "old", "userId": "new"}, "/v1/alias")).items
    assert alias == IdentityAlias(previous_id="old", distinct_id="new")
    pairs = [{"type": "email", "value": "a@b.cn"}, {"type": "mobile", "value": "139"}]
    (merge,) = RUDDERSTACK.parse(request({"mergeProperties": pairs}, "/v1/merge")).items
    assert merge == IdentityAlias(previous_id="139", distinct_id="a@b.cn")
    assert len(RUDDERSTACK.parse(request({"batch": [track()]}, "/v1/import")).items) == 1


@pytest.mark.parametrize(
    ("properties", "stored"),
    [
        ({"revenue": "12.50"}, {"$revenue": 12.5}),
        ({"revenue": "free"}, {"revenue": "free"}),
        ({"value": 3}, {"value": 3}),
        ({"value": 3, "currency": "USD"}, {"value": 3, "$currency": "USD", "$revenue": 3.0}),
        ({"revenue": 1, "$revenue": 2, "total": 9, "order_id": "o"}, {
            "revenue": 1, "$revenue": 2.0, "total": 9, "$order_id": "o"
        }),
        ({"url": "https://x.cn/"}, {"url": "https://x.cn/"}),
        ({"$is_bot": "maybe", "$url": None}, {"is_bot": "maybe"}),
        ({"$currency": 5, "$title": ["a"]}, {"currency": 5, "$title": '["a"]'}),
    ],
)  # fmt: skip
def test_property_names_and_types(properties: dict[str, Any], stored: dict[str, Any]) -> None:
    (event,) = SEGMENT.parse(request(track(properties=properties), "/v1/track")).items
    assert event.properties == stored


def test_write_key_places() -> None:
    basic = {"authorization": "Basic " + base64.b64encode(b"basic-key:").decode()}
    payload = {"batch": [track()], "writeKey": "body-key"}
    assert SEGMENT.parse(request(payload, headers=basic)).write_key == "basic-key"
    assert SEGMENT.parse(request(payload)).write_key == "body-key"
    query = {"writeKey": ["query-key"]}
    assert SEGMENT.parse(request({"batch": []}, query=query)).write_key == "query-key"
    assert SEGMENT.parse(request({"batch": []}, headers={"authorization": "Bearer x"})).write_key is None


def test_pixel_in_both_forms() -> None:
    message = {"writeKey": "wk", "userId": "u", "event": "Open", "properties": {"campaign": "May"}}
    data = base64.urlsafe_b64encode(msgspec.json.encode(message)).decode().rstrip("=")
    dotted = {"writeKey": ["wk"], "userId": ["u"], "event": ["Open"], "properties.campaign": ["May"]}
    for query in ({"data": [data]}, dotted):
        pixel = Request(method="GET", path="/v1/pixel/track", query=query)
        parsed = SEGMENT.parse(pixel)
        assert parsed.write_key == "wk"
        assert parsed.items == [IncomingEvent(event="Open", distinct_id="u", properties={"campaign": "May"})]
        reply = SEGMENT.accepted(pixel, Outcome(accepted=1))
        assert (reply.status, reply.media_type, reply.body[:6]) == (200, "image/gif", b"GIF89a")
        refusal = SEGMENT.refused(pixel, WriteKeyMissing(), "en")
        assert (refusal.status, refusal.media_type) == (200, "image/gif")


def test_replies() -> None:
    sent = request({"batch": []})
    assert SEGMENT.accepted(sent, Outcome(accepted=3)).body == (
        b'{"status":1,"success":true,"result":"Success","code":200}'
    )
    reply = SEGMENT.accepted(
        sent, Outcome(accepted=1, quarantined=[("batch[1].event", "event_name_missing")])
    )
    assert reply.status == 200
    assert msgspec.json.decode(reply.body)["rejected"] == [
        {"path": "batch[1].event", "reason": "event_name_missing"}
    ]
    refusal = RUDDERSTACK.refused(sent, WriteKeyMissing(), "zh")
    body = msgspec.json.decode(refusal.body)
    assert (refusal.status, body["code"], body["error"]["code"]) == (
        401,
        "write_key_missing",
        "write_key_missing",
    )
    assert body["message"] == "请求中没有写入密钥（write key）。"


def test_a_browsers_address_tells_the_place_and_a_servers_does_not() -> None:
    def ip(context: dict[str, Any], **headers: str) -> str | None:
        message = track(context=context)
        parsed = SEGMENT.parse(request({"batch": [message]}, client_ip="198.51.100.1", headers=headers))
        (event,) = parsed.items
        assert isinstance(event, IncomingEvent)
        return event.ip

    assert ip({}, origin="https://shop.example.com") == "198.51.100.1"
    assert ip({}) is None
    assert ip({"ip": "203.0.113.9"}, origin="https://shop.example.com") == "203.0.113.9"


def test_a_visitor_without_ids_is_told_apart_by_address_and_browser_for_a_day() -> None:
    def visitor(path: str = "/v1/batch", received_ms: int = MOMENT_MS, **changes: Any) -> str:
        message = {"type": "track", "event": "Buy", "cookieless": True, "messageId": "m"}
        body: Any = (
            {"batch": [message], "writeKey": "k"} if path == "/v1/batch" else {**message, "writeKey": "k"}
        )
        given = {"client_ip": "198.51.100.1", "headers": {"user-agent": "Firefox"}, **changes}
        (event,) = SEGMENT.parse(request(body, path, received_ms=received_ms, **given)).items
        assert isinstance(event, IncomingEvent)
        return event.distinct_id

    ann = visitor()
    assert visitor() == visitor("/v1/track") == ann
    assert ann not in (visitor(client_ip="198.51.100.2"), visitor(headers={"user-agent": "Chrome"}))
    assert ann != visitor(received_ms=MOMENT_MS + 86_400_000)
    known = {"type": "track", "event": "Buy", "cookieless": True, "userId": "u-1"}
    (event,) = SEGMENT.parse(request({"batch": [known]}, client_ip="198.51.100.1")).items
    assert isinstance(event, IncomingEvent)
    assert event.distinct_id == "u-1"


@pytest.mark.parametrize("flag", [None, False, "true", 1])
def test_who_does_not_ask_for_it_must_name_somebody(flag: Any) -> None:
    message = {"type": "track", "event": "Buy", "cookieless": flag}
    parsed = SEGMENT.parse(request({"batch": [message]}, client_ip="198.51.100.1"))
    assert (parsed.items, [each.reason for each in parsed.rejected]) == ([], ["distinct_id_missing"])
