"""Warnings, sending out, versions, persons and predictions by clicking: what is done there is done."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.audiences.receiving import Receiver, receiving
from tests.ui.audience_site import BOUGHT_TWICE, ask, refreshed, twice
from tests.ui.clicking import choose, comes_to_show, people_in
from tests.ui.conftest import Site, Tab

__all__ = ["twice"]
SITE_SETTINGS = {"private_webhooks": "true"}
_SECONDS = 40


def wait_for(found: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        if value := found():
            return value
        time.sleep(0.2)
    raise TimeoutError


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def finished(site: Site, job: dict[str, Any]) -> None:
    def ended() -> bool:
        state = ask(site, "GET", f"jobs/{job['id']}")["state"]
        assert state != "failed"
        return bool(state == "succeeded")

    wait_for(ended)


@pytest.fixture(scope="module")
def level(site: Site) -> dict[str, Any]:
    """A tag kept by hand, and one by rules that follows it and has a past of two weeks."""
    site.wait_for_catalog("buy")
    manual = ask(site, "POST", "tags", {"name": "Level", "definition": {"kind": "manual"}})
    give(site, manual, "core", range(40))
    held = {"type": "text", "property": {"scope": "tag", "name": manual["id"]}, "operator": "is"}
    core = {"kind": "has", "filter": {**held, "values": ["core"]}}
    cases = [{"value": "core", "condition": core}]
    definition = {"kind": "rule", "cases": cases, "otherwise": "gone"}
    tag = ask(site, "POST", "tags", {"name": "Standing", "definition": definition, "refresh": "never"})
    refreshed(site, "tags", tag)
    since = (datetime.now(UTC) - timedelta(days=14)).date().isoformat()
    finished(site, ask(site, "POST", f"subjects/{tag['id']}/backfill", {"from_date": since, "unit": "day"}))
    return {"manual": manual, "tag": tag}


def give(site: Site, tag: dict[str, Any], value: str, numbers: range) -> None:
    body = {"distinct_ids": [f"user-{number}" for number in numbers], "value": value}
    ask(site, "POST", f"tags/{tag['id']}/values", body)


def test_a_rule_is_made_warns_is_changed_and_deleted(tab: Tab, site: Site, level: dict[str, Any]) -> None:
    page = tab.open("warnings")
    expect(page.get_by_text("There are no rules")).to_be_visible()
    page.get_by_role("link", name="New rule").first.click()
    page.get_by_label("Name of the rule").fill("Core people who go")
    choose(page, "Tag", "Standing")
    order = page.get_by_role("list", name="Values from best to worst").get_by_role("listitem")
    expect(order).to_have_text([re.compile("core"), re.compile("gone")])
    page.get_by_role("button", name="Move up: gone").press("Enter")
    expect(order).to_have_text([re.compile("gone"), re.compile("core")])
    page.get_by_role("button", name="Move down: gone").press("Enter")
    expect(order).to_have_text([re.compile("core"), re.compile("gone")])
    tab.shot("warning_rule")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("core → gone")).to_be_visible()
    page.get_by_role("button", name="Check now").click()
    expect(page.get_by_role("dialog").get_by_text("As usual: 0 dropped now")).to_be_visible()
    page.keyboard.press("Escape")
    (rule,) = ask(site, "GET", "warnings/rules")["items"]
    assert (rule["order"], rule["valuable"], rule["unit"]) == (["core", "gone"], None, "day")
    give(site, level["manual"], "none", range(20))
    ask(site, "POST", f"subjects/{level['tag']['id']}/refresh")
    (warning,) = wait_for(lambda: ask(site, "GET", "warnings")["items"])
    page = tab.open("warnings")
    page.get_by_role("button", name=f"Core people who go: {warning['dropped']} dropped").click()
    expect(people_in(page.get_by_role("dialog"))).to_have_count(20)
    page.keyboard.press("Escape")
    tab.shot("warnings")
    page.get_by_role("button", name=re.compile("Mark as looked after")).click()
    expect(page.get_by_text("No warning is open")).to_be_visible()
    page.get_by_text("All", exact=True).click()
    expect(page.get_by_text("Looked after by Chen Xiao")).to_be_visible()
    page.get_by_role("link", name="Core people who go").click()
    page.get_by_label("Name of the rule").fill("Core people who leave")
    page.get_by_text("Weekly", exact=True).click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("link", name="Core people who leave")).to_be_visible()
    changed = ask(site, "GET", f"warnings/rules/{rule['id']}")
    assert (changed["name"], changed["unit"], changed["order"]) == (
        "Core people who leave",
        "week",
        ["core", "gone"],
    )
    page.get_by_role("button", name=re.compile("Core people who leave")).click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("There are no rules")).to_be_visible()
    assert ask(site, "GET", "warnings")["items"] == []


def sync_named(site: Site, name: str) -> dict[str, Any]:
    return next(each for each in ask(site, "GET", "audience-syncs")["items"] if each["name"] == name)


def more(page: Page, name: str, verb: str) -> None:
    page.get_by_role("button", name=f"More: {name}").click()
    page.get_by_role("menuitem", name=verb, exact=True).click()


def secret_shown(page: Page) -> str:
    box = page.get_by_role("textbox", name="Secret for signatures")
    secret = box.input_value()
    assert secret.startswith("whsec_")
    page.get_by_role("dialog").get_by_role("button", name="Close").last.click()
    expect(box).to_have_count(0)
    return secret


def test_a_webhook_is_set_up_and_gets_everybody_signed(
    tab: Tab, site: Site, twice: dict[str, Any], receiver: Receiver
) -> None:
    page = tab.open("syncs")
    expect(page.get_by_text("Nothing is sent out")).to_be_visible()
    page.get_by_role("button", name="New sync").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Save")).to_be_disabled()
    dialog.get_by_label("Name", exact=True).fill("To the CRM")
    choose(page, "Audience or tag", "Bought twice")
    dialog.get_by_label("URL of the receiver").fill(receiver.url)
    tab.shot("sync_form")
    dialog.get_by_role("button", name="Save").click()
    secret = secret_shown(page)
    made = sync_named(site, "To the CRM")
    wait_for(lambda: receiver.got)
    receiver.verify(secret)
    assert len(receiver.messages()[-1]["data"]["entered"]) == twice["size"]
    page.get_by_role("button", name="To the CRM: deliveries").click()
    row = page.get_by_role("dialog").get_by_role("row", name=re.compile("Delivered"))
    expect(row).to_contain_text(f"Entered: {twice['size']}, left: 0", timeout=30_000)
    tab.shot("sync_deliveries")
    page.keyboard.press("Escape")
    more(page, "To the CRM", "New secret")
    page.get_by_role("dialog").get_by_role("button", name="New secret").click()
    assert secret_shown(page) != secret
    more(page, "To the CRM", "Edit")
    page.get_by_role("dialog").get_by_label("Name", exact=True).fill("To the warehouse")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_text("To the warehouse")).to_be_visible()
    more(page, "To the warehouse", "Stop")
    expect(page.get_by_role("row", name=re.compile("To the warehouse.*Stopped"))).to_be_visible()
    stopped = ask(site, "GET", f"audience-syncs/{made['id']}")
    assert (stopped["enabled"], stopped["url"]) == (False, receiver.url)
    more(page, "To the warehouse", "Delete")
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Nothing is sent out")).to_be_visible()


def test_files_are_written_and_downloaded(tab: Tab, site: Site, twice: dict[str, Any]) -> None:
    page = tab.open("syncs")
    page.get_by_role("button", name="New sync").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill("For the printer")
    choose(page, "Audience or tag", "Bought twice")
    dialog.get_by_text("CSV files", exact=True).click()
    dialog.get_by_text("every hour", exact=True).click()
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("For the printer")).to_be_visible()
    made = sync_named(site, "For the printer")
    assert (made["every"], made["url"], made["unmask"]) == ("hourly", None, False)
    more(page, "For the printer", "Send now")
    wait_for(lambda: ask(site, "GET", f"audience-syncs/{made['id']}/deliveries")["items"])
    page.get_by_role("button", name="For the printer: deliveries").click()
    with page.expect_download() as taken:
        page.get_by_role("button", name=re.compile(r"^Download .*\.csv")).first.click()
    lines = taken.value.path().read_text("utf-8-sig").splitlines()
    assert len(lines) == twice["size"] + 1


def test_versions_stand_side_by_side(tab: Tab, site: Site, twice: dict[str, Any]) -> None:
    made = ask(site, "POST", "audiences", {"name": "Buyers", "people": {"condition": BOUGHT_TWICE}})
    changed = {**BOUGHT_TWICE, "compare": {"operator": "gte", "value": 3}}
    inside = {
        "type": "presence",
        "property": {"scope": "audience", "name": twice["id"]},
        "operator": "exists",
    }
    condition = {"kind": "all", "items": [changed, {"kind": "has", "filter": inside}]}
    ask(site, "PATCH", f"audiences/{made['id']}", {"condition": condition})
    page = tab.open(f"audiences/{made['id']}?tab=definition")
    page.get_by_role("button", name="Compare with the current one").click()
    compared = page.locator(".compared")
    expect(compared.locator("td.after")).to_have_count(3)
    expect(compared.locator("td.before")).to_have_count(1)
    expect(compared.locator("td.before")).to_contain_text("2")
    expect(compared.get_by_role("cell", name=re.compile("is in “Bought twice”"))).to_be_visible()
    tab.shot("versions")
    page.get_by_role("combobox", name="The earlier version").click()
    page.locator(".ant-select-dropdown:visible").get_by_text("Version 2").click()
    expect(page.get_by_text("Both versions are defined alike")).to_be_visible()


def test_a_person_has_audiences_and_a_score_over_time(tab: Tab, site: Site, twice: dict[str, Any]) -> None:
    person = ask(site, "GET", f"audiences/{twice['id']}/people")["items"][0]["distinct_ids"][0]
    page = tab.open(f"person?person={person}")
    expect(page.get_by_role("link", name="Bought twice")).to_be_visible()
    page.get_by_role("button", name="When in “Bought twice”").click()
    expect(page.get_by_text(re.compile("– now$"))).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Activity").click()
    score = ask(site, "POST", "activity/suggested", {})
    found = ask(site, "POST", "activity/person", {"score": score, "person": person})
    comes_to_show(lambda: page.get_by_test_id("activity-score").inner_text(), str(found["score"]))
    expect(page.get_by_role("img", name="Activity").locator("canvas, svg").first).to_be_visible()
    tab.shot("person_activity")


def test_a_prediction_is_defined_anew(tab: Tab, site: Site) -> None:
    site.wait_for_catalog("buy")
    levels = {"kind": "risk", "high": 0.7, "medium": 0.4}
    definition = {"kind": "churn", "active": {"events": ["view"]}, "horizon_days": 5, "levels": levels}
    made = ask(site, "POST", "predictions", {"name": "Leaving", "definition": definition})
    page = tab.open(f"predictions/{made['id']}")
    page.get_by_role("button", name="Edit", exact=True).click()
    dialog = page.get_by_role("dialog")
    horizon = dialog.get_by_label("Days ahead")
    expect(horizon).to_have_value("5")
    horizon.fill("6")
    dialog.get_by_text("Only when asked").click()
    tab.shot("prediction_edit")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    changed = ask(site, "GET", f"predictions/{made['id']}")
    assert (changed["refresh"], changed["version"]) == ("never", 2)
    assert changed["definition"]["horizon_days"] == 6
    assert changed["definition"]["active"]["events"] == ["view"]
    assert changed["definition"]["levels"] == levels, "what the form does not show is kept"


def test_a_persona_comes_facet_by_facet(tab: Tab, site: Site, twice: dict[str, Any]) -> None:
    page = tab.open(f"audiences/{twice['id']}?tab=persona")
    expect(page.get_by_text("What sets them apart most")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Comparing")).to_have_count(0)
