from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.collect.errors import PayloadInvalid
from bihuan.collect.incoming import IdentityLink, IncomingEvent
from bihuan.collect.protocols.base import Outcome
from bihuan.collect.protocols.snowplow import PROTOCOL, SnowplowProtocol
from tests.collect.protocols.requests_second import (
    BROWSER,
    answer_or_refuse,
    json_values,
    only_event,
    reasons,
    request,
)

TP2 = "/com.snowplowanalytics.snowplow/tp2"
TIME_MS = 1_767_323_045_678
BASE = {
    "aid": "wk_1",
    "eid": "e0a1",
    "dtm": str(TIME_MS),
    "stm": "1767323050000",
    "p": "web",
    "duid": "browser-1",
}


def _payload(*events: Any, path: str = TP2) -> Any:
    schema = "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4"
    return PROTOCOL.parse(request(path, {"schema": schema, "data": list(events)}))


def _event(**fields: Any) -> IncomingEvent:
    return only_event(_payload({**BASE, **fields}))


def _self_describing(schema: str, data: Any) -> dict[str, Any]:
    return {"schema": f"iglu:{schema}/jsonschema/1-0-0", "data": data}


def _encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value, ensure_ascii=False).encode()).decode().rstrip("=")


def test_page_view_field_by_field() -> None:
    fields = {
        "e": "pv",
        "url": "https://shop.example.com/",
        "page": "首页",
        "refr": "https://www.so.com/",
        "res": "1366x768",
        "lang": "zh-CN",
        "tz": "Asia/Shanghai",
        "tv": "js-4.10.1",
        "sid": "session-1",
        "ip": "203.0.113.7",
        "ua": "Mozilla/5.0",
        "ttm": str(TIME_MS - 5),
    }
    parsed = _payload({**BASE, **fields})
    assert (parsed.write_key, parsed.sent_at_ms) == ("wk_1", 1_767_323_050_000)
    assert only_event(parsed) == IncomingEvent(
        event="$pageview",
        distinct_id="browser-1",
        time_ms=TIME_MS - 5,
        message_id="e0a1",
        session_id="session-1",
        properties={
            "$url": "https://shop.example.com/",
            "$title": "首页",
            "$referrer": "https://www.so.com/",
            "$language": "zh-CN",
            "$timezone": "Asia/Shanghai",
            "$screen_width": 1366.0,
            "$screen_height": 768.0,
            "$lib": "snowplow-js",
            "$lib_version": "4.10.1",
            "platform": "web",
        },
        user_agent="Mozilla/5.0",
        ip="203.0.113.7",
        position="data[0]",
    )


def test_structured_transaction_and_item() -> None:
    structured = _event(e="se", se_ca="goods", se_ac="favourite", se_pr="p", se_va="2.5")
    assert structured.event == "favourite"
    assert structured.properties["event_value"] == 2.5
    assert structured.properties["event_property"] == "p"
    order = _event(e="tr", tr_id="o-1", tr_tt="20.5", tr_cu="cny", tr_tx="1.5", tr_ci="北京")
    expected = {"$order_id": "o-1", "$revenue": 20.5, "$currency": "CNY", "tax": 1.5, "order_city": "北京"}
    assert order.event == "transaction"
    assert order.properties == {"platform": "web", **expected}
    item = _event(e="ti", ti_id="o-1", ti_sk="sku-1", ti_pr="9.5", ti_qu="2")
    assert item.properties["$product_id"] == "sku-1"
    assert (item.properties["$price"], item.properties["$quantity"]) == (9.5, 2.0)
    ping = _event(e="pp", pp_max="10")
    assert (ping.event, ping.properties["max_x"]) == ("page_ping", 10.0)


@pytest.mark.parametrize("field", ["ue_px", "ue_pr"])
def test_self_describing_event(field: str) -> None:
    inner = _self_describing("com.example/signed_up", {"by": "短信", "价格": 3})
    value = _self_describing("com.snowplowanalytics.snowplow/unstruct_event", inner)
    text = _encoded(value) if field == "ue_px" else json.dumps(value)
    event = _event(e="ue", **{field: text})
    assert event.event == "signed_up"
    assert event.properties == {"platform": "web", "by": "短信", "价格": 3, "iglu_schema": inner["schema"]}


def test_ecommerce_action_and_contexts() -> None:
    action = _self_describing(
        "com.snowplowanalytics.snowplow.ecommerce/snowplow_ecommerce_action", {"type": "refund"}
    )
    session = {"userId": "app-user", "sessionId": "app-session", "sessionIndex": 2}
    contexts = [
        _self_describing("a/client_session", session),
        _self_describing(
            "a/transaction", {"transaction_id": "o-1", "revenue": 20, "currency": "CNY", "tax": 1}
        ),
        _self_describing("a/product", {"id": "sku-1", "name": "tea"}),
        _self_describing("a/product", {"id": "sku-2", "name": "cup"}),
        _self_describing("com.example/shop", {"city": "上海"}),
    ]
    fields = {name: value for name, value in BASE.items() if name != "duid"}
    fields["ue_px"] = _encoded(_self_describing("a/unstruct_event", action))
    event = only_event(
        _payload({**fields, "e": "ue", "cx": _encoded(_self_describing("a/contexts", contexts))})
    )
    assert (event.event, event.distinct_id, event.session_id) == ("refund", "app-user", "app-session")
    properties = event.properties
    assert (properties["$order_id"], properties["$revenue"], properties["$currency"]) == ("o-1", 20.0, "CNY")
    assert properties["transaction"] == {"tax": 1}
    assert [product["id"] for product in properties["product"]] == ["sku-1", "sku-2"]
    assert "$product_id" not in properties
    assert properties["shop"] == {"city": "上海"}


def test_known_and_anonymous_ids_are_linked_once_a_payload() -> None:
    parsed = _payload(
        {**BASE, "e": "pv", "uid": "user-1"}, {**BASE, "e": "pv", "uid": "user-1", "eid": "e0a2"}
    )
    links = [item for item in parsed.items if isinstance(item, IdentityLink)]
    assert [(link.anonymous_id, link.known_id, link.position) for link in links] == [
        ("browser-1", "user-1", "data[0]")
    ]
    assert [item.distinct_id for item in parsed.items if isinstance(item, IncomingEvent)] == ["user-1"] * 2


def test_bad_events_beside_good_ones() -> None:
    parsed = _payload(
        {**BASE, "e": "pv"},
        {**BASE, "e": "xx"},
        {**BASE, "e": "ue", "ue_px": "!"},
        {**BASE, "e": "ue", "ue_pr": "{}"},
        {**BASE, "e": "pv", "dtm": "soon"},
        {**BASE, "e": "pv", "aid": "other"},
        [],
    )
    assert [item.position for item in parsed.items] == ["data[0]"]
    assert reasons(parsed) == [
        ("data[1].e", "type_unknown"),
        ("data[2].ue_px", "type_invalid"),
        ("data[3].ue_pr", "schema_invalid"),
        ("data[4].dtm", "time_invalid"),
        ("data[5].aid", "write_key_mixed"),
        ("data[6]", "type_invalid"),
    ]


def test_write_key_in_the_path_keeps_the_app_id() -> None:
    parsed = _payload({**BASE, "e": "pv", "aid": "shop-ios"}, path=f"/wk_path{TP2}")
    assert parsed.write_key == "wk_path"
    assert only_event(parsed).properties["$app_name"] == "shop-ios"


def test_sent_at_in_whole_seconds_is_not_before_the_events() -> None:
    assert _payload({**BASE, "e": "pv", "stm": "1767323045000"}).sent_at_ms == TIME_MS


def test_pixel() -> None:
    sent = request("/i", method="GET", query={**BASE, "e": "pv", "url": "https://a.example"})
    event = only_event(PROTOCOL.parse(sent))
    assert (event.event, event.user_agent) == ("$pageview", BROWSER)
    assert PROTOCOL.accepted(sent, Outcome(accepted=1)).media_type == "image/gif"


def _redirect(target: str) -> Any:
    return request("/r/tp2", method="GET", query={"u": target, "aid": "wk_1", "duid": "browser-1"})


def test_redirect_leads_only_to_listed_hosts() -> None:
    protocol = SnowplowProtocol()
    with pytest.raises(PayloadInvalid):
        protocol.parse(_redirect("https://shop.example.com/"))
    protocol.redirect_hosts = frozenset({"shop.example.com", ".cdn.example.com"})
    for target in ("https://shop.example.com/a?b=c@d", "http://x.cdn.example.com:8080/"):
        event = only_event(protocol.parse(_redirect(target)))
        assert (event.event, event.properties["target_url"]) == ("link_click", target)
        reply = protocol.accepted(_redirect(target), Outcome(accepted=1))
        assert (reply.status, reply.headers["Location"]) == (302, target)


@pytest.mark.parametrize(
    "target",
    [
        "",
        "//shop.example.com/",
        "javascript:alert(1)",
        "ftp://shop.example.com/",
        "https://evil.example/",
        "https://shop.example.com.evil.example/",
        "https://evil.example\\@shop.example.com/",
        "https://shop.example.com@evil.example/",
        "https://user@shop.example.com/",
        "https://shop.example.com/\r\nSet-Cookie: a=b",
        "https://[bad/",
    ],
)
def test_redirect_elsewhere_is_refused(target: str) -> None:
    protocol = SnowplowProtocol()
    protocol.redirect_hosts = frozenset({"shop.example.com"})
    with pytest.raises(PayloadInvalid):
        protocol.parse(_redirect(target))


NAMES = (
    "e",
    "aid",
    "uid",
    "duid",
    "eid",
    "dtm",
    "stm",
    "ue_pr",
    "co",
    "schema",
    "data",
    "se_ac",
    "tv",
    "res",
)


@given(json_values(*NAMES))
def test_any_json_is_answered_or_refused(value: Any) -> None:
    answer_or_refuse(PROTOCOL, request(TP2, value))
    answer_or_refuse(PROTOCOL, request(TP2, {"data": [value]}))
    event = {"e": "ue", "ue_pr": json.dumps(value), "co": json.dumps(value), "aid": "wk_1"}
    answer_or_refuse(PROTOCOL, request(TP2, {"data": [event]}))
    nested = _self_describing("a/contexts", [_self_describing("a/product", value), value])
    answer_or_refuse(PROTOCOL, request(TP2, {"data": [{**BASE, "e": "pv", "co": json.dumps(nested)}]}))


@given(st.text(max_size=30))
def test_any_redirect_is_answered_or_refused(target: str) -> None:
    protocol = SnowplowProtocol()
    protocol.redirect_hosts = frozenset({"a.example"})
    answer_or_refuse(protocol, _redirect(target))
    answer_or_refuse(protocol, _redirect("https://a.example/" + target))
