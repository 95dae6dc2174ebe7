"""Amplitude requests, compared field by field with what they must become."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest

from bihuan.collect.errors import BatchTooLong, BodyTooLarge, PayloadInvalid, WriteKeyUnknown
from bihuan.collect.incoming import IdentityLink, IncomingEvent, ProfileChange
from bihuan.collect.protocols import all_protocols
from bihuan.collect.protocols.base import Outcome, Request
from bihuan.kernel.errors import Overloaded

AMPLITUDE = all_protocols()["amplitude"]
MOMENT_MS = 1_767_323_045_678


def request(payload: Any, path: str = "/2/httpapi", **rest: Any) -> Request:
    body = payload if isinstance(payload, bytes) else msgspec.json.encode(payload)
    return Request(method="POST", path=path, body=body, received_ms=MOMENT_MS, **rest)


def events(*batch: Any, **rest: Any) -> Request:
    return request({"api_key": "wk", "events": list(batch), **rest})


def event(**changes: Any) -> dict[str, Any]:
    return {"user_id": "user-1", "event_type": "Buy", **changes}


# As the browser SDK 2 sends it.
BROWSER_EVENT = {
    "device_id": "device-1",
    "user_id": "user-1",
    "session_id": 1_767_323_000_000,
    "time": MOMENT_MS,
    "platform": "Web",
    "language": "zh-CN",
    "ip": "$remote",
    "insert_id": "i-1",
    "event_id": 4,
    "event_type": "[Amplitude] Page Viewed",
    "event_properties": {
        "[Amplitude] Page Domain": "shop.example.com",
        "[Amplitude] Page Location": "https://shop.example.com/tea?utm_source=weibo",
        "[Amplitude] Page Path": "/tea",
        "[Amplitude] Page Title": "茶",
        "referrer": "https://www.baidu.com/",
        "utm_source": "weibo",
    },
    "groups": {"company": "acme"},
    "library": "amplitude-ts/2.11.0",
    "user_agent": "Mozilla/5.0 (Test)",
}


def test_browser_event_field_by_field() -> None:
    parsed = AMPLITUDE.parse(events(BROWSER_EVENT, client_upload_time="2026-01-02T03:04:06.000Z"))
    assert (parsed.write_key, parsed.sent_at_ms, parsed.rejected) == ("wk", 1_767_323_046_000, [])
    assert parsed.items == [
        IdentityLink(
            anonymous_id="device-1",
            known_id="user-1",
            time_ms=MOMENT_MS,
            message_id="i-1",
            position="events[0]",
        ),
        IncomingEvent(
            event="$pageview",
            distinct_id="user-1",
            time_ms=MOMENT_MS,
            message_id="i-1",
            properties={
                "$language": "zh-CN",
                "platform": "Web",
                "$lib": "amplitude-ts",
                "$lib_version": "2.11.0",
                "$host": "shop.example.com",
                "$url": "https://shop.example.com/tea?utm_source=weibo",
                "$path": "/tea",
                "$title": "茶",
                "$referrer": "https://www.baidu.com/",
                "$utm_source": "weibo",
                "$groups": {"company": "acme"},
            },
            session_id="1767323000000",
            user_agent="Mozilla/5.0 (Test)",
            position="events[0]",
        ),
    ]


def test_the_device_is_linked_once_and_names_whoever_has_no_user_id() -> None:
    sent = events(event(device_id="device-1"), event(device_id="device-1"), {
        "device_id": "device-2", "event_type": "Buy"
    })  # fmt: skip
    items = AMPLITUDE.parse(sent).items
    assert [type(item).__name__ for item in items] == ["IdentityLink", *["IncomingEvent"] * 3]
    assert items[-1] == IncomingEvent(event="Buy", distinct_id="device-2", position="events[2]")


def test_user_properties() -> None:
    operations = {
        "$set": {"plan": "pro"},
        "$setOnce": {"first": 1},
        "$add": {"n": 2},
        "$append": {"tags": "a"},
        "$prepend": {"tags2": ["b"]},
        "$postInsert": {"badges": "x"},
        "$unset": {"old": "-"},
        "loose": True,
    }
    sent = events(event(event_type="$identify", insert_id="i", user_properties=operations))
    changes = [item for item in AMPLITUDE.parse(sent).items if isinstance(item, ProfileChange)]
    assert {change.operation: change.values for change in changes} == {
        "set": {"loose": True, "plan": "pro"},
        "set_once": {"first": 1},
        "increment": {"n": 2},
        "append": {"tags": ["a"], "tags2": ["b"]},
        "union": {"badges": ["x"]},
        "unset": {"old": True},
    }
    assert {change.message_id for change in changes} == {f"i:{change.operation}" for change in changes}
    cleared = AMPLITUDE.parse(events(event(event_type="$identify", user_properties={"$clearAll": "-"})))
    assert cleared.items == [ProfileChange(operation="delete", distinct_id="user-1", position="events[0]")]


@pytest.mark.parametrize(
    ("changes", "revenue"),
    [
        ({"price": 2.5, "quantity": 4}, 10.0),
        ({"price": 2.5}, 2.5),
        ({"price": 2.5, "quantity": 4, "revenue": 9}, 9.0),
        ({"event_type": "revenue_amount", "event_properties": {"$price": 3, "$quantity": 2}}, 6.0),
        ({"event_properties": {"price": 3}}, None),
    ],
)
def test_revenue(changes: dict[str, Any], revenue: float | None) -> None:
    (item,) = AMPLITUDE.parse(events(event(**changes))).items
    assert isinstance(item, IncomingEvent)
    assert item.properties.get("$revenue") == revenue


def test_bad_events_are_kept_aside() -> None:
    bad = [
        event(event_type=""),
        event(user_id=None),
        event(user_id="u"),
        event(time="soon"),
        event(user_properties={"$remove": {"a": 1}}),
        event(user_properties={"$add": {"a": "x"}}),
        event(event_type="$groupidentify"),
        [],
    ]
    parsed = AMPLITUDE.parse(events(event(), *bad))
    assert len(parsed.items) == 1
    assert [(each.reason, each.path) for each in parsed.rejected] == [
        ("event_name_missing", "events[1].event_type"),
        ("distinct_id_missing", "events[2].user_id"),
        ("id_too_short", "events[3].user_id"),
        ("time_invalid", "events[4].time"),
        ("operation_unsupported", "events[5].user_properties.$remove"),
        ("increment_not_a_number", "events[6].user_properties.$add.a"),
        ("group_id_missing", "events[7].groups"),
        ("type_invalid", "events[8]"),
    ]
    assert [each.raw for each in parsed.rejected] == bad
    assert len(AMPLITUDE.parse(events(event(user_id="u"), options={"min_id_length": 1})).items) == 1


def test_limits() -> None:
    with pytest.raises(BatchTooLong):
        AMPLITUDE.parse(request({"api_key": "k", "events": [event()] * 2_001}, "/batch"))
    large = events(event(event_properties={"x": "y" * 1024 * 1024}))
    with pytest.raises(BodyTooLarge):
        AMPLITUDE.parse(large)
    large.path = "/batch"
    assert len(AMPLITUDE.parse(large).items) == 1
    for body in (b"", b"[]", b"{}", b'{"events":{}}'):
        with pytest.raises(PayloadInvalid):
            AMPLITUDE.parse(request(body))


def test_form_endpoints() -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}

    def post(path: str, **fields: str) -> Any:
        return AMPLITUDE.parse(request(urlencode({"api_key": "wk", **fields}).encode(), path, headers=form))

    identified = post("/identify", identification='[{"user_id":"user-1","user_properties":{"a":1}}]')
    assert identified.write_key == "wk"
    assert identified.items == [
        ProfileChange(operation="set", distinct_id="user-1", values={"a": 1}, position="events[0]")
    ]
    group = post(
        "/groupidentify",
        identification='{"group_type":"company","group_value":"acme","group_properties":{"size":3}}',
    )
    assert group.items == [
        IncomingEvent(
            event="$group_identify",
            distinct_id="$company_acme",
            properties={"size": 3, "$group_type": "company", "$group_id": "acme"},
            position="events[0]",
        )
    ]
    assert len(post("/httpapi", event='{"user_id":"user-1","event_type":"Buy"}').items) == 1


def test_replies() -> None:
    sent = events(event())
    reply = AMPLITUDE.accepted(sent, Outcome(accepted=1))
    assert (reply.status, msgspec.json.decode(reply.body)) == (
        200,
        {
            "code": 200,
            "events_ingested": 1,
            "payload_size_bytes": len(sent.body),
            "server_upload_time": MOMENT_MS,
        },
    )
    unknown = AMPLITUDE.refused(sent, WriteKeyUnknown(), "en")
    answer = msgspec.json.decode(unknown.body)
    assert (unknown.status, answer["code"]) == (401, 401)
    assert answer["error"] == "Invalid API key: The write key is not known here."
    busy = AMPLITUDE.refused(sent, Overloaded(retry_after_seconds=1), "en")
    assert msgspec.json.decode(busy.body)["code"] == 503
