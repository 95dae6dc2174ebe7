"""Templates and channels by clicking: from a design to a mail in a real mail server."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.delivery.servers.smtp import Mailboxes, mail_server
from tests.ui.audience_site import ask
from tests.ui.axe import walk
from tests.ui.clicking import choose, comes_to_show
from tests.ui.conftest import Site, Tab


@pytest.fixture(scope="module")
def box() -> Iterator[Mailboxes]:
    """A mail server that keeps what it is given."""
    # In a thread of its own: Playwright has a loop in this one.
    with ThreadPoolExecutor(1) as elsewhere:
        server = mail_server()
        yield elsewhere.submit(server.__enter__).result()
        elsewhere.submit(server.__exit__, None, None, None).result()


@pytest.fixture(scope="module")
def mail(site: Site, box: Mailboxes) -> dict[str, Any]:
    """A channel to it."""
    servers = [{"host": "127.0.0.1", "port": box.port, "security": "none"}]
    settings = {"servers": servers, "sender": "Shop <shop@example.com>"}
    made: dict[str, Any] = ask(
        site, "POST", "message-channels", {"name": "Newsroom", "kind": "smtp", "settings": settings}
    )
    return made


def came(box: Mailboxes, count: int) -> Any:
    """The last mail, once there are so many."""
    until = time.monotonic() + 15
    while len(box.taken) < count:
        assert time.monotonic() < until, f"{len(box.taken)} of {count} mails came"
        time.sleep(0.05)
    return box.mails()[-1]


def send_to(page: Page, address: str) -> None:
    field = page.get_by_role("combobox", name="To", exact=True)
    field.fill(address)
    field.press("Enter")
    page.get_by_role("button", name="Send", exact=True).click()


def test_nothing_is_there_yet_and_the_pages_say_what_to_do(tab: Tab) -> None:
    page = tab.open("templates")
    expect(page.get_by_text("There is no template yet")).to_be_visible()
    page.get_by_role("tab", name="Snippets").click()
    expect(page.get_by_text("There is no snippet yet")).to_be_visible()
    page.get_by_role("tab", name="Seed list").click()
    expect(page.get_by_text("The seed list is empty")).to_be_visible()
    page = tab.open("channels")
    expect(page.get_by_text("There is no channel yet")).to_be_visible()


def test_a_mail_server_is_added_by_its_form_and_tried(tab: Tab, site: Site, box: Mailboxes) -> None:
    page = tab.open("channels")
    page.get_by_role("button", name="Add a channel").first.click()
    page.get_by_role("button", name=re.compile("^Mail \\(SMTP\\)")).click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("button", name="Save").click()
    expect(drawer.get_by_text("Needed").first).to_be_visible()
    drawer.get_by_label("Name", exact=True).fill("Shop mail")
    drawer.get_by_label("Host").fill("127.0.0.1")
    choose(page, "Encryption", "None")
    drawer.get_by_label("Port").fill(str(box.port))
    drawer.get_by_label("Sender").fill("nobody")
    drawer.get_by_label("Messages a second").fill("50")
    drawer.get_by_label(re.compile("Price of a message")).fill("0.01")
    with page.expect_response(lambda answer: answer.status == 422):
        drawer.get_by_role("button", name="Save").click()
    expect(drawer.get_by_role("alert").filter(has_text="sender")).to_be_visible()
    tab.refused.clear()
    tab.complaints.clear()
    drawer.get_by_label("Sender").fill("Shop <shop@example.com>")
    drawer.get_by_role("button", name="Save").click()
    trying = page.get_by_role("dialog", name="Try it: Shop mail")
    before = len(box.taken)
    send_to(page, "me@example.com")
    expect(trying.get_by_role("table").get_by_text("Sent", exact=True)).to_be_visible()
    assert came(box, before + 1)["subject"] == "A test from Bihuan"
    page.keyboard.press("Escape")
    row = page.get_by_role("row").filter(has_text="Shop mail")
    expect(row).to_contain_text("50 a second")
    expect(row).to_contain_text("0.01 CNY")
    tab.shot("channels")
    row.get_by_role("button", name="More about Shop mail").click()
    page.locator(".ant-dropdown:visible").get_by_text("Switch off", exact=True).click()
    expect(row.get_by_text("Off", exact=True)).to_be_visible()
    (kept,) = ask(site, "GET", "message-channels")["items"]
    assert (kept["enabled"], kept["cost_per_message"], kept["per_second"]) == (False, 0.01, 50)
    row.get_by_role("button", name="More about Shop mail").click()
    page.locator(".ant-dropdown:visible").get_by_text("Reports and returned mail").click()
    expect(page.get_by_role("dialog").get_by_text(re.compile(r"https?://\S+/")).first).to_be_visible()


def test_a_design_becomes_a_template_with_its_error_mended_and_its_test_arrives(
    tab: Tab, site: Site, box: Mailboxes, mail: dict[str, Any]
) -> None:
    page = tab.open("templates/new")
    expect(page.get_by_role("button", name=re.compile("^Coupon"))).to_be_visible()
    tab.shot("designs")
    page.get_by_role("button", name=re.compile("^Welcome")).click()
    frame = page.frame_locator("iframe[title='Preview of the mail']")
    _mend_an_error(page, frame, tab)
    page.get_by_label("Name of the template").fill("Welcome letter")
    page.get_by_text("A real person", exact=True).click()
    person = page.get_by_role("combobox", name=re.compile("^Search people"))
    person.fill("user-7")
    found = page.locator(".ant-select-dropdown:visible .ant-select-item-option")
    # The list of everybody, which has this person too, is about to be replaced.
    expect(found).to_have_count(1)
    found.get_by_text(re.compile("user-7")).click()
    expect(frame.get_by_text("Hello Person 7,")).to_be_visible()
    expect(page.get_by_test_id("subject")).to_have_text("Welcome, Person 7")
    page.get_by_text("Plain text", exact=True).click()
    expect(page.get_by_role("region", name="Plain text")).to_contain_text("Person 7")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(re.compile(r"/templates/\w{26}$"))
    expect(page.get_by_role("heading", name="Welcome letter")).to_be_visible()
    expect(page.get_by_text("Not saved")).to_be_hidden()
    tab.shot("template")
    _save_a_version_and_bring_the_first_back(page)
    page.get_by_role("button", name="Send a test").click()
    choose(page, "Channel", "Newsroom")
    before = len(box.taken)
    send_to(page, "me@example.com")
    expect(page.get_by_role("dialog").get_by_role("table").get_by_text("Sent", exact=True)).to_be_visible()
    arrived = came(box, before + 1)
    assert (arrived["to"], arrived["subject"]) == ("me@example.com", "Welcome, Ann")
    assert "We are glad" in arrived.get_body(("html",)).get_content()
    tab.shot("test_sent")
    page.keyboard.press("Escape")
    page = tab.open("templates")
    row = page.get_by_role("row").filter(has_text="Welcome letter")
    expect(row).to_contain_text("by Chen Xiao")
    expect(row).to_contain_text("zh-CN")


def _mend_an_error(page: Page, frame: FrameLocator, tab: Tab) -> None:
    expect(frame.get_by_text("Hello Ann,")).to_be_visible()
    expect(page.get_by_text("No problem found")).to_be_visible()
    source = page.get_by_label("Body of the mail (MJML)")
    mjml = source.input_value()
    line = next(at for at, text in enumerate(mjml.split("\n"), 1) if "Hello {{ person.name" in text)
    source.fill(mjml.replace("Hello {{ person.name | default: 'friend' }}", "Hello {{ person.name | }}"))
    problem = page.get_by_role("button", name=re.compile(f"^Line {line}:"))
    expect(problem).to_be_visible()
    expect(page.get_by_text("The preview comes once the errors are mended")).to_be_visible()
    problem.click()
    selected = "field => field.value.slice(field.selectionStart, field.selectionEnd)"
    comes_to_show(lambda: "Hello {{ person.name | }}" in source.evaluate(selected), expected=True)
    tab.shot("template_error")
    source.fill(mjml.replace("Good to meet you", "We are glad"))
    expect(page.get_by_text("No problem found")).to_be_visible()
    expect(frame.get_by_text("We are glad")).to_be_visible()


def _save_a_version_and_bring_the_first_back(page: Page) -> None:
    page.get_by_label("Subject", exact=True).fill("Another subject")
    page.get_by_role("button", name="Save as a new version").click()
    page.locator(".ant-dropdown:visible").get_by_text("Save as a new version").click()
    expect(page.get_by_text("Saved as version 2")).to_be_visible()
    page.get_by_role("button", name="Versions").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text("Version 2", exact=True)).to_be_visible()
    drawer.get_by_role("button", name="Restore this version").click()
    expect(page.get_by_label("Subject", exact=True)).to_have_value(re.compile("^Welcome, "))


def test_texts_are_counted_inserted_translated_and_varied(tab: Tab, site: Site) -> None:
    foot = {"name": "stop", "description": "How to stop", "texts": {"": "Reply STOP to opt out"}}
    ask(site, "POST", "message-snippets", foot)
    page = tab.open("templates/new")
    page.get_by_text("SMS", exact=True).first.click()
    page.get_by_role("button", name=re.compile("^Blank: SMS")).click()
    page.get_by_label("Name of the template").fill("Short")
    text = page.get_by_label("Text of the SMS")
    text.fill("Hi ")
    for search, entry in (("name", "person.name | default"), ("stop", 'render "stop"')):
        page.get_by_role("button", name="Insert").click()
        page.get_by_role("searchbox", name="Search properties, snippets, tables").fill(search)
        page.get_by_role("button", name=re.compile(re.escape(entry))).first.click()
    expect(text).to_have_value("Hi {{ person.name | default: '' }}{% render \"stop\" %}")
    expect(page.get_by_test_id("sms")).to_have_text("Hi AnnReply STOP to opt out")
    expect(page.get_by_test_id("sms-length")).to_have_text("Letters: 27 · paid messages: 1")
    page.get_by_label("Signature").fill("好店")
    expect(page.get_by_test_id("sms-length")).to_have_text("Letters: 31 · paid messages: 1")
    page.get_by_role("button", name="Add a language").click()
    page.get_by_role("combobox", name=re.compile("^Code of the language")).fill("ja")
    page.get_by_role("button", name="Add", exact=True).click()
    text.fill("こんにちは")
    expect(page.get_by_test_id("sms")).to_have_text("【好店】こんにちは")
    page.get_by_role("button", name="Add a variant").click()
    text.fill("b")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(re.compile(r"/templates/\w{26}$"))
    made = ask(site, "GET", f"message-templates/{page.url.rsplit('/', 1)[1]}")
    said = {
        (variant, language): content["text"]
        for variant, contents in made["body"]["variants"].items()
        for language, content in contents.items()
    }
    assert said[("a", "ja")] == "こんにちは"
    assert said[("b", "ja")] == "b"
    assert said[("b", "en")].startswith("Hi ")
    tab.shot("template_sms")


def test_an_image_goes_into_a_mail_by_url(tab: Tab) -> None:
    page = tab.open("templates/new")
    page.get_by_role("button", name=re.compile("^Blank: Mail")).click()
    page.get_by_label("Body of the mail (MJML)").click()
    page.get_by_role("button", name="Blocks").click()
    page.locator(".ant-dropdown:visible").get_by_text("Image", exact=True).click()
    dialog = page.get_by_role("dialog", name="Insert an image by URL")
    dialog.get_by_label("URL of the image").fill("cat.png")
    dialog.get_by_role("button", name="Insert").click()
    expect(dialog.get_by_text("An address that begins with https://")).to_be_visible()
    # Of this machine and refused at once: nothing is fetched from elsewhere.
    dialog.get_by_label("URL of the image").fill("https://127.0.0.1:9/cat.png")
    dialog.get_by_label("Alternative text").fill("A cat")
    dialog.get_by_role("button", name="Insert").click()
    frame = page.frame_locator("iframe[title='Preview of the mail']")
    expect(frame.get_by_alt_text("A cat")).to_have_attribute("src", "https://127.0.0.1:9/cat.png")
    tab.complaints[:] = [each for each in tab.complaints if "ERR_" not in each]


def pages_of(site: Site) -> list[str]:
    made = ask(site, "GET", "message-templates")["items"]
    return [
        "templates", "templates/new", "templates?tab=snippets", "templates?tab=lookups",
        "templates?tab=seeds", *[f"templates/{each['id']}" for each in made], "channels",
    ]  # fmt: skip


def test_no_page_of_templates_keeps_anyone_out(tab: Tab, site: Site) -> None:
    """Axe finds nothing serious, light or dark, in Chinese; nothing is wider than a narrow window."""
    walk(tab, pages_of(site), frames=False, narrow=True)
