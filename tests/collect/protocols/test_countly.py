from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.collect.errors import PayloadInvalid
from bihuan.collect.incoming import IdentityLink, IncomingEvent, ProfileChange
from bihuan.collect.protocols.base import Outcome
from bihuan.collect.protocols.countly import PROTOCOL
from tests.collect.protocols.requests_second import (
    BROWSER,
    answer_or_refuse,
    json_values,
    only_event,
    reasons,
    request,
)

TIME_MS = 1_767_323_045_000
BASE = {"app_key": "wk_1", "device_id": "device-1", "timestamp": str(TIME_MS)}


def _write(**fields: Any) -> Any:
    texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()}
    return PROTOCOL.parse(request("/i", form={**BASE, **texts}))


def test_event_field_by_field() -> None:
    sent = {
        "key": "purchase",
        "count": 2,
        "sum": "9.5",
        "dur": 30,
        "segmentation": {"currency": "cny", "颜色": "红"},
        "timestamp": TIME_MS + 7,
        "hour": 11,
        "dow": 5,
    }
    parsed = _write(events=[sent], sdk_name="java-native-android", country_code="CN")
    event = only_event(parsed)
    assert parsed.write_key == "wk_1"
    assert event == IncomingEvent(
        event="purchase",
        distinct_id="device-1",
        time_ms=TIME_MS + 7,
        message_id=event.message_id,
        properties={
            "$lib": "java-native-android",
            "$country": "CN",
            "$currency": "CNY",
            "颜色": "红",
            "count": 2,
            "sum": "9.5",
            "$duration_seconds": 30.0,
        },
        user_agent=BROWSER,
        ip="198.51.100.1",
        position="events[0]",
    )
    assert only_event(_write(events=[sent])).message_id == event.message_id
    assert only_event(_write(events=[{**sent, "timestamp": TIME_MS + 8}])).message_id != event.message_id


def test_events_without_milliseconds_have_no_id() -> None:
    events = [{"key": "a", "timestamp": 1_767_323_045}, {"key": "b", "timestamp": 1_767_323_045, "id": "x1"}]
    parsed = _write(events=events)
    assert [item.time_ms for item in parsed.items] == [TIME_MS, TIME_MS]
    assert [item.message_id is None for item in parsed.items] == [True, False]


def test_session_beats() -> None:
    metrics = {"_os": "Android", "_resolution": "1080x2400", "_carrier": "中国移动", "_device_type": "mobile"}
    start = only_event(_write(begin_session="1", metrics=metrics))
    assert start.event == "$session_start"
    assert start.properties == {
        "$os": "Android",
        "$screen_width": 1080.0,
        "$screen_height": 2400.0,
        "carrier": "中国移动",
        "$device_type": "mobile",
    }
    beat = only_event(_write(session_duration="60"))
    assert (beat.event, beat.properties) == ("heartbeat", {"$duration_seconds": 60.0})
    end = only_event(_write(end_session="1", session_duration="12"))
    assert (end.event, end.properties) == ("$session_end", {"$duration_seconds": 12.0})


def test_views() -> None:
    entered = {"key": "[CLY]_view", "segmentation": {"name": "home", "visit": 1, "start": 1}}
    left = {"key": "[CLY]_view", "dur": 8, "segmentation": {"name": "home"}}
    first, second = _write(events=[entered, left]).items
    assert (first.event, first.properties["$screen_name"]) == ("$screen", "home")
    assert (second.event, second.properties["$duration_seconds"]) == ("view_ended", 8.0)
    web = only_event(_write(events=[entered], sdk_name="javascript_native_web"))
    assert (web.event, web.properties["$path"]) == ("$pageview", "home")


def test_user_details_operators() -> None:
    custom = {
        "plan": "pro",
        "old": "",
        "visits": {"$inc": 2},
        "first": {"$setOnce": "a"},
        "tags": {"$push": ["x", "y"]},
        "set": {"$addToSet": "z"},
    }
    changes = _write(user_details={"name": "王芳", "custom": custom}).items
    assert {change.operation: change.values for change in changes} == {
        "set": {"name": "王芳", "plan": "pro"},
        "unset": {"old": True},
        "increment": {"visits": 2.0},
        "set_once": {"first": "a"},
        "append": {"tags": ["x", "y"]},
        "union": {"set": ["z"]},
    }
    assert all(isinstance(change, ProfileChange) for change in changes)


@pytest.mark.parametrize("operator", ["$mul", "$min", "$max", "$pull"])
def test_operators_that_depend_on_order_are_set_aside_beside_good_events(operator: str) -> None:
    parsed = _write(user_details={"custom": {"n": {operator: 2}}}, events=[{"key": "a"}])
    assert [item.event for item in parsed.items] == ["a"]
    assert reasons(parsed) == [("user_details.custom.n", "operation_unsupported")]


def test_merge_of_device_ids() -> None:
    parsed = PROTOCOL.parse(request("/i", method="GET", query={**BASE, "old_device_id": "anonymous-1"}))
    assert parsed.items == [IdentityLink(anonymous_id="anonymous-1", known_id="device-1", time_ms=TIME_MS)]


def test_crash_consent_trace_and_campaign() -> None:
    parsed = _write(
        crash={"_os": "iOS", "_error": "boom", "_nonfatal": True},
        consent={"events": True},
        apm={"type": "device", "name": "start"},
        campaign_id="spring",
    )
    assert [(item.event, item.properties) for item in parsed.items] == [
        ("crash", {"$os": "iOS", "error": "boom", "nonfatal": True}),
        ("consent", {"events": True}),
        ("performance_trace", {"type": "device", "name": "start"}),
        ("campaign_attributed", {"$utm_campaign": "spring"}),
    ]


def test_bulk_keeps_good_requests_beside_bad_ones() -> None:
    entries = [
        {**BASE, "events": [{"key": "a"}, {"count": 1}]},
        {"app_key": "wk_1"},
        {**BASE, "app_key": "wk_2", "begin_session": 1},
        "x",
    ]
    parsed = PROTOCOL.parse(request("/i/bulk", form={"requests": json.dumps(entries)}))
    assert [(item.event, item.position) for item in parsed.items] == [("a", "requests[0].events[0]")]
    assert reasons(parsed) == [
        ("requests[0].events[1].key", "event_name_missing"),
        ("requests[1].device_id", "distinct_id_missing"),
        ("requests[2].app_key", "write_key_mixed"),
        ("requests[3]", "type_invalid"),
    ]


def test_multipart_form_with_a_picture() -> None:
    parts = [
        b'Content-Disposition: form-data; name="app_key"\r\n\r\nwk_1',
        b'Content-Disposition: form-data; name="device_id"\r\n\r\ndevice-1',
        'Content-Disposition: form-data; name="user_details"\r\n\r\n{"name":"王芳"}'.encode(),
        b'Content-Disposition: form-data; name="user_picture"; filename="a.png"\r\n'
        b"Content-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\n",
    ]
    body = b"".join(b"--XX\r\n" + part + b"\r\n" for part in parts) + b"--XX--\r\n"
    sent = request("/i", body, content_type="multipart/form-data; boundary=XX")
    assert PROTOCOL.parse(sent).items == [
        ProfileChange(
            operation="set", distinct_id="device-1", values={"name": "王芳"}, position="user_details"
        )
    ]


def test_answers() -> None:
    reply = PROTOCOL.accepted(request("/i", form=BASE), Outcome(quarantined=[("events[0]", "x")]))
    assert (reply.status, reply.body) == (200, b'{"result":"Success"}')
    config = PROTOCOL.immediate(request("/o/sdk", method="GET", query={"method": "sc", **BASE}))
    assert config is not None
    assert json.loads(config.body)["c"] == {}
    surveys = PROTOCOL.immediate(request("/o/sdk", method="GET", query={"method": "feedback"}))
    assert surveys is not None
    assert surveys.body == b'{"result":[]}'
    assert PROTOCOL.immediate(request("/i", form=BASE)) is None


def test_bulk_without_a_list_is_refused() -> None:
    with pytest.raises(PayloadInvalid):
        PROTOCOL.parse(request("/i/bulk", form={"requests": "{}"}))


NAMES = (
    "key",
    "segmentation",
    "count",
    "custom",
    "$inc",
    "timestamp",
    "device_id",
    "app_key",
    "events",
    "metrics",
)


@given(json_values(*NAMES))
def test_any_json_is_answered_or_refused(value: Any) -> None:
    for field in ("events", "user_details", "metrics", "crash"):
        answer_or_refuse(PROTOCOL, request("/i", form={**BASE, field: json.dumps(value)}))
    answer_or_refuse(PROTOCOL, request("/i", value))
    answer_or_refuse(PROTOCOL, request("/i/bulk", {"requests": [value]}))


@given(st.binary(max_size=80))
def test_any_body_is_answered_or_refused(body: bytes) -> None:
    answer_or_refuse(PROTOCOL, request("/i", body, content_type="multipart/form-data; boundary=XX"))
    answer_or_refuse(
        PROTOCOL, request("/i", b"--XX\r\n" + body, content_type="multipart/form-data; boundary=XX")
    )
    answer_or_refuse(PROTOCOL, request("/i/bulk", body))
