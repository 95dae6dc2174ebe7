"""The outbox, consent and suppressions by clicking: real mails go out, one way or the other."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from bihuan.database import Database
from bihuan.kernel.hashing import key64
from bihuan.messages import OutboxRow, enqueue
from tests.delivery.servers.smtp import Mailboxes, mail_server
from tests.ui.audience_site import ask
from tests.ui.axe import faults
from tests.ui.clicking import choose
from tests.ui.conftest import PROJECT, Site, Tab, tab_of

# Of the server's reader of what is written to a broken connection, and of one that refuses.
LOST = {"lost-1": "dropped@example.com", "lost-2": "dropped@example.com", "lost-3": "dropped@example.com"}
HTML = "<html><body><h1>Hello {{ person.name }}</h1><a href='{{ links.unsubscribe }}'>Stop</a></body></html>"


# Before the browser, whose loop runs in this thread as long as it is open.
@pytest.fixture(scope="module", autouse=True)
def box() -> Iterator[Mailboxes]:
    with mail_server() as running:
        yield running


def queue(site: Site, names: list[str], channel_id: str, occurrence: str, **more: Any) -> None:
    """As campaigns and journeys do, into the database of the server."""
    content = {"medium": "email", "subject": "Spring offer", "html": HTML}
    rows = [
        OutboxRow(
            person_id=key64(name),
            occurrence=occurrence,
            step="mail",
            channel_ids=[channel_id],
            purpose="marketing",
            context={"content": content},
            **more,
        )
        for name in names
    ]
    database = Database.open(f"sqlite:///{site.process.data / 'control.sqlite3'}")
    try:
        with database.session() as session:
            enqueue(session, PROJECT, rows)
    finally:
        database.dispose()


def counts(site: Site) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in ask(site, "GET", "messages/statistics")["counts"]:
        found[each["state"]] = found.get(each["state"], 0) + each["count"]
    return found


@pytest.fixture(scope="module")
def sent(site: Site, box: Mailboxes) -> str:
    """Six mails that went, two that may not go, three of which nobody knows, one that waits."""
    people = [
        {"type": "identify", "userId": name, "traits": {"name": name.title(), "email": address}}
        for name, address in LOST.items()
    ]
    key = (site.process.write_key(), "")
    httpx.post(f"{site.url}/v1/batch", json={"batch": people}, auth=key, timeout=60).raise_for_status()
    ask(site, "PATCH", "consent/policy", {"public_url": site.url, "company": "Shop"})
    settings = {
        "servers": [{"host": "127.0.0.1", "port": box.port, "security": "none"}],
        "sender": "Shop <shop@example.com>",
        "answer_seconds": 3,
    }
    channel = ask(site, "POST", "message-channels", {"name": "News", "kind": "smtp", "settings": settings})
    reached = [f"user-{number}" for number in range(6)]
    given = {"people": [*reached, *LOST], "purpose": "marketing", "medium": "email", "action": "given"}
    ask(site, "POST", "consent/consents", {**given, "source": "form", "wording": "Yes, send me offers."})
    queue(site, [*reached, "user-6", "user-7", *LOST], channel["id"], "spring")
    later = (time.time_ns() // 1_000_000) + 86_400_000
    queue(site, ["user-0"], channel["id"], "later", not_before_ms=later)
    deadline = time.monotonic() + 40
    wanted = {"queued": 1, "sent": 6, "suppressed": 2, "uncertain": 3}
    while counts(site) != wanted and time.monotonic() < deadline:
        time.sleep(0.2)
    assert counts(site) == wanted
    return str(channel["id"])


def test_an_outbox_with_nothing_in_it_says_what_to_do(tab: Tab, site: Site) -> None:
    page = tab.open("outbox")
    expect(page.get_by_text("No messages yet")).to_be_visible()
    page = tab.open("consent?tab=suppressions")
    expect(page.get_by_text("Nobody is suppressed")).to_be_visible()


def test_what_went_is_shown_and_found(tab: Tab, site: Site, sent: str) -> None:
    page = tab.open("outbox")
    expect(page.get_by_test_id("state-sent")).to_contain_text("6")
    expect(page.get_by_test_id("state-uncertain")).to_contain_text("3")
    expect(page.get_by_text("no consent 2")).to_be_visible()
    expect(page.locator("canvas").first).to_be_visible()
    assert faults(page) == []
    tab.shot("outbox_en")
    page.get_by_test_id("state-sent").click()
    expect(page.locator("tbody tr[data-row-key]")).to_have_count(6)
    choose(page, "State", "Suppressed")
    expect(page.locator("tbody tr[data-row-key]")).to_have_count(2)
    page.get_by_label("Id of the person").fill("user-0")
    page.get_by_label("Id of the person").press("Enter")
    expect(page.get_by_text("No such messages")).to_be_visible()
    page = tab.open("outbox?tab=messages&person=user-0&state=sent")
    page.get_by_role("button", name=re.compile("Look at message")).click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text("u***@example.com")).to_be_visible()
    expect(drawer.get_by_text("As it went out, written at")).to_be_visible()
    expect(drawer.get_by_text("When it is due · by the project's rules")).to_be_visible()
    expect(drawer.frame_locator("iframe").get_by_role("heading", name="Hello Person 0")).to_be_visible()
    expect(drawer.get_by_text(re.compile("^Sent")).last).to_be_visible()
    tab.shot("message_en")
    page.keyboard.press("Escape")
    page = tab.open("outbox?tab=messages&state=queued")
    page.get_by_role("button", name=re.compile("Look at message")).click()
    page.get_by_role("button", name="Do not send").click()
    expect(page.get_by_text("1 message was cancelled")).to_be_visible()
    assert counts(site)["cancelled"] == 1


def test_the_uncertain_is_decided(tab: Tab, site: Site, sent: str) -> None:
    page = tab.open("outbox?tab=uncertain")
    rows = page.locator("tbody tr[data-row-key]")
    expect(rows).to_have_count(3)
    assert faults(page) == []
    tab.shot("uncertain_en")
    rows.first.get_by_role("button", name="Leave it").click()
    page.get_by_role("dialog").get_by_role("button", name="Leave it").click()
    expect(rows).to_have_count(2)
    page.get_by_role("checkbox", name="Select all").check()
    page.get_by_role("button", name="Send chosen again").click()
    page.get_by_role("dialog").get_by_role("button", name="Send again").click()
    expect(page.get_by_text("Decided about 2 messages")).to_be_visible()
    assert counts(site)["cancelled"] >= 1
    acts = ask(site, "GET", "audit?limit=20")["items"]
    decided = [each["after"] for each in acts if each["action"] == "messages.resolved"]
    assert decided == [{"decision": "resend", "messages": 2}, {"decision": "give_up", "messages": 1}]


def test_messages_of_a_journey_are_found(tab: Tab, site: Site, sent: str) -> None:
    journey = ask(site, "POST", "journeys", {"name": "Welcome", "description": "", "unfinished": {}})
    later = (time.time_ns() // 1_000_000) + 86_400_000
    origin = {"$journey_id": journey["id"], "$node_id": "mail"}
    queue(site, ["user-1"], sent, "journey:1", not_before_ms=later, origin=origin)
    page = tab.open("outbox?tab=messages")
    choose(page, "Journey", "Welcome")
    expect(page.locator("tbody tr[data-row-key]")).to_have_count(1)
    page.get_by_role("button", name=re.compile("Look at message")).click()
    expect(page.get_by_role("dialog").get_by_text("Welcome", exact=True)).to_be_visible()


def test_rules_of_sending(tab: Tab, site: Site) -> None:
    page = tab.open("outbox?tab=policy")
    page.get_by_role("button", name="Add a cap").click()
    page.get_by_test_id("cap").get_by_role("spinbutton", name="at most").fill("2")
    page.get_by_text("Keep quiet hours").click()
    choose(page, "until", "08:00")
    choose(page, "Time of sending", "In the hour the person is active")
    choose(page, "Priority", "High")
    page.get_by_label("Show what was sent as it was, for so many days").fill("30")
    week = page.get_by_role("img", name="When messages may go out in a week: quiet 21:00 – 08:00")
    expect(week.locator(".quiet")).to_have_count(7 * 11)
    assert faults(page) == []
    tab.shot("policy_en")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The rules are saved")).to_be_visible()
    policy = ask(site, "GET", "messages/policy")
    assert policy["caps"] == [{"medium": None, "count": 2, "hours": 168}]
    assert policy["quiet_hours"] == {"start": "21:00", "end": "08:00", "media": ["sms", "push"]}
    assert (policy["send_time"], policy["priority"], policy["keep_content_days"]) == ("best_time", "high", 30)


def test_suppressions_are_added_imported_exported_and_removed(
    tab: Tab, site: Site, sent: str, tmp_path: Path
) -> None:
    page = tab.open("consent?tab=suppressions")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_label("Mail address, phone number or device").fill("Max@Example.com")
    page.get_by_role("dialog").get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("m***@example.com")).to_be_visible()
    file = tmp_path / "s.csv"
    file.write_text("address,expires\na@x.cn,\n,\nb@x.cn,soon\n", encoding="utf-8")
    page.get_by_role("button", name="Import a CSV").click()
    page.get_by_label("Choose a file").set_input_files(file)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("3 lines, 1 address added")).to_be_visible()
    expect(dialog.get_by_text("Line 4: expires is no day")).to_be_visible()
    dialog.get_by_role("button", name="Close").last.click()
    page.get_by_label("Look up an address").fill("nobody@example.com")
    page.get_by_label("Look up an address").press("Enter")
    expect(page.get_by_text("This address is not listed")).to_be_visible()
    page.get_by_label("Look up an address").fill("max@example.com")
    page.get_by_label("Look up an address").press("Enter")
    expect(page.locator("tbody tr[data-row-key]")).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("button", name="Export a CSV").click()
    assert "m***@example.com" in Path(download.value.path()).read_text("utf-8-sig")
    page.get_by_role("button", name="Remove from the suppressions: m***@example.com").click()
    assert faults(page) == []
    page.get_by_label("Why it is removed").fill("came back")
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("This address is not listed")).to_be_visible()


def test_consents_the_page_of_preferences_and_a_person(tab: Tab, site: Site, sent: str) -> None:
    page = tab.open("consent")
    expect(page.get_by_text("agreed 9")).to_be_visible()
    choose(page, "Change the rule: News and offers, Text message", "unless withdrawn")
    expect(page.get_by_text("The rule is saved")).to_be_visible()
    assert faults(page) == []
    tab.shot("consent_en")
    page.get_by_role("tab", name="Wordings").click()
    expect(page.get_by_text("Yes, send me offers.")).to_be_visible()
    page.get_by_role("tab", name="Preference page").click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("This is a preview: nothing is saved.")).to_be_visible()
    page.get_by_label("Where people reach this server").fill("nonsense")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".ant-form-item-explain-error")).to_be_visible()
    tab.shot("consent_page_en")
    tab.refused[:] = [each for each in tab.refused if not each.startswith("422")]
    tab.complaints[:] = [each for each in tab.complaints if "422" not in each]
    page = tab.open("person?person=user-0&tab=messages")
    expect(page.get_by_text("News and offers · E-mail: agreed")).to_be_visible()
    expect(page.get_by_text("“Yes, send me offers.”")).to_be_visible()
    expect(page.locator("tbody tr[data-row-key]").first).to_be_visible()
    assert faults(page) == []
    tab.shot("person_messages_en")


def test_in_chinese_and_on_a_narrow_screen(browser: Browser, site: Site, sent: str) -> None:
    context = browser.new_context(
        storage_state=site.state, locale="zh-CN", viewport={"width": 820, "height": 900}
    )
    tab = tab_of(context, site)
    page = tab.open("outbox")
    page.evaluate("localStorage.setItem('bihuan.language', 'zh')")
    for path, heading in (
        ("outbox", "发件箱"),
        ("outbox?tab=messages", "发件箱"),
        ("outbox?tab=policy", "发件箱"),
        ("consent", "订阅与屏蔽"),
        ("consent?tab=suppressions", "订阅与屏蔽"),
        ("consent?tab=page", "订阅与屏蔽"),
    ):
        page = tab.open(path)
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        tab.shot(f"{re.sub('[^a-z]', '_', path)}_zh")
    context.close()
    assert not [*tab.complaints, *tab.refused]
