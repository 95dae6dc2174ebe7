"""What members do about themselves and each other: codes, passwords, browsers, leaving."""

from __future__ import annotations

import base64
import gzip
import hashlib
import hmac
import re
import struct
import time
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Response, expect

from tests.ui.conftest import EMAIL, PASSWORD, PROJECT, Site, Tab, tab_of

# Gzipped JavaScript until the form to log in is there.
FIRST_LOAD_BYTES = 450 << 10


def code_of(secret: str, *, later: int = 0) -> str:
    """What an authenticator app shows (RFC 6238), some steps from now."""
    step = int(time.time()) // 30 + later
    mac = hmac.digest(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1)
    (number,) = struct.unpack_from(">I", mac, mac[-1] & 15)
    return f"{(number & 0x7FFFFFFF) % 1_000_000:06d}"


def guest(browser: Browser, site: Site) -> tuple[BrowserContext, Page]:
    """Another browser, which knows nobody."""
    context = browser.new_context(locale="en-US")
    page = tab_of(context, site).page
    page.goto(f"{site.url}/login")
    return context, page


def log_in(page: Page, email: str = EMAIL, password: str = PASSWORD) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def is_inside(page: Page) -> None:
    expect(page.get_by_role("heading", name="Dashboards", exact=True)).to_be_visible()


def account(tab: Tab, site: Site) -> Page:
    tab.page.goto(f"{site.url}/account")
    expect(tab.page.get_by_role("heading", name="My account")).to_be_visible()
    return tab.page


def test_the_first_load_is_light(site: Site, browser: Browser) -> None:
    context = browser.new_context(locale="en-US")
    page = context.new_page()
    scripts: list[Response] = []
    page.on("response", lambda answer: scripts.append(answer) if answer.url.endswith(".js") else None)
    page.goto(f"{site.url}/login", wait_until="networkidle")
    expect(page.get_by_role("button", name="Log in")).to_be_visible()
    weights = [len(gzip.compress(each.body())) for each in scripts]
    context.close()
    assert len(weights) > 1
    assert sum(weights) <= FIRST_LOAD_BYTES


def test_another_browser_is_logged_out_from_afar(tab: Tab, site: Site, browser: Browser) -> None:
    context, other = guest(browser, site)
    log_in(other)
    is_inside(other)
    page = account(tab, site)
    row = page.locator("tr[data-row-key]").filter(has_not_text="This one")
    row = row.filter(has=page.get_by_role("button", name="Log out")).first
    row.get_by_role("button", name="Log out").click()
    page.get_by_role("tooltip").get_by_role("button", name="Log out").click()
    expect(page.get_by_text("Logged out", exact=True)).to_be_visible()
    other.goto(f"{site.url}/p/{PROJECT}/insights")
    expect(other).to_have_url(re.compile("/login"))
    context.close()


def test_codes_are_turned_on_asked_for_and_turned_off(tab: Tab, site: Site, browser: Browser) -> None:
    page = account(tab, site)
    page.get_by_role("button", name="Turn on").click()
    secret = page.locator("code").filter(has_text=re.compile("^[A-Z2-7]{32}$")).inner_text()
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("On: logging in needs a code.")).to_be_visible()
    context, other = guest(browser, site)
    log_in(other)
    expect(other.get_by_label("Code")).to_be_visible()
    other.get_by_label("Code").fill("000000" if code_of(secret, later=1) != "000000" else "111111")
    other.get_by_role("button", name="Log in").click()
    expect(other.get_by_role("alert").first).to_be_visible()
    # Each code serves once; the next is accepted a little early.
    other.get_by_label("Code").fill(code_of(secret, later=1))
    other.get_by_role("button", name="Log in").click()
    is_inside(other)
    context.close()
    card = page.locator(".ant-card").filter(has_text="Two-step verification")
    card.get_by_label("Current password").fill(PASSWORD)
    card.get_by_role("button", name="Turn off").click()
    expect(page.get_by_text("Two-step verification is off")).to_be_visible()


def test_a_member_is_removed_and_stays_out(tab: Tab, site: Site, browser: Browser) -> None:
    page = tab.open("members")
    page.get_by_role("button", name=re.compile("Invite")).first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("E-mail").fill("leaving@example.com")
    dialog.get_by_role("button", name="Invite").click()
    shown_once = page.get_by_role("dialog").locator("input[readonly]")
    expect(shown_once).to_have_value(re.compile("/invitation#"))
    link = shown_once.input_value().strip()
    context, other = guest(browser, site)
    other.goto(link if link.startswith("http") else site.url + link)
    other.get_by_label("Name").fill("Lea")
    other.get_by_label("New password").fill("a leaver's password")
    other.get_by_role("button", name="Join").click()
    is_inside(other)
    page = tab.open("members")
    row = page.locator("tr[data-row-key]").filter(has_text="leaving@example.com")
    row.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Removed", exact=True)).to_be_visible()
    expect(row).to_have_count(0)
    status: Any = other.evaluate(
        "async (project) => (await fetch(`/api/projects/${project}/insights`)).status", PROJECT
    )
    assert status in (403, 404)
    other.goto(f"{site.url}/p/{PROJECT}/insights")
    expect(other.get_by_role("heading", name="Insights")).to_have_count(0)
    context.close()


def test_a_password_is_changed(tab: Tab, site: Site, browser: Browser) -> None:
    page = account(tab, site)
    new = "another horse, another battery"
    page.locator("#current").fill(PASSWORD)
    page.get_by_label("New password", exact=True).fill(new)
    page.get_by_label("New password again").fill("something else entirely")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("The two are not the same")).to_be_visible()
    page.get_by_label("New password again").fill(new)
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("Password changed")).to_be_visible()
    context, other = guest(browser, site)
    log_in(other)
    expect(other.get_by_role("alert")).to_be_visible()
    log_in(other, password=new)
    is_inside(other)
    context.close()
