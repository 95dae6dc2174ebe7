"""A browser, and a server with a little of everything in it."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from bihuan.server.web.pages import INDEX, STATIC
from tests.server.process import ServeProcess

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser")
EMAIL, PASSWORD = "owner@example.com", "correct horse battery staple"
PROJECT = "default"
CITIES = ("北京", "上海", "Paris")
PLACES = {
    "北京": {"country": "CN", "province": "北京市"},
    "上海": {"country": "CN", "province": "上海市"},
    "Paris": {"country": "FR"},
}
# The machine may be busy with other tests.
expect.set_options(timeout=60_000)
STILL_SECONDS = 60
IDLE = "new Promise(done => setTimeout(() => requestIdleCallback(done, {timeout: 1000}), 40))"
FOLLOW = """path => {
    history.pushState({idx: (history.state?.idx ?? 0) + 1}, "", path);
    dispatchEvent(new PopStateEvent("popstate", {state: history.state}));
}"""
SHOTS = Path(os.environ.get("BIHUAN_SCREENSHOTS", ""))


# Not for longer than a file of tests: Playwright keeps an event loop running in this thread while it is open.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without windows where there is such a one."""
    executable = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if executable is None:
        pytest.skip("no Chromium on this machine: browser tests are skipped")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield opened
        opened.close()


@dataclass(frozen=True)
class Site:
    """A server that has been set up, with what the log-in left in the browser."""

    process: ServeProcess
    state: Any

    @property
    def url(self) -> str:
        return self.process.url

    def events(self) -> set[str]:
        """The names of the events that the catalog knows."""
        with self.process.api() as api:
            items = api.get(f"/api/projects/{PROJECT}/catalog/events").json()["items"]
        return {each["name"] for each in items}

    def wait_for_catalog(self, event: str) -> None:
        """Until the catalog has counted an event."""
        deadline = time.monotonic() + 150
        with self.process.api() as api:
            while time.monotonic() < deadline:
                items = api.get(f"/api/projects/{PROJECT}/catalog/events").json()["items"]
                if event in [each["name"] for each in items if each["seen"]["count"]]:
                    return
                time.sleep(0.2)
        raise TimeoutError(event)

    def query(self, value: dict[str, Any]) -> dict[str, Any]:
        """An answer of the API itself, to compare a page with."""
        with self.process.api() as api:
            answer = api.post(f"/api/projects/{PROJECT}/query", json=value).raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture(scope="module")
def site(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Site]:
    """A server with people who look, add and buy, and its first member logged in.

    A file of tests may have further settings of the server in ``SITE_SETTINGS``.
    """
    if not (STATIC / INDEX).is_file():
        pytest.skip("the pages are not built: pip install --no-deps --editable .")
    settings = {"learn_seconds": "2", **getattr(request.module, "SITE_SETTINGS", {})}
    process = ServeProcess(tmp_path_factory.mktemp("site") / "data", **settings)
    process.start()
    try:
        send_events(process)
        yield Site(process, set_up(browser, process))
    finally:
        process.kill()


def send_events(process: ServeProcess) -> None:
    """Three weeks of forty people."""
    draw = random.Random(7)
    now = datetime.now(UTC)
    batch: list[dict[str, Any]] = []
    for number in range(40):
        person, city = f"user-{number}", CITIES[number % 3]
        batch.append(
            {
                "type": "identify",
                "userId": person,
                "traits": {"name": f"Person {number}", "email": f"{person}@example.com", "city": city},
            }
        )
        for _ in range(draw.randint(1, 6)):
            at = now - timedelta(days=draw.uniform(0.5, 20))
            for step, chance in (("view", 1.0), ("add", 0.6), ("buy", 0.5)):
                if draw.random() > chance:
                    break
                revenue = {"revenue": draw.randint(10, 200)} if step == "buy" else {}
                batch.append(
                    {
                        "type": "track",
                        "userId": person,
                        "event": step,
                        "timestamp": at.isoformat(),
                        "properties": {"city": city, **PLACES[city], **revenue},
                    }
                )
                at += timedelta(minutes=draw.uniform(1, 9))
            if draw.random() < 0.25:
                batch.append(
                    {"type": "track", "userId": person, "event": "share", "timestamp": at.isoformat()}
                )
    body = {"batch": batch}
    answer = httpx.post(f"{process.url}/v1/batch", json=body, auth=(process.write_key(), ""), timeout=60)
    assert answer.json() == {"success": True, "status": 1, "result": "Success", "code": 200} | answer.json()


def set_up(browser: Browser, process: ServeProcess) -> Any:
    """Make the first account as a person does: by the link that the server printed."""
    with process.api() as api:
        link = api.post("/api/setup-link").raise_for_status().json()["link"]
    context = browser.new_context(locale="en-US")
    page = context.new_page()
    page.goto(link if link.startswith("http") else process.url + link)
    page.get_by_label("Name").fill("Chen Xiao")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Create the account and enter").click()
    page.get_by_role("heading", name="Dashboards", exact=True).wait_for()
    state = context.storage_state()
    context.close()
    return state


@dataclass
class Tab:
    """A page of the site that keeps what the browser complained about."""

    page: Page
    site: Site
    complaints: list[str]
    refused: list[str]
    under_way: set[Request]

    def open(self, path: str) -> Page:
        """Load a page of the project and wait until it is still."""
        self.under_way.clear()
        self.page.goto(f"{self.site.url}/p/{PROJECT}/{path}")
        self.still()
        return self.page

    def follow(self, path: str) -> Page:
        """Go to a page as by a link, with what was read already, and wait until it is still."""
        self.page.evaluate(FOLLOW, f"/p/{PROJECT}/{path}")
        self.still()
        return self.page

    def ended(self, asked: Request) -> None:
        """Nothing more comes of a request."""
        self.under_way.discard(asked)

    def still(self) -> None:
        """Until nothing is under way and the page has had nothing to do, twice."""
        deadline = time.monotonic() + STILL_SECONDS
        found = 0
        while found < 2:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.page.url} waits for {[each.url for each in self.under_way]}")
            self.page.evaluate(IDLE)
            found = 0 if self.under_way else found + 1

    def shot(self, name: str) -> None:
        """Keep a picture where the run wants them."""
        if SHOTS.name:
            SHOTS.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=SHOTS / f"{name}.png")


def tab_of(context: BrowserContext, site: Site) -> Tab:
    page = context.new_page()
    page.set_default_timeout(60_000)
    tab = Tab(page, site, [], [], set())
    # A stream of events never ends.
    page.on("request", lambda asked: None if _is_stream(asked) else tab.under_way.add(asked))
    page.on("requestfinished", tab.ended)
    page.on("requestfailed", tab.ended)
    page.on(
        "response",
        lambda answer: tab.refused.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None,
    )
    page.on("pageerror", lambda error: tab.complaints.append(f"error: {error}"))
    page.on(
        "console",
        lambda message: (
            tab.complaints.append(f"{message.type}: {message.text}")
            if message.type in ("error", "warning")
            else None
        ),
    )
    return tab


def _is_stream(asked: Request) -> bool:
    return asked.resource_type == "eventsource"


@pytest.fixture
def tab(browser: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Tab]:
    """A fresh window of the logged-in member, in English; nothing may be complained about at the end."""
    wanted = getattr(request, "param", {})
    context = browser.new_context(
        storage_state=site.state,
        locale="en-US",
        viewport={"width": 1360, "height": 900},
        accept_downloads=True,
        # A button that still moves may be missed by a click.
        reduced_motion="reduce",
        **wanted,
    )
    opened = tab_of(context, site)
    yield opened
    context.close()
    found = [*opened.complaints, *opened.refused]
    assert not found, "\n".join(found)
