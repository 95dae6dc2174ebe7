"""What tests of pages of campaigns share: people with addresses, a real mail server, a template."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from queue import Queue
from threading import Event, Thread
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import Browser, Page

from tests.delivery.servers.smtp import Mailboxes, mail_server
from tests.ui.audience_site import ask
from tests.ui.conftest import PROJECT, Site
from tests.waiting import wait_until

PEOPLE = 170
ORDER = "Order Completed"


@dataclass(frozen=True)
class Shop:
    """Where campaigns of the tests run, and what they are made of."""

    site: Site
    box: Mailboxes
    channel: str
    template: str
    everybody: str
    few: str

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """An answer of the API itself."""
        return ask(self.site, method, path, body)

    def plan(self, days: int = 7, **changes: Any) -> dict[str, Any]:
        """A whole plan that begins now."""
        now = datetime.now(UTC)
        message = {"channel_ids": [self.channel], "template_id": self.template, "purpose": "news"}
        outcome = {"selector": {"events": [ORDER]}, "value_property": {"name": "$revenue"}, "window_days": 1}
        return {
            "outcome": outcome,
            "target": {"audience_ids": [self.everybody]},
            "messages": [message],
            "starts_at": now.isoformat(),
            "ends_at": (now + timedelta(days=days)).isoformat(),
            **changes,
        }

    def order(self, names: list[str]) -> None:
        """Have people buy something for 25."""
        batch = [
            {"type": "track", "userId": each, "event": ORDER, "properties": {"$revenue": 25.0}}
            for each in names
        ]
        send_events(self.site, batch)


def send_events(site: Site, batch: list[dict[str, Any]]) -> None:
    """Send events as a site does."""
    auth = (site.process.write_key(), "")
    answer = httpx.post(f"{site.process.url}/v1/batch", json={"batch": batch}, auth=auth, timeout=60)
    assert answer.status_code == 200


def name_of(number: int) -> str:
    return f"shopper-{number}"


@pytest.fixture(scope="module")
def shop(site: Site) -> Iterator[Shop]:
    """People, a purpose, a channel, a template and two audiences."""
    rules = {"kind": "marketing", "name_en": "News", "name_zh": "资讯", "rules": {"*": "unless_withdrawn"}}
    ask(site, "PUT", "consent/purposes/news", rules)
    with _mail_server() as box:
        settings = {
            "servers": [{"host": "127.0.0.1", "port": box.port, "security": "none"}],
            "sender": "Shop <shop@example.com>",
        }
        channel = ask(
            site, "POST", "message-channels", {"name": "Mail", "kind": "smtp", "settings": settings}
        )
        content = {
            "medium": "email",
            "subject": "{{ person.name }}, something for you",
            "text": "{{ campaign.name }} for {{ person.name }}",
        }
        body = {"variants": {"a": {"zh-CN": content}}, "default_language": "zh-CN"}
        template = ask(
            site, "POST", "message-templates", {"name": "Hello mail", "purpose": "news", "body": body}
        )
        send_events(site, [_profile(number) for number in range(PEOPLE)])
        last = name_of(PEOPLE - 1)
        wait_until(lambda: bool(ask(site, "GET", f"people?search={last}")["items"]))
        everybody, few = _audience(site, "Everybody", PEOPLE), _audience(site, "Few", 60)
        made = Shop(site, box, channel["id"], template["id"], everybody, few)
        yield made


@contextmanager
def _mail_server() -> Iterator[Mailboxes]:
    """A mail server from a thread of its own: Playwright has an event loop in this one."""
    ready, over = Queue[Mailboxes](), Event()

    def serve() -> None:
        with mail_server() as box:
            ready.put(box)
            over.wait()

    thread = Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield ready.get(timeout=30)
    finally:
        over.set()
        thread.join(30)


def _profile(number: int) -> dict[str, Any]:
    name = name_of(number)
    return {"type": "identify", "userId": name, "traits": {"name": name, "email": f"{name}@example.com"}}


def _audience(site: Site, name: str, people: int) -> str:
    ids = [name_of(number) for number in range(people)]
    made = ask(site, "POST", "audiences", {"name": name, "people": {"distinct_ids": ids}})
    assert made["size"] == people
    return str(made["id"])


def wall(moment: datetime) -> str:
    """A moment as the project's clocks show it, as the date field takes it."""
    return moment.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%d %H:%M")


def joined(browser: Browser, site: Site, email: str, role: str) -> Page:
    """A page of another member, who has followed their invitation."""
    invited = ask(site, "POST", "invitations", {"email": email, "role": role})
    link = invited["link"]
    page = browser.new_context(locale="en-US").new_page()
    page.goto(link if link.startswith("http") else site.url + link)
    page.get_by_label("Name").fill(email.partition("@")[0].title())
    page.get_by_label("New password").fill("a password of their own")
    page.get_by_role("button", name="Join").click()
    page.get_by_role("heading", name="Dashboards", exact=True).wait_for()
    page.set_default_timeout(20_000)
    return page


__all__ = ["PEOPLE", "PROJECT", "Shop", "joined", "name_of", "shop", "wait_until", "wall"]
