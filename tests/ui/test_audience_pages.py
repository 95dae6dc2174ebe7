"""Audiences and tags built by clicking: what the pages show is what the API says."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from playwright.sync_api import Page, expect

from tests.ui.audience_site import BOUGHT_TWICE, ask, refreshed, twice
from tests.ui.axe import walk
from tests.ui.clicking import choose, comes_to_show, people_in
from tests.ui.conftest import Site, Tab

__all__ = ["twice"]


def add_condition(page: Page, kind: str) -> None:
    page.get_by_role("button", name="Add a condition").last.click()
    page.locator(".ant-dropdown:visible").get_by_text(kind, exact=True).click()


def number_in(page: Page, test_id: str) -> str:
    shown = page.get_by_test_id(test_id)
    return shown.inner_text() if shown.count() else ""


def test_an_audience_is_built_by_clicking_and_has_the_people_that_the_api_counts(
    tab: Tab, site: Site, twice: dict[str, Any]
) -> None:
    page = tab.open("audiences")
    page.get_by_role("button", name=re.compile("New audience")).first.click()
    page.get_by_text("By conditions", exact=True).click()
    page.get_by_label("Name of the audience").fill("Buyers of Paris")
    add_condition(page, "Did something")
    choose(page, "Event", "buy")
    add_condition(page, "Person property")
    card = page.get_by_role("region", name="Person property")
    expect(card.get_by_text("Not filled in yet")).to_be_visible()
    choose(page, "Property", "city")
    value = card.get_by_role("combobox", name="Value")
    value.fill("Paris")
    value.press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_text("did “buy” in the last 30 days and city is “Paris”")).to_be_visible()
    bought = {**BOUGHT_TWICE, "compare": {"operator": "gte", "value": 1}}
    lives = {
        "type": "text",
        "property": {"scope": "person", "name": "city"},
        "operator": "is",
        "values": ["Paris"],
    }
    condition = {"kind": "all", "items": [bought, {"kind": "has", "filter": lives}]}
    expected = ask(site, "POST", "audiences/estimate", {"condition": condition})["people"]
    assert expected > 0
    comes_to_show(lambda: number_in(page, "estimate"), str(expected))
    tab.shot("audience_editor")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Buyers of Paris")).to_be_visible()
    comes_to_show(lambda: number_in(page, "size"), str(expected))
    page.get_by_role("tab", name="People").click()
    expect(people_in(page.locator("#content"))).to_have_count(expected)
    page.get_by_role("tab", name="Overview").click()
    page.get_by_role("button", name=f"Entered: {expected}").click()
    expect(people_in(page.get_by_role("dialog"))).to_have_count(expected)


def test_whose_birthday_is_near_is_found_by_clicking(tab: Tab, site: Site) -> None:
    today = datetime.now(UTC)
    born = {f"born-{days}": f"{today - timedelta(days=36_525 + days):%Y-%m-%d}" for days in (0, 1, 40, 200)}
    batch = [{"type": "identify", "userId": who, "traits": {"birthday": day}} for who, day in born.items()]
    key = (site.process.write_key(), "")
    httpx.post(f"{site.url}/v1/batch", json={"batch": batch}, auth=key, timeout=60).raise_for_status()

    def known() -> bool:
        people = ask(site, "GET", "people?limit=50")["items"]
        return any("birthday" in each["properties"] for each in people)

    comes_to_show(known, True)
    page = tab.open("audiences/new")
    add_condition(page, "Birthday or anniversary")
    choose(page, "Date", "birthday")
    expect(page.get_by_text("has the anniversary of birthday today")).to_be_visible()
    choose(page, "When the yearly day is", "is within days")
    page.get_by_label("From, in days after today").fill("-10")
    expect(page.get_by_text("has the anniversary of birthday from -10 to 7 days after today")).to_be_visible()
    near = {
        "kind": "anniversary",
        "property": {"scope": "person", "name": "birthday"},
        "from_days": -10,
        "to_days": 7,
    }
    expected = ask(site, "POST", "audiences/estimate", {"condition": near})["people"]
    # A hundred years have 36 525 days or one less.
    assert expected == 2
    comes_to_show(lambda: number_in(page, "estimate"), "2")
    tab.shot("anniversary")


def test_faults_are_shown_where_they_are(tab: Tab, site: Site, twice: dict[str, Any]) -> None:
    page = tab.open("audiences/new")
    add_condition(page, "Random share")
    add_condition(page, "Did something")
    card = page.get_by_role("region", name="Did something")
    choose(page, "Figure", "Active days")
    choose(page, "Event", "buy")
    card.get_by_role("spinbutton", name="Value").fill("90")
    expect(card.get_by_role("alert")).to_contain_text("Nobody can meet this")
    share = page.get_by_role("region", name="Random share")
    expect(share.get_by_role("alert")).to_have_count(0)
    # The refusal is what this is about.
    assert all(each.startswith("422") for each in tab.refused)
    tab.refused.clear()
    tab.complaints.clear()


def test_audiences_are_combined_and_used_ones_are_kept(tab: Tab, site: Site, twice: dict[str, Any]) -> None:
    paris = ask(
        site, "POST", "audiences", {"name": "Listed", "people": {"distinct_ids": ["user-1", "user-2"]}}
    )
    page = tab.open("audiences")
    for name in ("Bought twice", "Listed"):
        page.get_by_role("checkbox", name=f"Tick {name}").check()
    page.get_by_role("button", name="Combine (2)").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Difference", exact=True).click()
    dialog.get_by_label("Name of the audience").fill("Twice but not listed")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Twice but not listed")).to_be_visible()
    made = next(each for each in ask(site, "GET", "audiences")["items"] if each["name"].startswith("Twice"))
    size = refreshed(site, "audiences", made)["size"]
    comes_to_show(lambda: number_in(page, "size"), str(size))
    page.get_by_role("tab", name="References").click()
    expect(page.get_by_role("link", name="Bought twice")).to_be_visible()
    tab.open(f"audiences/{paris['id']}")
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Listed is used by Twice but not listed")).to_be_visible()
    assert all(each.startswith("409") for each in tab.refused)
    tab.refused.clear()
    tab.complaints.clear()


def test_a_tag_by_rules_is_built_by_clicking(tab: Tab, site: Site, twice: dict[str, Any]) -> None:
    page = tab.open("tags/new")
    page.get_by_role("button", name=re.compile("^Rules")).click()
    page.get_by_label("Name of the tag").fill("How often they buy")
    page.get_by_label("Category").fill("value/spending")
    page.get_by_role("textbox", name="Value 1").fill("often")
    add_condition(page, "In an audience")
    choose(page, "Audience", "Bought twice")
    expect(page.get_by_text(f"About {twice['size']} people meet this")).to_be_visible()
    page.get_by_label("Everyone else").fill("seldom")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="How often they buy")).to_be_visible()
    expect(page.get_by_role("button", name=f"often: {twice['size']}")).to_be_visible(timeout=30_000)
    tag = next(each for each in ask(site, "GET", "tags")["items"] if each["name"] == "How often they buy")
    sizes = {each["value"]: each["people"] for each in tag["values"]}
    assert sizes["often"] == twice["size"]
    page.get_by_role("button", name=f"seldom: {sizes['seldom']}").click()
    expect(people_in(page.get_by_role("dialog"))).to_have_count(sizes["seldom"])
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Definition").click()
    expect(page.get_by_text("is in “Bought twice”").first).to_be_visible()
    person = ask(site, "GET", f"audiences/{twice['id']}/people")["items"][0]["distinct_ids"][0]
    tab.open(f"person?person={person}")
    expect(page.get_by_role("button", name=re.compile("How often they buy: often"))).to_be_visible()


def test_values_by_hand_are_imported_and_bad_lines_are_told(
    tab: Tab, site: Site, twice: dict[str, Any]
) -> None:
    tag = ask(site, "POST", "tags", {"name": "Membership", "definition": {"kind": "manual"}})
    page = tab.open(f"tags/{tag['id']}?tab=values")
    text = "id,value\nuser-1,gold\nuser-2,\nnobody-9,silver\n,gold\n"
    page.locator("input[type=file]").set_input_files(
        {"name": "values.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    expect(page.get_by_role("alert")).to_contain_text("Lines read: 4")
    expect(page.get_by_text("nobody-9")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Reason")).to_be_visible()
    page.get_by_role("tab", name="Overview").click()
    expect(page.get_by_role("button", name="gold: 1")).to_be_visible()


def test_audiences_split_an_analysis(tab: Tab, site: Site, twice: dict[str, Any]) -> None:
    page = tab.open("insights/new")
    page.get_by_role("button", name="Break down by a property").click()
    box = page.get_by_role("combobox", name="Breakdown").last
    box.fill("Bought twice")
    page.locator(".ant-select-dropdown:visible .ant-select-item-option").first.click()
    expect(page.get_by_role("cell", name=re.compile("Not in the audience")).first).to_be_visible()
    expect(page.get_by_role("cell", name=re.compile("In the audience")).first).to_be_visible()


def test_buyers_are_in_eight_groups(tab: Tab, site: Site, twice: dict[str, Any]) -> None:
    page = tab.open("rfm")
    query = {
        "kind": "rfm",
        "event": {"events": ["buy"]},
        "revenue": {"scope": "event", "name": "$revenue"},
        "window": {"kind": "last", "count": 365, "unit": "day", "include_current": True},
    }
    buyers = ask(site, "POST", "rfm", query)
    comes_to_show(lambda: number_in(page, "buyers"), str(buyers["people"]))
    group = max(buyers["groups"], key=lambda each: each["people"])
    names = {
        "important_value": "Champions",
        "important_keep": "Cannot lose them",
        "general_win_back": "Hibernating",
        "general_develop": "New or occasional",
    }
    if group["group"] in names:
        page.get_by_role("button", name=f"{names[group['group']]}: {group['people']}", exact=True).click()
        expect(people_in(page.get_by_role("dialog"))).to_have_count(group["people"])


def pages_of(twice: dict[str, Any]) -> list[str]:
    one = f"audiences/{twice['id']}"
    return [
        "audiences", "audiences/new", one, f"{one}/edit", f"{one}?tab=persona", f"{one}?tab=definition",
        "audiences/compare", "tags", "tags/new", "tags?view=graph", "lifecycle", "rfm", "activity",
        "predictions", "warnings", "warnings?tab=rules", "warnings/rules/new", "syncs",
        "person?person=user-1&tab=activity",
    ]  # fmt: skip


def test_no_page_of_audiences_keeps_anyone_out(tab: Tab, twice: dict[str, Any]) -> None:
    """Axe finds nothing serious on any page, light or dark, in Chinese."""
    walk(tab, pages_of(twice))
