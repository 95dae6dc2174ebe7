from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.collect.incoming import IdentityLink, IncomingEvent
from bihuan.collect.protocols.base import Outcome
from bihuan.collect.protocols.matomo import PROTOCOL
from tests.collect.protocols.requests_second import (
    BROWSER,
    RECEIVED_MS,
    answer_or_refuse,
    json_values,
    only_event,
    reasons,
    request,
)

# As matomo.js 5 sends it (plug-in and clock parameters shortened).
PAGE_VIEW = {
    "action_name": "首页",
    "idsite": "wk_1",
    "rec": "1",
    "r": "123456",
    "h": "11",
    "m": "4",
    "s": "5",
    "url": "https://shop.example.com/",
    "urlref": "https://www.sogou.com/",
    "_id": "0123456789abcdef",
    "_idn": "1",
    "send_image": "0",
    "_refts": "0",
    "pv_id": "a1B2c3",
    "pf_net": "12",
    "res": "1440x900",
    "cookie": "1",
    "dimension1": "vip",
}


def _get(parameters: dict[str, str], path: str = "/matomo.php") -> Any:
    return PROTOCOL.parse(request(path, method="GET", query=parameters))


def test_page_view_of_the_tracker_field_by_field() -> None:
    parsed = _get(PAGE_VIEW)
    assert parsed.write_key == "wk_1"
    event = only_event(parsed)
    assert event == IncomingEvent(
        event="$pageview",
        message_id=event.message_id,
        distinct_id="0123456789abcdef",
        properties={
            "$url": "https://shop.example.com/",
            "$referrer": "https://www.sogou.com/",
            "$title": "首页",
            "$screen_width": 1440.0,
            "$screen_height": 900.0,
            "pageview_id": "a1B2c3",
            "pf_net": 12.0,
            "dimension1": "vip",
        },
        user_agent=BROWSER,
        ip="198.51.100.1",
    )


@pytest.mark.parametrize(
    ("parameters", "event", "properties"),
    [
        (
            {"e_c": "video", "e_a": "play", "e_v": "3"},
            "play",
            {"event_category": "video", "event_value": 3.0},
        ),
        ({"search": "茶", "search_count": "2"}, "search", {"$search_query": "茶", "search_results": 2.0}),
        ({"link": "https://b.example"}, "link_click", {"target_url": "https://b.example"}),
        ({"download": "https://b.example/a.pdf"}, "download", {"target_url": "https://b.example/a.pdf"}),
        ({"c_n": "banner"}, "content_impression", {"content_name": "banner"}),
        (
            {"c_i": "click", "c_n": "b"},
            "content_interaction",
            {"content_interaction": "click", "content_name": "b"},
        ),
        ({"idgoal": "3", "revenue": "9.5"}, "goal", {"goal_id": "3", "$revenue": 9.5}),
        ({"idgoal": "0", "ec_id": "o-1", "revenue": "20"}, "order", {"$order_id": "o-1", "$revenue": 20.0}),
        ({"idgoal": "0", "revenue": "20"}, "cart_updated", {"$revenue": 20.0}),
        ({"ping": "1"}, "heartbeat", {}),
        ({"_pks": "sku-1", "_pkp": "9.5"}, "$pageview", {"$product_id": "sku-1", "$price": 9.5}),
        ({"cvar": '{"1":["plan","pro"]}'}, "$pageview", {"plan": "pro"}),
        ({"country": "cn", "city": "北京"}, "$pageview", {"$country": "CN", "$city": "北京"}),
    ],
)
def test_actions(parameters: dict[str, str], event: str, properties: dict[str, Any]) -> None:
    read = only_event(_get({"idsite": "wk_1", "rec": "1", "_id": "a", **parameters}))
    assert read.event == event
    assert read.properties == properties


def test_order_of_several_items_names_no_single_product() -> None:
    items = json.dumps([["a", "tea", "t", 1, 2], ["b", "cup"]])
    event = only_event(_get({"idsite": "wk_1", "_id": "a", "ec_id": "o-1", "ec_items": items}))
    assert "$product_id" not in event.properties
    assert event.properties["items"][1] == {"product_id": "b", "product_name": "cup"}


def test_user_and_visitor_are_linked_once_a_request() -> None:
    entry = "?" + urlencode({"idsite": "wk_1", "_id": "a", "uid": "user-1", "e_c": "c", "e_a": "x"})
    parsed = PROTOCOL.parse(request("/matomo.php", {"requests": [entry, entry]}))
    links = [item for item in parsed.items if isinstance(item, IdentityLink)]
    assert links == [IdentityLink(anonymous_id="a", known_id="user-1", position="requests[0]")]
    assert {item.distinct_id for item in parsed.items if isinstance(item, IncomingEvent)} == {"user-1"}


@pytest.mark.parametrize(
    ("path", "parameters", "key"),
    [
        ("/wk_path/matomo.php", {"idsite": "wk_1", "token_auth": "wk_token"}, "wk_path"),
        ("/piwik.php", {"idsite": "wk_1", "token_auth": "old token"}, "wk_1"),
        ("/matomo.php", {"idsite": "1", "token_auth": "wk_token"}, "wk_token"),
        ("/matomo.php", {"idsite": "1"}, "1"),
    ],
)
def test_write_key(path: str, parameters: dict[str, str], key: str) -> None:
    assert _get({**parameters, "url": "https://a.example"}, path).write_key == key


def test_times() -> None:
    base = {"idsite": "wk_1", "_id": "a"}
    assert only_event(_get({**base, "cdt": "2026-01-02 03:04:05"})).time_ms == 1_767_323_045_000
    assert only_event(_get({**base, "cdt": "1767323045"})).time_ms == 1_767_323_045_000
    assert only_event(_get({**base, "cdo": "90"})).time_ms == RECEIVED_MS - 90_000
    assert only_event(_get(base)).time_ms is None
    assert reasons(_get({**base, "cdt": "soon"})) == [("cdt", "time_invalid")]


def test_rand_makes_a_repeated_request_known() -> None:
    first = only_event(_get({**PAGE_VIEW, "rand": "55"})).message_id
    assert first is not None
    assert only_event(_get({**PAGE_VIEW, "rand": "55", "cdo": "9"})).message_id == first
    assert only_event(_get({**PAGE_VIEW, "rand": "56"})).message_id != first
    assert only_event(_get({**PAGE_VIEW, "r": ""})).message_id is None


def test_bulk_answer_counts_requests() -> None:
    good = "?idsite=wk_1&_id=a&url=https%3A%2F%2Fa.example"
    sent = request(
        "/matomo.php", {"requests": [good, "?idsite=wk_1&e_c=x", 5, {"idsite": "wk_1", "_id": "b"}]}
    )
    parsed = PROTOCOL.parse(sent)
    assert reasons(parsed) == [("requests[1].e_a", "event_name_missing"), ("requests[2]", "type_invalid")]
    answer = json.loads(PROTOCOL.accepted(sent, Outcome(accepted=2, quarantined=reasons(parsed))).body)
    assert answer == {"status": "success", "tracked": 2, "invalid": 2, "invalid_indices": [1, 2]}


def test_single_answers() -> None:
    assert PROTOCOL.accepted(request("/matomo.php", method="GET", query=PAGE_VIEW), Outcome()).status == 204
    form = {name: value for name, value in PAGE_VIEW.items() if name != "send_image"}
    posted = request("/matomo.php", form=form)
    assert only_event(PROTOCOL.parse(posted)).properties["$title"] == "首页"
    reply = PROTOCOL.accepted(posted, Outcome(accepted=1))
    assert (reply.status, reply.media_type, reply.body[:6]) == (200, "image/gif", b"GIF89a")


NAMES = (
    "idsite",
    "uid",
    "_id",
    "e_c",
    "e_a",
    "cvar",
    "ec_items",
    "cdt",
    "cdo",
    "idgoal",
    "res",
    "requests",
    "rand",
)


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=12), max_size=8))
def test_any_query_is_answered_or_refused(parameters: dict[str, str]) -> None:
    answer_or_refuse(PROTOCOL, request("/matomo.php", method="GET", query=parameters))


@given(json_values(*NAMES))
def test_any_bulk_is_answered_or_refused(body: Any) -> None:
    answer_or_refuse(PROTOCOL, request("/matomo.php", {"requests": body}))
    answer_or_refuse(PROTOCOL, request("/matomo.php", {"requests": [body]}))
