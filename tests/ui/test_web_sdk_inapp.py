"""Messages inside the app in a real browser: shown on somebody else's page, told to the server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bihuan.kernel.hashing import key64
from bihuan.messages import OutboxRow, enqueue
from bihuan.messages.inbox.service import signature_of
from bihuan.server.web.pages import IN_APP
from bihuan.warehouse import Engine
from tests.insights.shop import send
from tests.server.running import Running, running_server
from tests.ui.axe import faults
from tests.ui.clicking import holds
from tests.ui.web_sdk_site import READY, Shop, built_sdk

PEOPLE = ("ann", "bob", "cai", "dan", "eve", "fay")
STRICT = "default-src 'none'; script-src {url} 'nonce-n1'; connect-src {url}; img-src data:"


@pytest.fixture(scope="module")
def server(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    built_sdk()
    built_sdk(IN_APP)
    with running_server(engine, tmp_path_factory.mktemp("installation")) as running:
        send(running, [{"type": "identify", "userId": name, "traits": {"name": name}} for name in PEOPLE])
        body = {"name": "app", "kind": "in_app"}
        running.api.post(running.path("/message-channels"), json=body).raise_for_status()
        running.installation.messaging.start()
        yield running


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    made = Shop()
    with made.running():
        yield made


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab whose page hears of no error and breaks no policy."""
    context = browser.new_context(locale="en-US", viewport={"width": 1000, "height": 700})
    opened = context.new_page()
    opened.set_default_timeout(20_000)
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield opened
    context.close()
    assert complaints == []


def inbox(server: Running, name: str, **more: str) -> httpx.Response:
    return httpx.get(
        f"{server.url}/v1/inbox", params={"key": server.write_key, "distinct_id": name, **more}, timeout=20
    )


def write(server: Running, name: str, *contents: dict[str, Any]) -> None:
    """Send messages to somebody, one after another, and wait until each is there."""
    channel = server.api.get(server.path("/message-channels")).json()["items"][0]["id"]
    for number, content in enumerate(contents):
        row = OutboxRow(
            person_id=key64(name),
            occurrence=f"to-{name}",
            step=str(number),
            channel_ids=[channel],
            purpose="transactional",
            origin={"$campaign_id": f"to-{name}"},
            context={"content": {"medium": "in_app", **content}},
        )
        with server.installation.database.session() as session:
            enqueue(session, server.project_id, [row])
        deadline = time.monotonic() + 30
        while len(inbox(server, name).json()["messages"]) <= number and time.monotonic() < deadline:
            time.sleep(0.05)
    assert len(inbox(server, name).json()["messages"]) == len(contents)


def visit(
    page: Page,
    server: Running,
    shop: Shop,
    name: str,
    *,
    attributes: str = "data-inapp",
    options: str = "",
    lang: str = "en",
) -> None:
    """Open a page with a strict policy on which somebody is logged in."""
    identify = f"bihuan.push(['identify', '{name}'])" if name else ""
    html = (
        f"<!doctype html><html lang={lang}><meta charset=utf-8><title>Shop</title><link rel=icon href=data:,>"
        f"<script nonce=n1>window.bihuan = []; {identify}; {options}</script>"
        f'<script async src="{server.url}/bihuan.js" data-key="{server.write_key}" {attributes}></script>'
        "<body><main><h1>Shop</h1><button id=buy>Buy</button><div id=bell></div></main>"
    )
    policy = {"content-security-policy": STRICT.format(url=server.url)}
    shop.pages["/shop"] = (html, policy)
    page.goto(f"{shop.url}/shop")
    holds(page, READY)


def focused(page: Page) -> str:
    """The name of what has the focus, also in a shadow."""
    found: str = page.evaluate(
        """() => { let e = document.activeElement;
        while (e && e.shadowRoot && e.shadowRoot.activeElement) e = e.shadowRoot.activeElement;
        return e ? (e.getAttribute("aria-label") || e.textContent.trim() || e.tagName) : "" }"""
    )
    return found


def wait_for(server: Running, event: str, name: str, count: int) -> None:
    """Until so many events of this name tell of the messages to somebody."""
    deadline = time.monotonic() + 30
    mine: list[Any] = []
    while time.monotonic() < deadline:
        # By their campaign: a person has several ids once they were identified.
        mine = [each for each in server.events() if each["properties"].get("$campaign_id") == f"to-{name}"]
        if sum(each["event"] == event for each in mine) == count:
            return
        time.sleep(0.1)
    raise AssertionError((event, [each["event"] for each in mine]))


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def test_a_modal_keeps_the_focus_and_escape_closes_it(server: Running, shop: Shop, page: Page) -> None:
    markup = "<img src=x onerror=alert(1)> Hello"
    write(
        server,
        "ann",
        {"form": "modal", "title": "Second", "link": "https://shop.example/b", "button": "Look"},
        {"form": "modal", "title": markup, "body": "One\nTwo", "link": "javascript:alert(1)"},
    )
    visit(page, server, shop, "ann")
    expect(dialog(page)).to_be_visible()
    # One on a view; what it says is text, and it leads nowhere but to the web.
    expect(dialog(page)).to_have_count(1)
    expect(dialog(page).get_by_role("heading")).to_have_text(markup)
    expect(dialog(page).get_by_role("link")).to_have_count(0)
    assert dialog(page).get_attribute("aria-modal") == "true"
    assert focused(page) == "Close"
    page.keyboard.press("Tab")
    assert focused(page) == "Close"
    assert faults(page) == []
    page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)
    wait_for(server, "$message_opened", "ann", 1)
    wait_for(server, "$message_dismissed", "ann", 1)
    # The next comes with the next view, and the focus goes back to where it was.
    page.locator("#buy").focus()
    page.evaluate("history.pushState({}, '', 'next')")
    expect(dialog(page).get_by_role("heading")).to_have_text("Second")
    assert focused(page) == "Look"
    seen = set()
    for _ in range(5):
        page.keyboard.press("Tab")
        seen.add(focused(page))
    assert seen == {"Close", "Look"}
    page.keyboard.press("Shift+Tab")
    assert focused(page) in seen
    dialog(page).get_by_role("button", name="Close").click()
    assert focused(page) == "Buy"
    page.evaluate("history.pushState({}, '', 'last')")
    page.wait_for_timeout(600)
    expect(dialog(page)).to_have_count(0)


def test_a_banner_leaves_the_page_alone_and_leads_on(server: Running, shop: Shop, page: Page) -> None:
    write(server, "bob", {"form": "banner", "title": "Sale", "body": "Today", "link": f"{shop.url}/sale"})
    shop.pages["/sale"] = ("<!doctype html><title>Sale</title><link rel=icon href=data:,>", {})
    visit(page, server, shop, "bob")
    banner = page.get_by_role("region", name="Sale")
    expect(banner).to_be_visible()
    expect(banner.get_by_role("status")).to_contain_text("Today")
    page.locator("#buy").click()
    assert faults(page) == []
    banner.get_by_role("link", name="Open").click()
    page.wait_for_url(f"{shop.url}/sale")
    wait_for(server, "$message_clicked", "bob", 1)
    visit(page, server, shop, "bob")
    page.wait_for_timeout(600)
    expect(page.get_by_role("region", name="Sale")).to_have_count(0)


def test_the_inbox_counts_lists_and_forgets(server: Running, shop: Shop, page: Page) -> None:
    write(
        server,
        "cai",
        {"form": "inbox", "title": "旧消息", "body": "正文"},
        {"form": "inbox", "title": "新消息", "link": "https://shop.example/n"},
    )
    visit(page, server, shop, "cai", attributes="data-inapp=#bell", lang="zh-CN")
    bell = page.get_by_role("button", name="消息，2 条未读")
    bell.click()
    panel = page.get_by_role("dialog", name="消息")
    expect(panel.get_by_role("listitem")).to_have_count(2)
    expect(panel.get_by_role("listitem").first).to_contain_text("新消息")
    assert faults(page) == []
    wait_for(server, "$message_opened", "cai", 2)
    panel.get_by_role("button", name="移除：旧消息").click()
    expect(panel.get_by_role("listitem")).to_have_count(1)
    wait_for(server, "$message_dismissed", "cai", 1)
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    assert focused(page) == "消息"
    page.get_by_role("button", name="消息", exact=True).click()
    page.locator("h1").click()
    expect(panel).to_have_count(0)


def test_a_site_shows_messages_itself(server: Running, shop: Shop, page: Page) -> None:
    write(server, "dan", {"form": "banner", "title": "Own"}, {"form": "modal", "title": "Ours"})
    options = """bihuan.push(["inApp", {show: false, onMessages(messages, act) {
        window.got = messages; window.act = act; }}])"""
    visit(page, server, shop, "dan", attributes="", options=options)
    holds(page, "Boolean(window.got)")
    assert page.evaluate("got.map(each => [each.form, each.title])") == [["modal", "Ours"], ["banner", "Own"]]
    expect(dialog(page)).to_have_count(0)
    page.evaluate("act('clicked', [got[0].id])")
    wait_for(server, "$message_clicked", "dan", 1)
    render = """bihuan.push(["inApp", {most: 2, theme: "dark", render(message, act) {
        if (message.form !== "banner") return false;
        document.querySelector("h1").textContent = message.title; act("seen"); return true; }}])"""
    visit(page, server, shop, "dan", attributes="", options=render)
    expect(page.locator("h1")).to_have_text("Own")
    wait_for(server, "$message_opened", "dan", 1)


def test_nobody_is_asked_for_before_they_agree(server: Running, shop: Shop, page: Page) -> None:
    write(server, "eve", {"form": "modal", "title": "Agreed"})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/v1/inbox" in request.url else None)
    page.emulate_media(color_scheme="dark")
    visit(page, server, shop, "eve", attributes="data-inapp data-consent=required")
    page.wait_for_timeout(800)
    assert asked == []
    page.evaluate("bihuan.consent(true)")
    expect(dialog(page)).to_be_visible()
    dark = dialog(page).evaluate("each => getComputedStyle(each).backgroundColor")
    assert dark == "rgb(27, 33, 48)"
    assert faults(page) == []


def test_signed_ids_are_asked_for_with_their_signature(server: Running, shop: Shop, page: Page) -> None:
    write(server, "fay", {"form": "modal", "title": "Signed"})
    policy = server.api.get(server.path("/messages/policy")).json()
    kept = {
        name: value for name, value in policy.items() if name in ("caps", "quiet_hours", "exempt_purposes")
    }
    changed = server.api.put(server.path("/messages/policy"), json={**kept, "sign_inbox": True})
    assert changed.status_code == 200, changed.text
    secret = server.api.post(server.path("/inbox-secret")).json()["secret"]
    assert inbox(server, "fay").status_code == 403
    options = f"bihuan.push(['inApp', {{signature: '{signature_of(secret, 'fay')}'}}])"
    visit(page, server, shop, "fay", attributes="data-inapp", options=options)
    expect(dialog(page).get_by_role("heading")).to_have_text("Signed")
    page.keyboard.press("Escape")
    wait_for(server, "$message_dismissed", "fay", 1)
