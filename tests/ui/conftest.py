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
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

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
EMAIL, PASSWORD = "owner@example.com", "correct horse battery staple"
PROJECT = "default"
CITIES = ("北京", "上海", "Paris")
PLACES = {
    "北京": {"country": "CN", "province": "北京市"},
    "上海": {"country": "CN", "province": "上海市"},
    "Paris": {"country": "FR"},
}
# The machine may be busy with other tests.
expect.set_options(timeout=30_000)
SHOTS = Path(os.environ.get("BIHUAN_SCREENSHOTS", ""))


# Not for longer than a file of tests: Playwright keeps an event loop running in this thread while it is open.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
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

    def open(self, path: str) -> Page:
        """Go to a page of the project and wait until it is still."""
        self.page.goto(f"{self.site.url}/p/{PROJECT}/{path}")
        self.page.wait_for_load_state("networkidle")
        return self.page

    def shot(self, name: str) -> None:
        """Keep a picture where the run wants them."""
        if SHOTS.name:
            SHOTS.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=SHOTS / f"{name}.png")


def tab_of(context: BrowserContext, site: Site) -> Tab:
    page = context.new_page()
    page.set_default_timeout(30_000)
    tab = Tab(page, site, [], [])
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
