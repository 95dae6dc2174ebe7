"""Mixpanel requests, compared field by field with what they must become."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest

from bihuan.collect.errors import BatchTooLong, PayloadInvalid, WriteKeyUnknown
from bihuan.collect.incoming import IdentityAlias, IdentityLink, IncomingEvent, ProfileChange
from bihuan.collect.protocols import all_protocols
from bihuan.collect.protocols.base import Outcome, Request

MIXPANEL = all_protocols()["mixpanel"]
MOMENT_MS = 1_767_323_045_678
FORM = {"content-type": "application/x-www-form-urlencoded"}


def request(payload: Any, path: str = "/track", **rest: Any) -> Request:
    body = payload if isinstance(payload, bytes) else msgspec.json.encode(payload)
    return Request(method="POST", path=path, body=body, **rest)


def form(payload: Any, path: str = "/track", **fields: str) -> Request:
    data = msgspec.json.encode(payload).decode()
    return request(urlencode({"data": data, **fields}).encode(), path, headers=FORM)


def event(name: str = "Buy", **properties: Any) -> dict[str, Any]:
    return {"event": name, "properties": {"token": "wk", "distinct_id": "u-1", **properties}}


# As mixpanel-browser sends it after a login (simplified identity merge).
BROWSER_EVENT = event(
    "$mp_web_page_view",
    **{
        "$user_id": "u-1",
        "$device_id": "d-1",
        "time": MOMENT_MS / 1000,
        "$insert_id": "i-1",
        "$os": "Windows",
        "$browser": "Chrome",
        "$browser_version": 142,
        "$current_url": "https://shop.example.com/tea",
        "$referrer": "$direct",
        "$referring_domain": "$direct",
        "$screen_height": 768,
        "current_page_title": "茶",
        "current_domain": "shop.example.com",
        "current_url_path": "/tea",
        "utm_source": "weibo",
        "mp_lib": "web",
        "$lib_version": "2.71.0",
        "ip": "203.0.113.9",
        "revenue": 3,
    },
)


@pytest.mark.parametrize("wrap", ["form", "json", "base64", "get"])
def test_browser_event_field_by_field(wrap: str) -> None:
    encoded = base64.b64encode(msgspec.json.encode(BROWSER_EVENT)).decode()
    got = {
        "form": form([BROWSER_EVENT]),
        "json": request([BROWSER_EVENT]),
        "base64": request(urlencode({"data": encoded}).encode(), "/track/", headers=FORM),
        "get": Request(method="GET", path="/track/", query={"data": [encoded]}),
    }[wrap]
    position = "[0]" if wrap in ("form", "json") else ""
    parsed = MIXPANEL.parse(got)
    assert (parsed.write_key, parsed.rejected) == ("wk", [])
    assert parsed.items == [
        IdentityLink(
            anonymous_id="$device:d-1",
            known_id="u-1",
            time_ms=MOMENT_MS,
            message_id="i-1",
            position=position,
        ),
        IncomingEvent(
            event="$pageview",
            distinct_id="u-1",
            time_ms=MOMENT_MS,
            message_id="i-1",
            properties={
                "$os": "Windows",
                "$browser": "Chrome",
                "$browser_version": "142",
                "$url": "https://shop.example.com/tea",
                "$screen_height": 768.0,
                "$title": "茶",
                "$host": "shop.example.com",
                "$path": "/tea",
                "$utm_source": "weibo",
                "$lib": "web",
                "$lib_version": "2.71.0",
                "$revenue": 3.0,
            },
            ip="203.0.113.9",
            position=position,
        ),
    ]


def test_identity_events() -> None:
    batch = [
        event("$identify", **{"$identified_id": "u-1", "$anon_id": "a-1"}),
        event("$create_alias", alias="new"),
        {"event": "$merge", "properties": {"$distinct_ids": ["x", "y"]}},
        {"event": "Buy", "properties": {"$device_id": "d-1"}},
    ]
    assert MIXPANEL.parse(request(batch)).items == [
        IdentityLink(anonymous_id="a-1", known_id="u-1", position="[0]"),
        IdentityAlias(previous_id="u-1", distinct_id="new", position="[1]"),
        IdentityAlias(previous_id="y", distinct_id="x", position="[2]"),
        IncomingEvent(event="Buy", distinct_id="$device:d-1", position="[3]"),
    ]


def test_every_profile_operation() -> None:
    update = {
        "$token": "wk",
        "$distinct_id": "u-1",
        "$time": MOMENT_MS / 1000,
        "$set": {"a": 1},
        "$set_once": {"b": 2},
        "$add": {"n": -1},
        "$append": {"tags": "x"},
        "$union": {"badges": ["y"]},
        "$unset": ["old"],
    }
    parsed = MIXPANEL.parse(
        request([update, {"$token": "wk", "$distinct_id": "u-2", "$delete": ""}], "/engage")
    )
    assert parsed.write_key == "wk"
    changes = [item for item in parsed.items if isinstance(item, ProfileChange)]
    assert [(change.operation, change.values) for change in changes] == [
        ("set", {"a": 1}),
        ("set_once", {"b": 2}),
        ("increment", {"n": -1}),
        ("append", {"tags": ["x"]}),
        ("union", {"badges": ["y"]}),
        ("unset", {"old": True}),
        ("delete", {}),
    ]
    assert {change.time_ms for change in changes[:-1]} == {MOMENT_MS}
    again = MIXPANEL.parse(request(update, "/engage")).items
    assert [change.message_id for change in again] == [change.message_id for change in changes[:-1]]
    assert len({change.message_id for change in changes[:-1]}) == 6
    whole_second = MIXPANEL.parse(request({**update, "$time": 1_767_323_045}, "/engage")).items
    assert {change.message_id for change in whole_second} == {None}


def test_group_update() -> None:
    sent = {"$token": "wk", "$group_key": "company", "$group_id": "acme", "$set": {"size": 3, "$url": 1}}
    assert MIXPANEL.parse(request([sent], "/groups")).items == [
        IncomingEvent(
            event="$group_identify",
            distinct_id="$company_acme",
            properties={"size": 3, "$url": "1", "$group_type": "company", "$group_id": "acme"},
            position="[0]",
        )
    ]


def test_bad_events_are_kept_aside() -> None:
    bad = [
        {"properties": {"distinct_id": "u"}},
        {"event": "a", "properties": {}},
        event(time="soon"),
        event(**{f"p{index}": 1 for index in range(255)}),
        {"event": "$merge", "properties": {"$distinct_ids": ["x"]}},
        5,
    ]
    parsed = MIXPANEL.parse(request([event(), *bad]))
    assert len(parsed.items) == 1
    assert [(each.reason, each.path) for each in parsed.rejected] == [
        ("event_name_missing", "[1].event"),
        ("distinct_id_missing", "[2].properties.distinct_id"),
        ("time_invalid", "[3].properties.time"),
        ("too_many_properties", "[4].properties"),
        ("distinct_id_missing", "[5].properties.$distinct_ids"),
        ("type_invalid", "[6]"),
    ]
    assert [each.raw for each in parsed.rejected] == bad
    updates = [
        {"$set": {}},
        {"$distinct_id": "u", "$remove": {"a": 1}},
        {"$distinct_id": "u", "$add": {"a": ""}},
    ]
    assert [(each.reason, each.path) for each in MIXPANEL.parse(request(updates, "/engage")).rejected] == [
        ("distinct_id_missing", "[0].$distinct_id"),
        ("operation_unsupported", "[1].$remove"),
        ("increment_not_a_number", "[2].$add.a"),
    ]


def test_import_wants_times_and_lists_failures() -> None:
    lines = b"\n".join(msgspec.json.encode(each) for each in (event(time=1), event(), event(time=2)))
    basic = {"authorization": "Basic " + base64.b64encode(b"secret:").decode()}
    sent = request(lines, "/import", query={"strict": ["1"]}, headers=basic)
    parsed = MIXPANEL.parse(sent)
    assert len(parsed.items) == 2
    assert [(each.reason, each.path) for each in parsed.rejected] == [("time_missing", "[1].properties.time")]
    assert parsed.write_key == "wk"
    keyless = request(
        [{"event": "a", "properties": {"distinct_id": "u", "time": 1}}], "/import", headers=basic
    )
    assert MIXPANEL.parse(keyless).write_key == "secret"
    partial = MIXPANEL.accepted(
        sent, Outcome(accepted=2, quarantined=[("[1].properties.time", "time_missing")])
    )
    assert partial.status == 400
    assert msgspec.json.decode(partial.body) == {
        "code": 400,
        "num_records_imported": 2,
        "status": "Bad Request",
        "error": "some data points in the request failed validation",
        "failed_records": [{"index": 1, "field": "properties.time", "message": "time_missing"}],
    }
    whole = MIXPANEL.accepted(sent, Outcome(accepted=3))
    assert msgspec.json.decode(whole.body) == {"code": 200, "num_records_imported": 3, "status": "OK"}
    from_python = MIXPANEL.accepted(form([], "/import"), Outcome(accepted=3))
    assert msgspec.json.decode(from_python.body)["status"] == 1


def test_replies() -> None:
    assert MIXPANEL.accepted(request([]), Outcome(accepted=1)).body == b"1"
    verbose = MIXPANEL.accepted(form([], verbose="1", ip="0"), Outcome(accepted=1))
    assert msgspec.json.decode(verbose.body) == {"status": 1, "error": None}
    asked = Request(method="GET", path="/track", query={"verbose": ["1"]})
    assert msgspec.json.decode(MIXPANEL.accepted(asked, Outcome()).body)["status"] == 1
    image = Request(method="GET", path="/track", query={"img": ["1"]})
    assert MIXPANEL.accepted(image, Outcome()).media_type == "image/gif"
    refusal = MIXPANEL.refused(request([]), WriteKeyUnknown(), "en")
    answer = msgspec.json.decode(refusal.body)
    assert (refusal.status, answer["status"], answer["error"]) == (401, 0, "The write key is not known here.")


def test_limits() -> None:
    with pytest.raises(BatchTooLong):
        MIXPANEL.parse(request([event()] * 2_001))
    for body in (b"", b"%", b"data="):
        with pytest.raises(PayloadInvalid):
            MIXPANEL.parse(request(body))
