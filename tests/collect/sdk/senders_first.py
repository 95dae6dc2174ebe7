"""Real SDKs of Segment, RudderStack, PostHog, Sensors Analytics, Amplitude and Mixpanel, and what they leave.

``send_<sdk>(host, key)`` drives the SDK against a server whose protocols are mounted under
``<host>/in/<protocol>``; it returns when all is sent and answered, and fails if the SDK reports an error.
Beside each stands what must be stored: events (with the properties to look at), profile operations, the
profiles after all of them, ids that became one person, and aliases asked for.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tests.collect.sdk.first_sender import MOMENT, MOMENT_MS, SHANGHAI, FirstSender
from tests.collect.sdk.senders_amplitude_mixpanel import AMPLITUDE, MIXPANEL
from tests.collect.sdk.senders_second import Row


def send_segment(host: str, key: str, gzip: bool = True) -> None:
    """segment-analytics-python 2.4: each call once, and 120 events in batches."""
    from segment.analytics import Client

    errors: list[Exception] = []
    client = Client(
        key,
        host=f"{host}/in/segment",
        gzip=gzip,
        on_error=lambda error, batch: errors.append(error),
        upload_interval=0.05,
        max_retries=0,
    )
    _drive_segment_family(client)
    client.shutdown()
    assert errors == []


def send_rudderstack(host: str, key: str) -> None:
    """rudder-sdk-python 2.1: the same calls as Segment's; takes only status 200 for success."""
    from rudderstack.analytics.client import Client

    errors: list[Exception] = []
    client = Client(
        key,
        host=f"{host}/in/rudderstack",
        on_error=lambda error, batch: errors.append(error),
        upload_interval=0.05,
        max_retries=0,
    )
    _drive_segment_family(client)
    client.flush()
    client.join()
    assert errors == []


def _drive_segment_family(client: Any) -> None:
    page = {"url": "https://shop.example.com/tea", "title": "茶", "referrer": "https://www.baidu.com/"}
    context = {
        "ip": "203.0.113.9",
        "userAgent": "Mozilla/5.0 (Test)",
        "page": page,
        "campaign": {"name": "spring", "source": "weibo", "medium": "social"},
        "device": {"type": "ios", "manufacturer": "Apple", "model": "iPhone17,2"},
        "os": {"name": "iOS", "version": "19.1"},
        "locale": "zh-CN",
        "timezone": "Asia/Shanghai",
    }
    client.identify(
        "user-1", {"name": "李雷", "plan": "pro"}, anonymous_id="anon-1", timestamp=MOMENT, message_id="m-1"
    )
    client.track(
        "user-1",
        "Order Completed",
        {"order_id": "o-1", "revenue": 19.5, "currency": "cny", "coupon": "SPRING", "items": 2},
        context=dict(context),
        timestamp=MOMENT.astimezone(SHANGHAI),
        message_id="m-2",
    )
    client.track(
        None, "Viewed", {"url": "https://elsewhere.example/"}, anonymous_id="anon-2", message_id="m-3"
    )
    client.page("user-1", "Goods", "Tea", {"url": "https://shop.example.com/tea"}, message_id="m-4")
    client.screen("user-1", None, "Home", {"tab": 1}, message_id="m-5")
    client.group("user-1", "acme", {"industry": "tea"}, message_id="m-6")
    client.alias("user-1-old", "user-1", message_id="m-7")
    for index in range(120):
        client.track(f"user-{index % 3}", "Ping", {"index": index}, message_id=f"ping-{index}")


_SEGMENT_ROWS = (
    Row(
        "Order Completed",
        "user-1",
        {
            "$order_id": "o-1",
            "$revenue": 19.5,
            "$currency": "CNY",
            "$coupon": "SPRING",
            "items": 2,
            "$url": "https://shop.example.com/tea",
            "$title": "茶",
            "$referrer": "https://www.baidu.com/",
            "$utm_campaign": "spring",
            "$utm_source": "weibo",
            "$utm_medium": "social",
            "$device_type": "mobile",
            "$device_brand": "Apple",
            "$device_model": "iPhone17,2",
            "$os": "iOS",
            "$os_version": "19.1",
            "$language": "zh-CN",
            "$timezone": "Asia/Shanghai",
        },
        time_ms=MOMENT_MS,
    ),
    Row("Viewed", "anon-2", {"url": "https://elsewhere.example/"}),
    Row(
        "$pageview", "user-1", {"$url": "https://shop.example.com/tea", "$title": "Tea", "category": "Goods"}
    ),
    Row("$screen", "user-1", {"$screen_name": "Home", "tab": 1}),
    Row("$group_identify", "user-1", {"$group_type": "company", "$group_id": "acme", "industry": "tea"}),
    *(Row("Ping", f"user-{index % 3}", {"index": index}) for index in range(120)),
)
_SEGMENT_OPERATIONS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("set", "user-1", {"name": "李雷", "plan": "pro"}),
    ("set", "user-1", {"$groups.company": "acme"}),
)
_SEGMENT_PROFILES = {"user-1": {"name": "李雷", "plan": "pro", "$groups.company": "acme"}}


def send_posthog(host: str, key: str) -> None:
    """posthog 7.91: capture, set, set_once, group_identify, alias, and 60 events in batches."""
    from posthog import Posthog

    errors: list[Any] = []
    client = Posthog(
        key,
        host=f"{host}/in/posthog",
        gzip=True,
        on_error=lambda error, batch: errors.append(error),
        flush_interval=0.05,
        max_retries=0,
        disable_geoip=True,
    )
    client.capture(
        "order_paid",
        distinct_id="user-1",
        properties={
            "revenue": 19.5,
            "currency": "CNY",
            "$current_url": "https://shop.example.com/pay?x=1",
            "$session_id": "s-1",
            "$set": {"plan": "pro"},
            "$set_once": {"first_order": "o-1"},
        },
        timestamp=MOMENT,
        uuid=str(UUID(int=7)),
    )
    client.capture("$identify", distinct_id="user-1", properties={"$anon_distinct_id": "anon-1"})
    client.set(distinct_id="user-1", properties={"name": "李雷"})
    client.set_once(distinct_id="user-1", properties={"source": "weibo"})
    client.group_identify("company", "acme", {"industry": "tea"}, distinct_id="user-1")
    client.alias("user-1-old", "user-1")
    for index in range(60):
        client.capture("ping", distinct_id=f"user-{index % 3}", properties={"index": index})
    client.shutdown()
    assert errors == []


POSTHOG = FirstSender(
    "posthog",
    send_posthog,
    rows=(
        Row(
            "order_paid",
            "user-1",
            {
                "$revenue": 19.5,
                "$currency": "CNY",
                "$url": "https://shop.example.com/pay?x=1",
                "$lib": "posthog-python",
            },
            time_ms=MOMENT_MS,
        ),
        Row("$group_identify", "user-1", {"$group_type": "company", "$group_id": "acme", "industry": "tea"}),
        *(Row("ping", f"user-{index % 3}", {"index": index}) for index in range(60)),
    ),
    links=frozenset({("anon-1", "user-1")}),
    aliases=frozenset({("user-1-old", "user-1")}),
    operations=(
        ("set", "user-1", {"plan": "pro"}),
        ("set_once", "user-1", {"first_order": "o-1"}),
        ("set", "user-1", {"name": "李雷"}),
        ("set_once", "user-1", {"source": "weibo"}),
        ("set", "user-1", {"$groups.company": "acme"}),
    ),
    profiles={
        "user-1": {
            "plan": "pro",
            "first_order": "o-1",
            "name": "李雷",
            "source": "weibo",
            "$groups.company": "acme",
        }
    },
)


def send_sensors(host: str, key: str) -> None:
    """sensorsanalyticssdk 1.11: one by one, in batches of 50, sign-up, binding, every profile operation."""
    import sensorsanalytics

    url = f"{host}/in/sensors/sa?project=default&token={key}"
    single = sensorsanalytics.SensorsAnalytics(sensorsanalytics.DefaultConsumer(url))
    single.track(
        "user-1",
        "OrderPaid",
        {
            "$time": MOMENT_MS,
            "$url": "https://shop.example.com/pay",
            "$url_path": "/pay",
            "$ip": "203.0.113.9",
            "$model": "Mate 80",
            "$brand": "HUAWEI",
            "$province": "广东",
            "revenue": 19.5,
            "currency": "CNY",
        },
        is_login_id=True,
    )
    single.track_signup("user-1", "anon-1", {"channel": "weibo"})
    login = sensorsanalytics.SensorsAnalyticsIdentity("$identity_login_id", "user-1")
    mobile = sensorsanalytics.SensorsAnalyticsIdentity("$identity_mobile", "13800000000")
    single.bind(login, mobile)
    single.item_set("goods", "sku-1", {"name": "tea"})
    batch = sensorsanalytics.SensorsAnalytics(sensorsanalytics.BatchConsumer(url, max_size=50))
    batch.profile_set("user-1", {"name": "李雷", "age": 30}, is_login_id=True)
    batch.profile_set_once("user-1", {"first_seen": "2026-01-02"}, is_login_id=True)
    batch.profile_increment("user-1", {"orders": 2}, is_login_id=True)
    batch.profile_append("user-1", {"tags": ["tea", "cup"]}, is_login_id=True)
    batch.profile_unset("user-1", ["age"], is_login_id=True)
    batch.profile_delete("user-9", is_login_id=True)
    for index in range(120):
        batch.track(f"user-{index % 3}", "Ping", {"index": index}, is_login_id=True)
    batch.close()


SENSORS = FirstSender(
    "sensors",
    send_sensors,
    rows=(
        Row(
            "OrderPaid",
            "user-1",
            {
                "$url": "https://shop.example.com/pay",
                "$path": "/pay",
                "$device_model": "Mate 80",
                "$device_brand": "HUAWEI",
                "$region": "广东",
                "$revenue": 19.5,
                "$currency": "CNY",
                "$lib": "python",
                "$lib_version": "1.11.0",
            },
            time_ms=MOMENT_MS,
        ),
        Row("$SignUp", "user-1", {"channel": "weibo"}),
        Row("$BindID", "user-1"),
        Row("$item_set", "$item:goods:sku-1", {"name": "tea", "$item_type": "goods", "$item_id": "sku-1"}),
        *(Row("Ping", f"user-{index % 3}", {"index": index}) for index in range(120)),
    ),
    links=frozenset({("anon-1", "user-1"), ("$identity_mobile+13800000000", "user-1")}),
    operations=(
        ("set", "user-1", {"name": "李雷", "age": 30}),
        ("set_once", "user-1", {"first_seen": "2026-01-02"}),
        ("increment", "user-1", {"orders": 2}),
        ("append", "user-1", {"tags": ["tea", "cup"]}),
        ("unset", "user-1", {"age": True}),
        ("delete", "user-9", {}),
    ),
    profiles={
        "user-1": {"name": "李雷", "first_seen": "2026-01-02", "orders": 2, "tags": ["tea", "cup"]},
        "user-9": {},
    },
)

_SEGMENT_LINKS = frozenset({("anon-1", "user-1")})
_SEGMENT_ALIASES = frozenset({("user-1-old", "user-1")})
SENDERS: dict[str, FirstSender] = {
    "segment": FirstSender(
        "segment",
        send_segment,
        _SEGMENT_ROWS,
        _SEGMENT_LINKS,
        _SEGMENT_PROFILES,
        _SEGMENT_OPERATIONS,
        _SEGMENT_ALIASES,
    ),
    "rudderstack": FirstSender(
        "rudderstack",
        send_rudderstack,
        _SEGMENT_ROWS,
        _SEGMENT_LINKS,
        _SEGMENT_PROFILES,
        _SEGMENT_OPERATIONS,
        _SEGMENT_ALIASES,
    ),
    "posthog": POSTHOG,
    "sensors": SENSORS,
    "amplitude": AMPLITUDE,
    "mixpanel": MIXPANEL,
}
