"""Real SDKs of Amplitude and Mixpanel, and what they leave; see ``senders_first``."""

from __future__ import annotations

from tests.collect.sdk.first_sender import MOMENT_MS, FirstSender
from tests.collect.sdk.senders_second import Row


def send_amplitude(host: str, key: str) -> None:
    """amplitude-analytics 1.3: track, revenue, identify, set_group, group_identify, and 120 events."""
    from amplitude import Amplitude, BaseEvent, Config, EventOptions, Identify, Revenue

    answers: list[tuple[int, str | None]] = []
    client = Amplitude(
        key,
        Config(
            server_url=f"{host}/in/amplitude/2/httpapi",
            flush_interval_millis=50,
            flush_max_retries=1,
            callback=lambda event, code, message: answers.append((code, message)),
        ),
    )
    client.track(
        BaseEvent(
            "Goods Viewed",
            user_id="user-1",
            device_id="device-1",
            time=MOMENT_MS,
            insert_id="i-1",
            session_id=1_767_323_000_000,
            event_properties={"product_id": "sku-1", "colour": "green"},
            os_name="iOS",
            device_brand="Apple",
            app_version="3.2.1",
            language="zh-CN",
            ip="203.0.113.9",
        )
    )
    revenue = Revenue(price=9.75, quantity=2, product_id="sku-1")
    client.revenue(revenue, EventOptions(user_id="user-1", insert_id="i-2"))
    identify = Identify().set("plan", "pro").set_once("source", "weibo").add("orders", 2)
    identify.append("tags", "tea").post_insert("badges", "early").unset("trial")
    client.identify(identify, EventOptions(user_id="user-1", insert_id="i-3"))
    client.set_group("company", "acme", EventOptions(user_id="user-1", insert_id="i-4"))
    traits = Identify().set("industry", "tea")
    client.group_identify("company", "acme", traits, EventOptions(user_id="user-1", insert_id="i-5"))
    for index in range(120):
        client.track(BaseEvent("Ping", user_id=f"user-{index % 3}", event_properties={"index": index}))
    for future in client.flush():
        if future is not None:
            future.result(timeout=20)
    client.shutdown()
    assert {code for code, _ in answers} == {200}
    assert len(answers) == 125


AMPLITUDE = FirstSender(
    "amplitude",
    send_amplitude,
    rows=(
        Row(
            "Goods Viewed",
            "user-1",
            {
                "$product_id": "sku-1",
                "colour": "green",
                "$os": "iOS",
                "$device_brand": "Apple",
                "$app_version": "3.2.1",
                "$language": "zh-CN",
                "$lib": "amplitude-python",
                "$lib_version": "1.3.0",
            },
            time_ms=MOMENT_MS,
        ),
        Row(
            "revenue_amount",
            "user-1",
            {"$price": 9.75, "$quantity": 2.0, "$revenue": 19.5, "$product_id": "sku-1"},
        ),
        Row("$group_identify", "user-1", {"$group_type": "company", "$group_id": "acme", "industry": "tea"}),
        *(Row("Ping", f"user-{index % 3}", {"index": index}) for index in range(120)),
    ),
    links=frozenset({("device-1", "user-1")}),
    operations=(
        ("set", "user-1", {"plan": "pro"}),
        ("set_once", "user-1", {"source": "weibo"}),
        ("increment", "user-1", {"orders": 2}),
        ("append", "user-1", {"tags": ["tea"]}),
        ("union", "user-1", {"badges": ["early"]}),
        ("unset", "user-1", {"trial": True}),
        ("set", "user-1", {"company": "acme", "$groups.company": "acme"}),
    ),
    profiles={
        "user-1": {
            "plan": "pro",
            "source": "weibo",
            "orders": 2,
            "tags": ["tea"],
            "badges": ["early"],
            "company": "acme",
            "$groups.company": "acme",
        }
    },
)


def send_mixpanel(host: str, key: str) -> None:
    """mixpanel 5.4: track, every profile operation, group_set, merge, import, and 60 events in batches."""
    import mixpanel

    base = f"{host}/in/mixpanel"
    urls = {
        "events_url": f"{base}/track",
        "people_url": f"{base}/engage",
        "groups_url": f"{base}/groups",
        "import_url": f"{base}/import",
        "retry_limit": 0,
    }
    single = mixpanel.Mixpanel(key, consumer=mixpanel.Consumer(**urls))
    single.track(
        "user-1",
        "Order Paid",
        {
            "time": MOMENT_MS / 1000,
            "$insert_id": "i-1",
            "revenue": 19.5,
            "currency": "CNY",
            "$current_url": "https://shop.example.com/pay",
            "ip": "203.0.113.9",
        },
    )
    single.track("user-1", "Signed In", {"$user_id": "user-1", "$device_id": "d-1"})
    single.people_set("user-1", {"name": "李雷", "age": 30})
    single.people_set_once("user-1", {"source": "weibo"})
    single.people_increment("user-1", {"orders": 2})
    single.people_append("user-1", {"tags": "tea"})
    single.people_union("user-1", {"badges": ["early"]})
    single.people_unset("user-1", ["age"])
    single.people_delete("user-9")
    single.group_set("company", "acme", {"industry": "tea"})
    single.merge(None, "user-1", "user-1-old", api_secret="secret")
    single.import_data(None, "user-2", "Old Order", 1_700_000_000, {"n": 1}, api_secret="secret")
    buffered = mixpanel.BufferedConsumer(**urls)
    batch = mixpanel.Mixpanel(key, consumer=buffered)
    for index in range(60):
        batch.track(f"user-{index % 3}", "Ping", {"index": index})
    buffered.flush()


MIXPANEL = FirstSender(
    "mixpanel",
    send_mixpanel,
    rows=(
        Row(
            "Order Paid",
            "user-1",
            {
                "$revenue": 19.5,
                "$currency": "CNY",
                "$url": "https://shop.example.com/pay",
                "$lib": "python",
                "$lib_version": "5.4.1",
            },
            time_ms=MOMENT_MS,
        ),
        Row("Signed In", "user-1"),
        Row("$group_identify", "$company_acme", {"$group_type": "company", "industry": "tea"}),
        Row("Old Order", "user-2", {"n": 1}, time_ms=1_700_000_000_000),
        *(Row("Ping", f"user-{index % 3}", {"index": index}) for index in range(60)),
    ),
    links=frozenset({("$device:d-1", "user-1")}),
    aliases=frozenset({("user-1-old", "user-1")}),
    operations=(
        ("set", "user-1", {"name": "李雷", "age": 30}),
        ("set_once", "user-1", {"source": "weibo"}),
        ("increment", "user-1", {"orders": 2}),
        ("append", "user-1", {"tags": ["tea"]}),
        ("union", "user-1", {"badges": ["early"]}),
        ("unset", "user-1", {"age": True}),
        ("delete", "user-9", {}),
    ),
    profiles={
        "user-1": {"name": "李雷", "source": "weibo", "orders": 2, "tags": ["tea"], "badges": ["early"]},
        "user-9": {},
    },
)
