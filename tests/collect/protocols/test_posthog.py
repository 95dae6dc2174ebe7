"""PostHog requests, compared field by field with what they must become."""

from __future__ import annotations

import base64
import gzip
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest

from bihuan.collect.errors import PayloadInvalid, WriteKeyUnknown
from bihuan.collect.incoming import IdentityAlias, IdentityLink, IncomingEvent, Item, ProfileChange
from bihuan.collect.protocols import all_protocols
from bihuan.collect.protocols.base import Outcome, Request

POSTHOG = all_protocols()["posthog"]
RECEIVED_MS = 1_767_323_050_000
FORM = {"content-type": "application/x-www-form-urlencoded"}


def request(payload: Any, path: str = "/batch/", **rest: Any) -> Request:
    body = payload if isinstance(payload, bytes) else msgspec.json.encode(payload)
    return Request(method="POST", path=path, body=body, received_ms=RECEIVED_MS, **rest)


def read(*batch: Any) -> list[Item]:
    parsed = POSTHOG.parse(request({"api_key": "phc", "batch": list(batch)}))
    assert parsed.rejected == []
    return parsed.items


# As posthog-js sends it to /e/: a list, the token in the properties, the time as an offset.
BROWSER_EVENT = {
    "uuid": "0199-1",
    "event": "$pageview",
    "properties": {
        "token": "phc",
        "distinct_id": "anon-1",
        "$session_id": "s-1",
        "$current_url": "https://shop.example.com/tea?utm_source=weibo",
        "$host": "shop.example.com",
        "$pathname": "/tea",
        "title": "茶",
        "$referrer": "$direct",
        "$referring_domain": "$direct",
        "$browser": "Chrome",
        "$browser_version": 142,
        "$device_type": "Desktop",
        "$os": "Windows",
        "$screen_width": 1366,
        "$raw_user_agent": "Mozilla/5.0 (Test)",
        "$ip": "203.0.113.9",
        "utm_source": "weibo",
        "$browser_language": "zh-CN",
        "$lib": "web",
        "$groups": {"company": "acme"},
    },
    "$set_once": {"$initial_referrer": "$direct"},
    "offset": 2500,
}


def test_browser_list_field_by_field() -> None:
    packed = gzip.compress(msgspec.json.encode([BROWSER_EVENT]))
    parsed = POSTHOG.parse(request(packed, "/e/", query={"compression": ["gzip-js"]}))
    assert (parsed.write_key, parsed.rejected) == ("phc", [])
    event, change = parsed.items
    assert event == IncomingEvent(
        event="$pageview",
        distinct_id="anon-1",
        time_ms=RECEIVED_MS - 2500,
        message_id="0199-1",
        properties={
            "$url": "https://shop.example.com/tea?utm_source=weibo",
            "$host": "shop.example.com",
            "$path": "/tea",
            "$title": "茶",
            "$browser": "Chrome",
            "$browser_version": "142",
            "$device_type": "desktop",
            "$os": "Windows",
            "$screen_width": 1366.0,
            "$utm_source": "weibo",
            "$language": "zh-CN",
            "$lib": "web",
            "$groups": {"company": "acme"},
        },
        session_id="s-1",
        user_agent="Mozilla/5.0 (Test)",
        ip="203.0.113.9",
        position="[0]",
    )
    assert change == ProfileChange(
        operation="set_once",
        distinct_id="anon-1",
        values={"$initial_referrer": "$direct"},
        time_ms=RECEIVED_MS - 2500,
        message_id="0199-1",
        position="[0]",
    )


def test_identify_and_operations_have_ids_of_their_own() -> None:
    link, *changes = read(
        {
            "event": "$identify",
            "distinct_id": "u-1",
            "uuid": "m-1",
            "properties": {"$anon_distinct_id": "a-1", "$set": {"n": 1}, "$unset": ["old"]},
            "$set": {"m": 2},
            "$set_once": {"first": 1},
        }
    )
    assert link == IdentityLink(anonymous_id="a-1", known_id="u-1", message_id="m-1", position="batch[0]")
    assert [(c.operation, c.values, c.message_id) for c in changes if isinstance(c, ProfileChange)] == [
        ("set", {"n": 1, "m": 2}, "m-1:set"),
        ("set_once", {"first": 1}, "m-1:set_once"),
        ("unset", {"old": True}, "m-1:unset"),
    ]


def test_alias_merge_and_groups() -> None:
    alias, merge, group = read(
        {"event": "$create_alias", "properties": {"distinct_id": "a", "alias": "b"}},
        {"event": "$merge_dangerously", "distinct_id": "c", "properties": {"alias": "d"}},
        {
            "event": "$groupidentify",
            "distinct_id": "$company_acme",
            "properties": {"$group_type": "company", "$group_key": "acme", "$group_set": {"$url": 7}},
        },
    )
    assert alias == IdentityAlias(previous_id="a", distinct_id="b", position="batch[0]")
    assert merge == IdentityAlias(previous_id="c", distinct_id="d", position="batch[1]")
    assert isinstance(group, IncomingEvent)
    assert group.event == "$group_identify"
    assert group.properties == {"$group_type": "company", "$group_id": "acme", "$url": "7"}


def test_engage_is_a_profile_change_and_recordings_are_not_kept() -> None:
    parsed = POSTHOG.parse(request({"token": "phc", "distinct_id": "u", "$set": {"a": 1}}, "/engage/"))
    assert parsed.items == [ProfileChange(operation="set", distinct_id="u", values={"a": 1})]
    assert read({"event": "$snapshot", "distinct_id": "u", "properties": {}}) == []


@pytest.mark.parametrize("wrap", ["form", "form64", "query"])
def test_forms_and_queries(wrap: str) -> None:
    data = msgspec.json.encode({"token": "phc", "event": "a", "distinct_id": "u"})
    if wrap == "query":
        got = Request(method="GET", path="/e", query={"data": [base64.b64encode(data).decode()]})
    else:
        text = data if wrap == "form" else base64.b64encode(data)
        got = request(urlencode({"data": text}).encode(), "/track/", headers=FORM)
    parsed = POSTHOG.parse(got)
    assert parsed.write_key == "phc"
    assert parsed.items == [IncomingEvent(event="a", distinct_id="u")]


def test_bad_events_are_kept_aside() -> None:
    good = {"event": "a", "distinct_id": 7, "timestamp": "2026-01-02T03:04:05.678Z"}
    bad = [{"distinct_id": "u"}, {"event": "a"}, {"event": "a", "distinct_id": "u", "$set": 5}, 3]
    parsed = POSTHOG.parse(
        request({"api_key": "k", "batch": [good, *bad], "sent_at": "2026-01-02T03:04:06Z"})
    )
    assert parsed.sent_at_ms == 1_767_323_046_000
    assert parsed.items == [
        IncomingEvent(event="a", distinct_id="7", time_ms=1_767_323_045_678, position="batch[0]")
    ]
    assert [(each.reason, each.path, each.raw) for each in parsed.rejected] == [
        ("event_name_missing", "batch[1].event", bad[0]),
        ("distinct_id_missing", "batch[2].distinct_id", bad[1]),
        ("type_invalid", "batch[3].$set", bad[2]),
        ("type_invalid", "batch[4]", bad[3]),
    ]


@pytest.mark.parametrize("body", [b"", b"null", b"7", b"%%%"])
def test_an_unreadable_body_is_refused(body: bytes) -> None:
    with pytest.raises(PayloadInvalid):
        POSTHOG.parse(request(body))


def test_requests_without_data_are_answered_at_once() -> None:
    flags = POSTHOG.immediate(request({"token": "phc"}, "/flags/"))
    assert flags is not None
    answer = msgspec.json.decode(flags.body)
    assert (answer["flags"], answer["featureFlags"], answer["errorsWhileComputingFlags"]) == ({}, {}, False)
    assert POSTHOG.immediate(request({}, "/decide")) == flags
    definitions = POSTHOG.immediate(Request(method="GET", path="/api/feature_flag/local_evaluation"))
    assert definitions is not None
    assert msgspec.json.decode(definitions.body) == {"flags": [], "group_type_mapping": {}, "cohorts": {}}
    assert POSTHOG.immediate(request({}, "/s/")) is not None
    assert POSTHOG.immediate(request({}, "/batch/")) is None


def test_replies() -> None:
    sent = request({})
    assert POSTHOG.accepted(sent, Outcome(accepted=1)).status == 200
    assert msgspec.json.decode(POSTHOG.accepted(sent, Outcome()).body)["status"] == 1
    refusal = msgspec.json.decode(POSTHOG.refused(sent, WriteKeyUnknown(), "en").body)
    assert refusal["detail"] == "The write key is not known here."
