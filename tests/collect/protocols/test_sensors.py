"""Sensors Analytics requests, compared field by field with what they must become."""

from __future__ import annotations

import base64
import gzip
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest

from bihuan.collect.errors import PayloadInvalid
from bihuan.collect.incoming import IdentityLink, IncomingEvent, ProfileChange
from bihuan.collect.protocols import all_protocols
from bihuan.collect.protocols.base import Outcome, Request

SENSORS = all_protocols()["sensors"]
MOMENT_MS = 1_767_323_045_678
QUERY = {"project": ["default"], "token": ["wk"]}


def wrap(value: Any, packed: bool = True) -> str:
    data = msgspec.json.encode(value)
    return base64.b64encode(gzip.compress(data) if packed else data).decode()


def form(fields: dict[str, str], path: str = "/sa", **headers: str) -> Request:
    return Request(
        method="POST",
        path=path,
        query=QUERY,
        headers={"content-type": "application/x-www-form-urlencoded", **headers},
        body=urlencode(fields).encode(),
    )


def many(*records: Any) -> Request:
    return form({"data_list": wrap(records), "gzip": "1"})


def record(**changes: Any) -> dict[str, Any]:
    return {"type": "track", "event": "Buy", "distinct_id": "u-1", "time": MOMENT_MS, **changes}


# As the JavaScript SDK 1.27 sends it after a login, with identities of ID-Mapping 3.
BROWSER_RECORD = {
    "identities": {"$identity_cookie_id": "cookie-1", "$identity_login_id": "u-1"},
    "distinct_id": "u-1",
    "lib": {"$lib": "js", "$lib_method": "code", "$lib_version": "1.27.11"},
    "properties": {
        "$timezone_offset": -480,
        "$screen_height": 768,
        "$screen_width": 1366,
        "$url": "https://shop.example.com/tea",
        "$url_path": "/tea",
        "$url_host": "shop.example.com",
        "$title": "茶",
        "$referrer": "https://www.baidu.com/s",
        "$referrer_host": "www.baidu.com",
        "$utm_source": "weibo",
        "$event_session_id": "s-1",
        "$event_duration": 3.5,
        "$ip": "203.0.113.9",
    },
    "login_id": "u-1",
    "anonymous_id": "cookie-1",
    "type": "track",
    "event": "$pageview",
    "time": MOMENT_MS,
    "_track_id": 123_456_789,
    "_flush_time": MOMENT_MS + 1000,
}


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_browser_record_field_by_field(method: str) -> None:
    if method == "GET":
        query = {**QUERY, "data": [wrap(BROWSER_RECORD, packed=False)]}
        got = Request(method="GET", path="/sa.gif", query=query)
    else:
        got = form({"data": wrap(BROWSER_RECORD), "gzip": "1"})
    parsed = SENSORS.parse(got)
    assert (parsed.write_key, parsed.sent_at_ms, parsed.rejected) == ("wk", MOMENT_MS + 1000, [])
    link, event = parsed.items
    assert event == IncomingEvent(
        event="$pageview",
        distinct_id="u-1",
        time_ms=MOMENT_MS,
        message_id=event.message_id,
        properties={
            "$lib": "js",
            "$lib_version": "1.27.11",
            "$timezone_offset": -480,
            "$screen_height": 768.0,
            "$screen_width": 1366.0,
            "$url": "https://shop.example.com/tea",
            "$path": "/tea",
            "$host": "shop.example.com",
            "$title": "茶",
            "$referrer": "https://www.baidu.com/s",
            "$referrer_domain": "www.baidu.com",
            "$utm_source": "weibo",
            "$duration_seconds": 3.5,
        },
        session_id="s-1",
        ip="203.0.113.9",
    )
    assert event.message_id is not None
    assert link == IdentityLink(
        anonymous_id="cookie-1", known_id="u-1", time_ms=MOMENT_MS, message_id=event.message_id
    )


def test_track_id_makes_a_retry_recognisable() -> None:
    first = SENSORS.parse(many(record(_track_id=1), record(_track_id=2), record())).items
    again = SENSORS.parse(form({"data": wrap(record(_track_id=1))})).items
    assert first[0].message_id == again[0].message_id
    assert first[0].message_id != first[1].message_id
    assert first[2].message_id is None


def test_every_profile_operation() -> None:
    records = [
        record(type="profile_set", properties={"name": "李雷", "$is_login_id": True}),
        record(type="profile_set_once", properties={"first": "weibo"}),
        record(type="profile_increment", properties={"n": 2}),
        record(type="profile_append", properties={"tags": ["a"]}),
        record(type="profile_unset", properties={"old": True}),
        record(type="profile_delete", properties={}),
    ]
    parsed = SENSORS.parse(many(*records))
    assert [(c.operation, c.values) for c in parsed.items if isinstance(c, ProfileChange)] == [
        ("set", {"name": "李雷"}),
        ("set_once", {"first": "weibo"}),
        ("increment", {"n": 2}),
        ("append", {"tags": ["a"]}),
        ("unset", {"old": True}),
        ("delete", {}),
    ]


def test_identities() -> None:
    bind = {"$identity_mobile": "139", "$identity_email": "a@b.cn"}
    records = [
        record(type="track_signup", event="$SignUp", original_id="a-1"),
        record(type="track_id_bind", event="$BindID", distinct_id="$identity_mobile+139", identities=bind),
        record(type="track_id_unbind", event="$UnbindID", identities={"$identity_mobile": "139"}),
        record(distinct_id=None, identities={"$identity_mobile": "139"}),
    ]
    parsed = SENSORS.parse(many(*records))
    links = [(x.anonymous_id, x.known_id) for x in parsed.items if isinstance(x, IdentityLink)]
    events = [(x.event, x.distinct_id) for x in parsed.items if isinstance(x, IncomingEvent)]
    assert links == [("a-1", "u-1"), ("$identity_email+a@b.cn", "$identity_mobile+139")]
    assert events == [
        ("$SignUp", "u-1"),
        ("$BindID", "$identity_mobile+139"),
        ("$UnbindID", "u-1"),
        ("Buy", "$identity_mobile+139"),
    ]


def test_app_screens_and_devices() -> None:
    sent = record(
        event="$AppViewScreen", properties={"$screen_name": "Home", "$manufacturer": "HUAWEI", "$model": "M"}
    )
    (event,) = SENSORS.parse(many(sent)).items
    assert isinstance(event, IncomingEvent)
    assert (event.event, event.properties) == (
        "$screen",
        {"$screen_name": "Home", "$device_brand": "HUAWEI", "$device_model": "M"},
    )


def test_bad_records_are_kept_aside() -> None:
    bad = [
        record(event=None),
        record(distinct_id=""),
        record(event="9lives"),
        record(event="e" * 101),
        record(properties={"distinct_id": 1}),
        record(properties={"long": "x" * 8192}),
        record(type="profile_increment", properties={"n": "2"}),
        record(type="profile_append", properties={"tags": "a"}),
        record(type="item_set", item_type="goods"),
        record(type="dance"),
        record(time="soon"),
    ]
    parsed = SENSORS.parse(many(record(), *bad))
    assert len(parsed.items) == 1
    assert [(each.reason, each.path) for each in parsed.rejected] == [
        ("event_name_missing", "data_list[1].event"),
        ("distinct_id_missing", "data_list[2].distinct_id"),
        ("event_name_invalid", "data_list[3].event"),
        ("event_name_too_long", "data_list[4].event"),
        ("property_name_invalid", "data_list[5].properties.distinct_id"),
        ("property_too_long", "data_list[6].properties.long"),
        ("increment_not_a_number", "data_list[7].properties.n"),
        ("type_invalid", "data_list[8].properties.tags"),
        ("item_id_missing", "data_list[9].item_id"),
        ("type_unknown", "data_list[10].type"),
        ("time_invalid", "data_list[11].time"),
    ]
    assert [each.raw for each in parsed.rejected] == bad


def test_write_key_places() -> None:
    sent = wrap(record(token="record-token", project="record-project"))
    query: dict[str, list[str]] = {"project": ["query-project"]}
    got = Request(method="POST", path="/sa", query=query, body=urlencode({"data": sent}).encode())
    assert SENSORS.parse(got).write_key == "record-token"
    got.body = urlencode({"data": wrap(record())}).encode()
    assert SENSORS.parse(got).write_key == "query-project"


def test_debug_mode_checks_and_with_dry_run_keeps_nothing() -> None:
    dry = {"dry-run": "true"}
    good = form({"data": wrap(record()), "gzip": "1"}, "/debug", **dry)
    bad = form({"data": wrap(record(event=None)), "gzip": "1"}, "/debug", **dry)
    answers = [SENSORS.immediate(each) for each in (good, bad, form({"data": "%"}, "/debug", **dry))]
    assert [answer.status for answer in answers if answer is not None] == [200, 400, 400]
    kept = form({"data": wrap(record())}, "/debug")
    assert SENSORS.immediate(kept) is None
    refused = SENSORS.accepted(kept, Outcome(quarantined=[("event", "event_name_missing")]))
    assert refused.status == 400
    assert msgspec.json.decode(refused.body)["rejected"] == [
        {"path": "event", "reason": "event_name_missing"}
    ]


def test_replies_and_unreadable_bodies() -> None:
    assert SENSORS.accepted(many(), Outcome(accepted=1)).status == 200
    image = SENSORS.accepted(Request(method="GET", path="/sa.gif"), Outcome())
    assert image.media_type == "image/gif"
    for fields in ({}, {"data": ""}, {"data": "%%"}, {"data": base64.b64encode(b"\x1f\x8bx").decode()}):
        with pytest.raises(PayloadInvalid):
            SENSORS.parse(form(fields))
