"""The web SDK in a real browser, on a page of another origin, with a real server behind it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.server.contract import Contract
from tests.server.process import ServeProcess
from tests.ui.clicking import holds
from tests.ui.web_sdk_site import READY, Gateway, Shop, Site, built_sdk, call, close, kept, names, visit


@pytest.fixture(scope="module")
def sdk() -> bytes:
    return built_sdk()


@pytest.fixture(scope="module")
def process(sdk: bytes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServeProcess]:
    running = ServeProcess(tmp_path_factory.mktemp("sdk") / "data")
    running.start()
    yield running
    running.kill()


@pytest.fixture(scope="module")
def parts(process: ServeProcess) -> Iterator[tuple[Shop, str, Contract]]:
    with process.api() as api:
        contract = Contract(api.get("/api/openapi.json").json())
    shop = Shop()
    with shop.running():
        yield shop, process.write_key(), contract


@pytest.fixture
def site(process: ServeProcess, parts: tuple[Shop, str, Contract]) -> Site:
    return Site(process, *parts)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    # By its own name it is a bot, which cookieless collection leaves out.
    agent = f"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/{browser.version} Safari/537.36"
    size = {"width": 1280, "height": 800}
    opened = browser.new_context(locale="zh-CN", user_agent=agent, viewport=size)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A tab whose page hears of no error."""
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    assert errors == []


@pytest.fixture
def gateway(process: ServeProcess) -> Iterator[Gateway]:
    between = Gateway(process.url)
    with between.running():
        yield between


def test_a_page_view_says_where_it_was_and_whence_it_came(site: Site, page: Page) -> None:
    url = site.put("landing")
    page.goto(f"{url}?utm_source=weixin&utm_campaign=双十一#part", referer="https://www.baidu.com/s")
    (view,) = site.wait(1)
    properties = view["properties"]
    assert view["event"] == "$pageview"
    assert properties["$url"].startswith(f"{url}?utm_source=weixin")
    assert "#" not in properties["$url"]
    assert properties["$title"] == "Page landing"
    assert (properties["$utm_source"], properties["$utm_campaign"]) == ("weixin", "双十一")
    assert properties["$referrer_domain"] == "baidu.com"
    assert (properties["$language"], properties["$screen_width"]) == ("zh-CN", 1280)
    assert properties["$lib"] == "bihuan.js"
    assert properties["$browser"] == "Chrome"
    assert len(view["session_id"]) == len(view["distinct_id"]) == 36


def test_a_single_page_application_has_one_view_for_each_address(site: Site, page: Page) -> None:
    url = site.put("app")
    visit(page, url)
    page.evaluate("history.replaceState({}, '', location.href)")
    # Two at once, as a redirect makes them, and the title only afterwards.
    moves = "history.pushState({}, '', 'list'); history.replaceState({}, '', 'list?page=1')"
    page.evaluate(f"{moves}; document.title = 'List'")
    page.wait_for_timeout(300)
    page.evaluate("location.hash = 'part'")
    page.evaluate("history.pushState({}, '', 'detail')")
    call(page, "track", "Looked")
    page.wait_for_timeout(300)
    page.go_back()
    page.wait_for_timeout(300)
    events = site.wait(5)
    paths = [(e["event"], e["properties"]["$path"].rpartition("/")[2]) for e in events]
    assert paths == [
        ("$pageview", "app"),
        ("$pageview", "list"),
        ("$pageview", "detail"),
        ("Looked", "detail"),
        ("$pageview", "list"),
    ]
    assert events[1]["properties"]["$title"] == "List"
    assert events[1]["properties"]["$referrer"] == url
    assert events[2]["properties"]["$referrer"].endswith("/list?page=1")
    assert "$channel" not in events[1]["properties"]
    assert len({event["session_id"] for event in events}) == 1


def test_addresses_behind_the_hash_count_where_the_site_says_so(site: Site, page: Page) -> None:
    visit(page, site.put("hash", attributes="data-hash") + "#/home")
    page.evaluate("location.hash = '/cart?utm_source=mail'")
    home, cart = site.wait(2)
    assert home["properties"]["$path"].endswith("/hash#/home")
    assert cart["properties"]["$utm_source"] == "mail"


def test_clicks_tell_what_was_clicked_and_never_what_was_typed(site: Site, page: Page) -> None:
    body = """<script>addEventListener("click", event => event.preventDefault())</script>
    <button class=buy id=b1> Buy  <b>now</b></button>
    <a data-track="Plan picked" data-track-plan-name=pro href="https://x.example/p">Pro</a>
    <a class=buy id=a1 href="mailto:ann@example.com">Mail</a>
    <label class=buy id=l1>Card <input value=4111></label>
    <input class=buy id=i1 value=secret>
    <div class=buy contenteditable id=d1>typed</div>
    <button id=no>Other</button>"""
    visit(page, site.put("clicks", attributes='data-clicks=".buy"', body=body))
    for selector in ("#b1 b", "[data-track]", "#a1", "#l1", "#i1", "#d1", "#no"):
        page.click(selector)
        page.wait_for_timeout(5)
    clicks = site.wait(7)[1:]
    assert names(clicks) == ["$click", "Plan picked", *["$click"] * 4]
    own = [{n: v for n, v in e["properties"].items() if not n.startswith("$")} for e in clicks]
    assert own == [
        {"tag": "button", "element_id": "b1", "text": "Buy now"},
        {"tag": "a", "text": "Pro", "href": "https://x.example/p", "plan_name": "pro"},
        {"tag": "a", "element_id": "a1", "text": "Mail"},
        {"tag": "label", "element_id": "l1"},
        {"tag": "input", "element_id": "i1"},
        {"tag": "div", "element_id": "d1"},
    ]


def test_identify_makes_one_person_of_before_and_after(site: Site, page: Page) -> None:
    early = """<script>window.bihuan = window.bihuan || [];
    bihuan.push(["track", "Early", {n: 1}], ["group", "g-7", {plan: "pro"}])</script>"""
    user = f"user-{site.name}"
    visit(page, site.put("first", head=early))
    anonymous = page.evaluate("bihuan.anonymousId()")
    call(page, "identify", user, {"city": "上海"})
    call(page, "track", "Paid", {"revenue": 9.5, "currency": "CNY"})
    events = site.wait(4)
    assert sorted(names(events)) == ["$group_identify", "$pageview", "Early", "Paid"]
    paid = next(event for event in events if event["event"] == "Paid")
    assert (paid["distinct_id"], paid["properties"]["$revenue"]) == (user, 9.5)
    assert paid["properties"]["$group_id"] == "g-7"
    person = site.person(anonymous)
    assert sorted(person["distinct_ids"]) == sorted([anonymous, user])
    assert person["event_count"] == 4
    assert person["properties"]["city"] == "上海"
    # Known on the next page too, until somebody else comes.
    visit(page, site.put("second"))
    call(page, "identify", f"other-{site.name}")
    call(page, "track", "Other")
    events = site.wait(6)
    assert [event["distinct_id"] for event in events[4:]] == [user, f"other-{site.name}"]
    assert site.person(f"other-{site.name}")["event_count"] == 1
    assert page.evaluate("bihuan.anonymousId()") != anonymous
    call(page, "reset")
    call(page, "track", "Nobody")
    assert site.wait(7)[6]["distinct_id"] == page.evaluate("bihuan.anonymousId()")


def test_an_alias_joins_an_id_of_elsewhere(site: Site, page: Page) -> None:
    visit(page, site.put("alias"))
    call(page, "alias", f"crm-{site.name}")
    anonymous = site.wait(1)[0]["distinct_id"]
    call(page, "flush")
    holds(page, "() => !Object.keys(localStorage).length")
    assert sorted(site.person(anonymous)["distinct_ids"]) == sorted([anonymous, f"crm-{site.name}"])


def test_a_session_ends_after_half_an_hour(site: Site, page: Page) -> None:
    page.clock.install()
    visit(page, site.put("long"))
    for number, minutes in enumerate((29, 29, 31)):
        page.clock.fast_forward(minutes * 60_000)
        call(page, "track", "Still here", {"number": number})
        page.clock.run_for(2_000)
    # The server puts the hurrying clock right, so that times tell no order.
    found = {event["properties"].get("number"): event["session_id"] for event in site.wait(4)}
    assert found[None] == found[0] == found[1] != found[2]


def test_what_happens_offline_is_sent_when_the_network_is_back(
    site: Site, context: BrowserContext, page: Page
) -> None:
    visit(page, site.put("offline"))
    site.wait(1)
    context.set_offline(True)
    call(page, "track", "Without network")
    page.wait_for_timeout(1_500)
    call(page, "track", "Still without")
    assert len(site.stored()) == 1
    assert sum(len(v.split("\n")) for n, v in kept(page).items() if n.startswith("bihuan_wk")) == 2
    context.set_offline(False)
    assert sorted(names(site.wait(3))) == ["$pageview", "Still without", "Without network"]
    holds(page, "() => !Object.keys(localStorage).length")


def test_what_a_page_could_not_send_is_sent_by_the_next(
    site: Site, context: BrowserContext, page: Page, gateway: Gateway
) -> None:
    gateway.faults = ["down"]
    with page.expect_event("requestfailed"):
        visit(page, site.put("gone", host=gateway.url))
    call(page, "track", "Unsent")
    close(page)
    assert (len(gateway.posted), site.stored()) == (1, [])
    visit(context.new_page(), site.put("next", host=gateway.url))
    assert sorted(names(site.wait(3))) == ["$pageview", "$pageview", "Unsent"]


@pytest.mark.parametrize("ending", ["close", "leave"])
def test_the_end_of_a_page_sends_what_waits(
    site: Site, context: BrowserContext, page: Page, ending: str
) -> None:
    visit(page, site.put("end"))
    site.wait(1)
    # More than one request may hold, less than a page may send while it ends.
    page.evaluate("for (let n = 0; n < 110; n++) bihuan.track('Last', {n})")
    if ending == "close":
        close(page)
    else:
        page.goto("about:blank")
    last = site.wait(111)[1:]
    assert sorted(event["properties"]["n"] for event in last) == list(range(110))


def test_more_than_a_closing_page_may_send_comes_with_the_next(
    site: Site, context: BrowserContext, page: Page
) -> None:
    visit(page, site.put("much"))
    site.wait(1)
    page.evaluate("for (let n = 0; n < 30; n++) bihuan.track('Much', {n, text: '字'.repeat(2000)})")
    close(page)
    time.sleep(1)
    assert len(site.stored()) < 31
    visit(context.new_page(), site.put("after"))
    assert names(site.wait(32)).count("Much") == 30


def test_before_consent_nothing_is_stored_or_sent(site: Site, page: Page, gateway: Gateway) -> None:
    url = site.put("consent", attributes="data-consent=required", host=gateway.url)
    visit(page, url)
    call(page, "track", "Held")
    page.wait_for_timeout(1_500)
    assert (kept(page), gateway.posted, page.evaluate("bihuan.anonymousId()")) == ({}, [], None)
    call(page, "consent", True)
    assert sorted(names(site.wait(2))) == ["$pageview", "Held"]
    assert "_bihuan" in kept(page)["cookie"]
    # Remembered.
    visit(page, url)
    events = site.wait(3)
    assert len({event["distinct_id"] for event in events}) == 1
    call(page, "track", "Unsent")
    call(page, "consent", False)
    assert kept(page) == {}
    visit(page, url)
    page.wait_for_timeout(1_500)
    assert kept(page) == {}
    assert len(site.stored()) == 3


def test_a_refusal_is_remembered_where_nobody_was_asked(site: Site, page: Page) -> None:
    visit(page, site.put("refuse"))
    site.wait(1)
    call(page, "consent", False)
    assert kept(page) == {"cookie": "_bihuan=|||||0"}
    visit(page, site.put("refused"))
    call(page, "track", "Not wanted")
    page.wait_for_timeout(1_500)
    assert len(site.stored()) == 1
    call(page, "consent", True)
    call(page, "track", "Wanted")
    assert len(site.wait(2)[1]["distinct_id"]) == 36


def test_cookieless_stores_nothing_and_knows_visitors_for_a_day(
    site: Site, context: BrowserContext, page: Page
) -> None:
    url = site.put("bare", attributes="data-cookieless")
    visit(page, url)
    call(page, "track", "Looked", {"colour": "red"})
    assert names(site.wait(2)) == ["$pageview", "Looked"]
    page.reload()
    events = site.wait(3)
    assert len({event["distinct_id"] for event in events}) == 1
    assert events[0]["properties"]["$title"] == "Page bare"
    assert next(e for e in events if e["event"] == "Looked")["properties"]["colour"] == "red"
    holds(page, READY)
    call(page, "identify", f"bare-{site.name}")
    call(page, "track", "Paid")
    assert site.wait(4)[3]["distinct_id"] == f"bare-{site.name}"
    assert (kept(page), context.cookies()) == ({}, [])


@pytest.mark.parametrize("signal", ["doNotTrack: {value: '1'}", "globalPrivacyControl: {value: true}"])
def test_a_wish_not_to_be_tracked_is_heeded(site: Site, page: Page, gateway: Gateway, signal: str) -> None:
    page.add_init_script(f"Object.defineProperties(navigator, {{{signal}}})")
    visit(page, site.put("dnt", attributes="data-dnt", host=gateway.url))
    call(page, "track", "Unwanted")
    call(page, "consent", True)
    page.wait_for_timeout(1_500)
    assert (gateway.posted, kept(page)) == ([], {})


def test_nothing_counts_twice_when_the_answer_is_lost(site: Site, page: Page, gateway: Gateway) -> None:
    gateway.faults = ["lost", "lost"]
    visit(page, site.put("lost", host=gateway.url))
    call(page, "identify", f"lost-{site.name}", {"visits": 1})
    call(page, "track", "Once")
    holds(page, "() => !Object.keys(localStorage).length")
    sent = [[m["messageId"] for m in json.loads(body)["batch"]] for _, body in gateway.posted]
    assert len(sent) == 3
    assert sent[0] == sent[1] == sent[2]
    assert sorted(names(site.stored())) == ["$pageview", "Once"]


def test_a_refusal_is_heeded_for_as_long_as_the_server_asks(site: Site, page: Page, gateway: Gateway) -> None:
    gateway.faults = [5]
    visit(page, site.put("busy", host=gateway.url))
    (view,) = site.wait(1)
    (first, _), (second, body) = gateway.posted
    assert second - first >= 5
    # The time is that of the event; the time of sending tells a wrong clock.
    sent_at = datetime.fromisoformat(json.loads(body)["sentAt"])
    assert (sent_at - datetime.fromisoformat(view["time"])).total_seconds() >= 5


def test_what_is_refused_for_good_does_not_block_the_rest(site: Site, page: Page) -> None:
    visit(page, site.put("big"))
    site.wait(1)
    call(page, "track", "Too big", {"text": "x" * 600_000})
    page.wait_for_timeout(1_500)
    call(page, "track", "Good")
    assert names(site.wait(2)) == ["$pageview", "Good"]


def test_one_cookie_serves_all_hosts_of_a_domain(site: Site, context: BrowserContext, page: Page) -> None:
    url = site.put("wide").replace("127.0.0.1", "www.shop.localhost")
    visit(page, url)
    (cookie,) = context.cookies()
    assert (cookie["name"], cookie["domain"]) == ("_bihuan", ".shop.localhost")
    assert cookie["sameSite"] == "Lax"
    assert cookie["expires"] - time.time() > 300 * 86_400
    visit(page, url.replace("www.", "m."))
    assert len({event["distinct_id"] for event in site.wait(2)}) == 1
    assert len(context.cookies()) == 1


def test_a_strict_policy_and_forbidden_storage_are_no_obstacle(site: Site, page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('no') }})")
    allowed = f"script-src {site.process.url}; connect-src {site.process.url}; img-src data:"
    url = site.put("strict", content_security_policy=f"default-src 'none'; {allowed}")
    visit(page, url)
    call(page, "track", "Fine", {"n": 1})
    page.evaluate(
        "() => { const own = {}; own.own = own; bihuan.track('Broken', own); bihuan.push(['nothing']) }"
    )
    assert names(site.wait(2)) == ["$pageview", "Fine"]
    assert complaints == []


def test_page_views_by_hand(site: Site, page: Page) -> None:
    visit(page, site.put("hand", attributes="data-pages=manual"))
    page.evaluate("history.pushState({}, '', 'moved')")
    call(page, "page", "Step 2", {"plan": "pro"})
    (view,) = site.wait(1)
    assert (view["properties"]["name"], view["properties"]["plan"]) == ("Step 2", "pro")
    page.wait_for_timeout(500)
    assert len(site.stored()) == 1
