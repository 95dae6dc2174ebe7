"""What is written and not saved: two people save the same, somebody leaves; nothing is lost unasked."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.ui.audience_site import ask
from tests.ui.clicking import comes_to_show, holds
from tests.ui.conftest import Site, Tab

WORDS = "Why it should work"
MAIL = {"medium": "email", "subject": "Hello", "text": "Hello"}


def journey(label: str) -> dict[str, Any]:
    rest = {"kind": "wait", "label": label, "span": {"count": 1}}
    return {"unfinished": {"entry": {"kind": "api"}, "start": "rest", "nodes": {"rest": rest}}}


def template(subject: str) -> dict[str, Any]:
    content = {**MAIL, "subject": subject}
    return {"body": {"default_language": "en", "variants": {"default": {"en": content}}}}


def campaign(words: str) -> dict[str, Any]:
    return {"plan": {"hypothesis": {"words": words}}}


def write_label(page: Page, text: str) -> None:
    page.locator(".react-flow__node").nth(1).click()
    page.get_by_role("textbox", name="Name of the node").fill(text)


def write_subject(page: Page, text: str) -> None:
    page.get_by_label("Subject", exact=True).fill(text)


def write_words(page: Page, text: str) -> None:
    page.get_by_label(WORDS, exact=True).fill(text)


Kind = tuple[str, str, Callable[[str], dict[str, Any]], Callable[[Page, str], None], str]
KINDS: list[Kind] = [
    ("journeys", "journeys", journey, write_label, "Save"),
    ("message-templates", "templates", template, write_subject, "Save"),
    ("campaigns", "campaigns", campaign, write_words, "Save the plan"),
]


@pytest.mark.parametrize("kind", KINDS, ids=[kind[0] for kind in KINDS])
def test_of_two_who_save_the_second_is_asked_whose_is_kept(tab: Tab, site: Site, kind: Kind) -> None:
    path, pages, draft, write, save = kind
    made = ask(site, "POST", path, {"name": "Shared", **draft("first")})
    where = f"{path}/{made['id']}"
    page = tab.open(f"{pages}/{made['id']}")
    write(page, "mine")
    ask(site, "PATCH", where, draft("theirs"))
    button = page.get_by_role("button", name=save, exact=True)
    button.click()
    asked = page.get_by_role("dialog").filter(has_text=re.compile(r"saved “Shared” at 20\d\d-"))
    asked.get_by_role("button", name="Keep editing").click()
    expect(asked).to_have_count(0)
    assert "theirs" in str(ask(site, "GET", where))
    # What was written is still there, and goes over theirs when that is meant.
    button.click()
    asked.get_by_role("button", name="Save mine over it").click()
    expect(asked).to_have_count(0)
    comes_to_show(lambda: "'mine'" in str(ask(site, "GET", where)), True)
    tab.still()
    write(page, "mine again")
    ask(site, "PATCH", where, draft("theirs again"))
    button.click()
    expect(asked).to_be_visible()
    tab.shot(f"meanwhile_{pages}")
    asked.get_by_role("button", name="Take theirs").click()
    expect(asked).to_have_count(0)
    if path == "journeys":
        expect(page.locator(".react-flow__node").nth(1)).to_contain_text("theirs again")
        # What was drawn here is one step back.
        page.get_by_role("button", name="Undo").click()
        expect(page.locator(".react-flow__node").nth(1)).to_contain_text("mine again")
    else:
        label = "Subject" if path == "message-templates" else WORDS
        expect(page.get_by_label(label, exact=True)).to_have_value("theirs again")
    assert {each.split()[0] for each in tab.refused} == {"409"}
    tab.refused.clear()
    tab.complaints.clear()


@pytest.mark.parametrize("kind", KINDS, ids=[kind[0] for kind in KINDS])
def test_who_leaves_with_unsaved_changes_is_asked(tab: Tab, site: Site, kind: Kind) -> None:
    path, pages, draft, write, _ = kind
    made = ask(site, "POST", path, {"name": "Left", **draft("first")})
    page = tab.open(f"{pages}/{made['id']}")
    stays = "!window.dispatchEvent(new Event('beforeunload', {cancelable: true}))"
    assert page.evaluate(stays) is False, "nothing was written"
    write(page, "unsaved")
    holds(page, stays)
    away = page.get_by_role("menuitem", name="Dashboards")
    away.click()
    asked = page.get_by_role("dialog").filter(has_text="Leave without saving your changes?")
    asked.get_by_role("button", name="Stay").click()
    expect(asked).to_have_count(0)
    assert made["id"] in page.url
    away.click()
    asked.get_by_role("button", name="Discard and leave").click()
    expect(page.get_by_role("heading", name="Dashboards", exact=True)).to_be_visible()
    assert "unsaved" not in str(ask(site, "GET", f"{path}/{made['id']}"))


def test_a_text_that_is_no_journey_yet_is_kept_while_other_tabs_are_looked_at(tab: Tab, site: Site) -> None:
    made = ask(site, "POST", "journeys", {"name": "As text", **journey("first")})
    page = tab.open(f"journeys/{made['id']}?tab=yaml")
    area = page.get_by_role("textbox", name="YAML")
    expect(area).to_have_value(re.compile("first"))
    area.fill("entry: [")
    expect(page.get_by_text("Changes are not saved")).to_be_visible()
    page.get_by_role("tab", name="Versions").click()
    page.get_by_role("tab", name="YAML").click()
    expect(area).to_have_value("entry: [")


def test_a_journey_is_seen_whole_or_from_its_entry(tab: Tab, site: Site) -> None:
    for count, whole in ((2, True), (14, False)):
        nodes = {
            f"n{number}": {"kind": "wait", "span": {"count": 1}, "next": f"n{number + 1}"}
            for number in range(count)
        }
        nodes[f"n{count - 1}"].pop("next")
        definition = {"entry": {"kind": "api"}, "start": "n0", "nodes": nodes}
        made = ask(site, "POST", "journeys", {"name": f"Of {count}", "definition": definition})
        page = tab.open(f"journeys/{made['id']}")
        cards = page.locator(".react-flow__node")
        expect(cards).to_have_count(count + 1)
        holds(page, IN_FRAME, count + 1 if whole else 2)
        scale = page.locator(".react-flow__viewport").evaluate(
            "each => new DOMMatrix(getComputedStyle(each).transform).a"
        )
        assert scale >= 0.7


# At least so many cards, the entry among them, are wholly inside the frame.
IN_FRAME = """wanted => {
    const frame = document.querySelector(".journey-canvas").getBoundingClientRect();
    const seen = [...document.querySelectorAll(".react-flow__node")].map(each => {
        const box = each.getBoundingClientRect();
        return box.left >= frame.left && box.right <= frame.right && box.top >= frame.top
            && box.bottom <= frame.bottom;
    });
    return seen[0] && seen.filter(Boolean).length >= wanted;
}"""


def test_archived_templates_are_offered_nowhere_and_known_where_they_were_chosen(
    tab: Tab, site: Site
) -> None:
    old = ask(site, "POST", "message-templates", {"name": "Old mail", **template("Old")})
    ask(site, "POST", "message-templates", {"name": "New mail", **template("New")})
    send = {"kind": "send", "template": old["id"], "channels": []}
    definition = {"entry": {"kind": "api"}, "start": "mail", "nodes": {"mail": send}}
    made = ask(site, "POST", "journeys", {"name": "Mails", "unfinished": definition})
    message = {"channel_ids": [], "template_id": old["id"]}
    planned = ask(site, "POST", "campaigns", {"name": "Mails", "plan": {"messages": [message]}})
    ask(site, "PATCH", f"message-templates/{old['id']}", {"archived": True})
    page = tab.open(f"journeys/{made['id']}")
    page.locator(".react-flow__node").nth(1).click()
    panel = page.get_by_role("region", name="Settings: Send a message")
    expect(panel.get_by_text("Old mail (archived)")).to_be_visible()
    offered(page, "Template")
    tab.open(f"campaigns/{planned['id']}")
    expect(page.get_by_text("Old mail (archived)").first).to_be_visible()


def offered(page: Page, label: str) -> None:
    """The list has the new one and not the old one, unless it was chosen."""
    page.get_by_role("combobox", name=label, exact=True).click()
    options = page.locator(".ant-select-dropdown:visible .ant-select-item-option")
    expect(options.filter(has_text="New mail")).to_have_count(1)
    expect(options.filter(has_text=re.compile("^Old mail$"))).to_have_count(0)
    page.keyboard.press("Escape")
