"""Real SDKs of Umami, Matomo, Countly, Snowplow, GA4 and Plausible, and the rows that they should leave.

``send_<sdk>(host, key)`` drives the SDK against a server whose protocols are mounted under
``<host>/in/<protocol>``; it returns when all is sent. Beside each stands what must be stored: in
``ROWS`` the events with the properties to look at (others may be there), in ``PROFILES`` the properties of
people after all changes, in ``LINKS`` the ids that became one person.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.collect.sdk.node_sdks import run_node

BROWSER = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 "
    "Safari/537.36"
)
_WAIT_SECONDS = 20
# What @umami/node and cookie-less trackers leave to the server to find out.
ANY_ID = "*"


@dataclass(frozen=True)
class Row:
    """A stored event: ``distinct_id`` may be ``ANY_ID``; ``properties`` is a subset of what is stored."""

    event: str
    distinct_id: str
    properties: dict[str, Any] = field(default_factory=dict)
    time_ms: int | None = None


@dataclass(frozen=True)
class Sender:
    """One SDK: the protocol it speaks, the function that drives it, and what must be stored."""

    protocol: str
    send: Callable[[str, str], None]
    rows: tuple[Row, ...]
    links: frozenset[tuple[str, str]] = frozenset()
    profiles: dict[str, dict[str, Any]] = field(default_factory=dict)


def send_umami(host: str, key: str) -> None:
    """umami-analytics 1.0: page view, event, revenue event of a known person (the SDK has no identify)."""
    import umami

    umami.set_url_base(f"{host}/in/umami")
    umami.set_website_id(key)
    umami.set_hostname("shop.example.com")
    umami.new_page_view(
        "商品", "/goods?utm_source=weibo", referrer="https://weibo.com/1", distinct_id="user-1"
    )
    umami.new_event("favourite", url="/goods", custom_data={"sku": "sku-1"}, distinct_id="user-1")
    umami.new_revenue_event(19.5, "CNY", "purchase", url="/pay", distinct_id="user-1")


UMAMI_ROWS = (
    Row(
        "$pageview",
        "user-1",
        {
            "$url": "https://shop.example.com/goods?utm_source=weibo",
            "$host": "shop.example.com",
            "$title": "商品",
            "$referrer": "https://weibo.com/1",
            "$language": "en-US",
            "$screen_width": 1920.0,
            "$screen_height": 1080.0,
        },
    ),
    Row("favourite", "user-1", {"sku": "sku-1", "$url": "https://shop.example.com/goods"}),
    Row("purchase", "user-1", {"$revenue": 19.5, "$currency": "CNY"}),
)


def send_umami_node(host: str, key: str) -> None:
    """@umami/node 0.4: page view, event, identify (with data, without an id)."""
    run_node("umami.js", f"{host}/in/umami", key)


UMAMI_NODE_ROWS = (
    Row("$pageview", ANY_ID, {"$url": "https://shop.example.com/goods", "$title": "商品"}),
    Row("favourite", ANY_ID, {"sku": "sku-1", "$price": 9.5}),
)


def send_matomo(host: str, key: str) -> None:
    """matomo-tracker 2.2 (Node): page view, event, and a bulk request with an order and a search."""
    run_node("matomo.js", f"{host}/in/matomo", key)


MATOMO_ROWS = (
    Row(
        "$pageview",
        "0123456789abcdef",
        {
            "$url": "https://shop.example.com/goods?utm_source=baidu&utm_medium=cpc",
            "$title": "商品",
            "$referrer": "https://www.baidu.com/s?wd=tea",
            "$language": "zh-CN",
            "$screen_width": 1366.0,
            "plan": "pro",
        },
        time_ms=1_767_323_045_000,
    ),
    Row("favourite", "user-1", {"event_category": "goods", "event_label": "green tea", "event_value": 2.0}),
    Row(
        "order",
        "user-1",
        {
            "$order_id": "o-1",
            "$revenue": 20.5,
            "tax": 1.5,
            "$product_id": "sku-1",
            "$product_name": "green tea",
            "$category": "tea",
            "$price": 9.5,
            "$quantity": 2.0,
        },
    ),
    Row("search", "user-1", {"$search_query": "oolong", "search_results": 3.0}),
)


def send_countly(host: str, key: str) -> None:
    """countly-sdk-nodejs 24.10: session, view, events, user details, change of device id with merge."""
    run_node("countly.js", f"{host}/in/countly", key)


_COUNTLY_DEVICE = {"$os": "HarmonyOS", "$os_version": "5.0", "$device_model": "Mate 60"}
COUNTLY_ROWS = (
    Row(
        "$session_start",
        "device-1",
        {**_COUNTLY_DEVICE, "$screen_width": 1216.0, "$language": "zh-CN", "$app_version": "2.3"},
    ),
    Row("$screen", "device-1", {"$screen_name": "home"}),
    Row(
        "purchase",
        "device-1",
        {"sum": 19.5, "$duration_seconds": 12.0, "$currency": "CNY", "$order_id": "o-1"},
    ),
    Row("share", "device-1", {"count": 3, "to": "朋友圈"}),
    Row("after_login", "user-1"),
)
COUNTLY_PROFILES = {
    "device-1": {
        "name": "王芳",
        "email": "wf@example.com",
        "plan": "pro",
        "logins": 1.0,
        "first_channel": "weixin",
        "interests": ["tea"],
    }
}


def send_snowplow(host: str, key: str) -> None:
    """snowplow-tracker 1.1: page view, structured and self-describing events in one payload, one pixel."""
    from snowplow_tracker import (
        Emitter,
        PageView,
        ScreenView,
        SelfDescribing,
        SelfDescribingJson,
        StructuredEvent,
        Subject,
        Tracker,
    )

    subject = Subject().set_domain_user_id("browser-1").set_platform("web").set_useragent(BROWSER)
    subject.set_screen_resolution(1366, 768).set_lang("zh-CN").set_timezone("Asia/Shanghai")
    subject.set_domain_session_id("session-1")
    endpoint = f"{host}/in/snowplow"
    emitter = Emitter(endpoint, batch_size=10)
    tracker = Tracker("web", emitter, subject=subject, app_id=key)
    tracker.track(PageView("https://shop.example.com/goods", "商品", referrer="https://www.baidu.com/"))
    subject.set_user_id("user-1")
    session = SelfDescribingJson(
        "iglu:com.snowplowanalytics.snowplow.ecommerce/product/jsonschema/1-0-0",
        {"id": "sku-1", "name": "green tea", "category": "tea", "price": 9.5, "currency": "CNY"},
    )
    action = SelfDescribingJson(
        "iglu:com.snowplowanalytics.snowplow.ecommerce/snowplow_ecommerce_action/jsonschema/1-0-2",
        {"type": "add_to_cart"},
    )
    tracker.track(SelfDescribing(action, context=[session]))
    tracker.track(StructuredEvent("goods", "favourite", label="green tea", value=2.5))
    tracker.track(ScreenView(id_="c0ffee00-0000-4000-8000-000000000001", name="收银台"))
    emitter.flush()
    pixel = Tracker("web", Emitter(endpoint, method="get"), subject=subject, app_id=key)
    pixel.track(
        SelfDescribing(SelfDescribingJson("iglu:com.example/signed_up/jsonschema/1-0-0", {"by": "短信"}))
    )


SNOWPLOW_ROWS = (
    Row(
        "$pageview",
        "browser-1",
        {
            "$url": "https://shop.example.com/goods",
            "$title": "商品",
            "$referrer": "https://www.baidu.com/",
            "$language": "zh-CN",
            "$timezone": "Asia/Shanghai",
            "$screen_width": 1366.0,
            "$lib": "snowplow-py",
            "platform": "web",
        },
    ),
    Row("add_to_cart", "user-1", {"$product_id": "sku-1", "$price": 9.5, "$currency": "CNY"}),
    Row("favourite", "user-1", {"event_category": "goods", "event_label": "green tea", "event_value": 2.5}),
    Row("$screen", "user-1", {"$screen_name": "收银台"}),
    Row(
        "signed_up",
        "user-1",
        {"by": "短信", "iglu_schema": "iglu:com.example/signed_up/jsonschema/1-0-0"},
    ),
)


GA4_TIME = datetime(2026, 1, 2, 3, 4, 5)  # local time, as ga4mp reads it


def send_ga4(host: str, key: str) -> None:
    """ga4mp 2.0: user id and property, a batch of events, one event at a given time."""
    from ga4mp import GtagMP

    client = GtagMP(api_secret=key, measurement_id="G-TEST", client_id="client.1")
    client._base_domain = f"{host}/in/ga4/mp/collect"  # the SDK has no setting for its host
    client.store.set_user_property("user_id", "user-1")
    client.store.set_user_property("plan", "pro")
    client.store.set_session_parameter("session_id", 42)
    purchase = client.create_new_event("purchase")
    purchase.set_event_param("transaction_id", "o-1")
    purchase.set_event_param("value", 20.5)
    purchase.set_event_param("currency", "CNY")
    purchase.set_event_param("items", [{"item_id": "sku-1", "item_name": "green tea", "quantity": 2}])
    search = client.create_new_event("search")
    search.set_event_param("search_term", "oolong")
    view = {"name": "page_view", "params": {"page_location": "https://shop.example.com/goods"}}
    client.send([purchase, search, view])
    client.send([{"name": "level_up", "params": {"level": 3}}], date=GA4_TIME)


GA4_ROWS = (
    Row(
        "purchase",
        "user-1",
        {
            "$order_id": "o-1",
            "$revenue": 20.5,
            "$currency": "CNY",
            "$product_id": "sku-1",
            "$product_name": "green tea",
            "$quantity": 2.0,
        },
    ),
    Row("search", "user-1", {"$search_query": "oolong"}),
    Row("$pageview", "user-1", {"$url": "https://shop.example.com/goods"}),
    Row("level_up", "user-1", {"level": 3}, time_ms=int(GA4_TIME.astimezone(UTC).timestamp() * 1000)),
)


def send_plausible(host: str, key: str) -> None:
    """plausible-events 0.1: page view and event with properties (the protocol has no identify)."""
    from plausible_events import PlausibleEvents

    class Client(PlausibleEvents):
        def _get_ip(self) -> str:
            # The SDK asks a public service for its own address.
            return "203.0.113.7"

    client = Client(key, headers={"User-Agent": BROWSER}, api=f"{host}/in/plausible/api/event")
    client.worker.daemon = True
    client.pageview("/goods", utm={"source": "weibo"})
    client.event("favourite", props={"sku": "sku-1"}, path="/goods")
    # The SDK cannot be flushed, but works off its queue in order.
    done = threading.Event()
    client._enqueue_task(done.set)
    assert done.wait(_WAIT_SECONDS), "plausible-events did not send everything"


PLAUSIBLE_ROWS = (
    Row("$pageview", ANY_ID, {"$url": "app://localhost/goods?utm_source=weibo"}),
    Row("favourite", ANY_ID, {"sku": "sku-1", "$url": "app://localhost/goods"}),
)


SENDERS: dict[str, Sender] = {
    "umami-analytics": Sender("umami", send_umami, UMAMI_ROWS),
    "@umami/node": Sender("umami", send_umami_node, UMAMI_NODE_ROWS),
    "matomo-tracker": Sender(
        "matomo", send_matomo, MATOMO_ROWS, links=frozenset({("0123456789abcdef", "user-1")})
    ),
    "countly-sdk-nodejs": Sender(
        "countly",
        send_countly,
        COUNTLY_ROWS,
        links=frozenset({("device-1", "user-1")}),
        profiles=COUNTLY_PROFILES,
    ),
    "snowplow-tracker": Sender(
        "snowplow", send_snowplow, SNOWPLOW_ROWS, links=frozenset({("browser-1", "user-1")})
    ),
    "ga4mp": Sender(
        "ga4",
        send_ga4,
        GA4_ROWS,
        links=frozenset({("client.1", "user-1")}),
        profiles={"user-1": {"plan": "pro"}},
    ),
    "plausible-events": Sender("plausible", send_plausible, PLAUSIBLE_ROWS),
}
