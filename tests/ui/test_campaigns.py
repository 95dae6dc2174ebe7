"""Campaigns by clicking, from idea to verdict: mails by a real server, files as they are downloaded."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.ui.axe import walk
from tests.ui.campaign_site import ORDER, PEOPLE, PROJECT, Shop, joined, shop, wall
from tests.ui.clicking import choose, people_in, whole
from tests.ui.conftest import SHOTS, Site, Tab
from tests.waiting import wait_until

__all__ = ["shop"]


def test_a_campaign_from_idea_to_verdict(
    tab: Tab, site: Site, shop: Shop, browser: Browser, tmp_path: Path
) -> None:
    page = tab.open("campaigns")
    expect(page.get_by_text("No campaigns yet")).to_be_visible()
    campaign_id = begin(page)
    mend(tab, shop, campaign_id)
    check_preflight(page, shop, campaign_id)
    rehearse(page, shop, campaign_id)
    approve(tab, site, shop, browser, campaign_id)
    arms = launch(tab, shop, campaign_id)
    conversions = people_buy(shop, campaign_id, arms)
    read_report(page, shop, campaign_id, conversions)
    finish(page)
    export(page, tmp_path)
    begin_the_next(page, shop)


def begin(page: Page) -> str:
    """An idea from a template of the field."""
    page.get_by_role("link", name=re.compile("New campaign")).first.click()
    page.get_by_role("button", name=re.compile("First purchase")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name of the campaign").fill("First order")
    dialog.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("heading", name="First order")).to_be_visible()
    return page.url.split("/campaigns/")[1].split("?")[0]


def mend(tab: Tab, shop: Shop, campaign_id: str) -> None:
    """What keeps it from starting is named, and mended where it is."""
    page = tab.page
    page.get_by_role("tab", name="Preflight").click()
    expect(page.get_by_test_id("preflight")).to_contain_text("things are missing")
    findings = page.get_by_role("list", name="Findings")
    expect(findings).to_contain_text("there is no audience")
    page.get_by_role("link", name="Mend it: audience_missing").click()
    expect(page).to_have_url(re.compile("at=people"))
    choose(page, "Audiences", "Everybody")
    slider = page.get_by_role("slider", name="Share held out")
    slider.focus()
    for _ in range(30):
        slider.press("ArrowRight")
    expect(page.get_by_text("Holdout: 40%")).to_be_visible()
    for number in (3, 2):
        page.get_by_role("button", name=f"Delete message {number}").click()
    card = page.get_by_role("group", name="Message 1")
    pick(page, card.get_by_label("Channels"), "Mail · E-mail")
    pick(page, card.get_by_label("Message template"), "Hello mail · E-mail")
    pick(page, card.get_by_label("Purpose"), "News")
    page.get_by_label("People reached").fill("120")
    page.get_by_label("Value of a conversion", exact=True).fill("25")
    page.get_by_label("Effect", exact=True).fill("40")
    page.get_by_label("Days that count").fill("1")
    now = datetime.now(UTC)
    for name, moment in (("Start", now), ("End", now + timedelta(days=3))):
        page.get_by_label(name, exact=True).fill(wall(moment))
        page.get_by_label(name, exact=True).press("Enter")
    page.get_by_role("button", name="Save the plan").click()
    expect(page.get_by_role("button", name="Save the plan")).to_be_hidden()
    tab.shot("campaign_plan")
    plan = shop.ask("GET", f"campaigns/{campaign_id}")["plan"]
    assert plan["target"]["audience_ids"] == [shop.everybody]
    assert plan["holdout"]["share"] == pytest.approx(0.4)
    assert [each["template_id"] for each in plan["messages"]] == [shop.template]
    assert plan["hypothesis"]["effect"] == pytest.approx(0.4)
    assert datetime.fromisoformat(plan["starts_at"]).astimezone(UTC) == now.replace(second=0, microsecond=0)


def pick(page: Page, box: Any, option: str) -> None:
    """Choose an option of a list."""
    box.click()
    offered = page.locator(".ant-select-dropdown:visible .ant-select-item-option")
    offered.filter(has_text=option).first.click()
    page.keyboard.press("Escape")


def check_preflight(page: Page, shop: Shop, campaign_id: str) -> None:
    """The pages show what the API finds."""
    page.get_by_role("tab", name="Preflight").click()
    found = shop.ask("GET", f"campaigns/{campaign_id}/preflight")
    assert found["can_start"], found["findings"]
    expect(page.get_by_test_id("preflight")).to_contain_text(f"It can start: {PEOPLE} people")
    steps = page.get_by_role("list", name="From the audience to who is reached")
    expect(steps.get_by_role("listitem").first).to_contain_text(str(PEOPLE))
    expect(steps.get_by_text(f"−{found['people']['arms']['holdout']}")).to_be_visible()
    expect(steps.get_by_role("listitem").last).to_contain_text(str(found["people"]["arms"]["a"]))
    least = found["power"]["smallest_effect"]
    expect(page.get_by_test_id("smallest")).to_have_text(f"{100 * least:.2f} points")
    expect(page.get_by_text("shopper-").first).to_be_visible()


def rehearse(page: Page, shop: Shop, campaign_id: str) -> None:
    """Outcomes before anything is spent."""
    page.get_by_role("tab", name="Rehearsal").click()
    expect(page.get_by_test_id("runs")).to_contain_text("10,000 times played", timeout=30_000)
    expect(page.get_by_role("region", name="What the rehearsal says")).to_contain_text("conversions more")
    assert shop.box.taken == []


def approve(tab: Tab, site: Site, shop: Shop, browser: Browser, campaign_id: str) -> None:
    """Nobody starts it before whom the rule names agreed; they may send it back with a reason."""
    page = tab.page
    page.get_by_role("tab", name="Approvals").click()
    page.get_by_role("button", name="New rule").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Large ones")
    dialog.get_by_label("Reach above").fill("50")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("0 of 1 agreed")).to_be_visible()
    do(page, "Submit")
    page.get_by_role("button", name="Start", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Start").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Large ones")
    dialog.get_by_role("button", name="Cancel").click()
    assert all(each.startswith("409") for each in tab.refused)
    tab.refused.clear()
    tab.complaints.clear()
    manager = joined(browser, site, "mia@example.com", "manager")
    where = f"{site.url}/p/{PROJECT}/campaigns/{campaign_id}?tab=approvals"
    manager.goto(where)
    manager.get_by_label("What you think, or why it goes back").fill("Say what the coupon costs")
    manager.get_by_role("button", name="Send back").click()
    expect(manager.get_by_text("Back to draft")).to_be_visible()
    page.reload()
    do(page, "Submit")
    manager.goto(where)
    manager.get_by_role("button", name="Approve").click()
    expect(manager.get_by_text("1 of 1 agreed")).to_be_visible()
    manager.context.close()
    done = [each["action"] for each in shop.ask("GET", f"campaigns/{campaign_id}/activity")["items"]]
    assert done[:4] == ["approved", "submitted", "rejected", "submitted"]


def do(page: Page, verb: str) -> None:
    """A change of state, which says before what it will do."""
    page.get_by_role("button", name=verb, exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("What this does")
    with page.expect_response(re.compile(r"/do/\w+$"), timeout=60_000) as answered:
        dialog.get_by_role("button", name=verb, exact=True).click()
    assert answered.value.ok
    expect(dialog).to_be_hidden()


def launch(tab: Tab, shop: Shop, campaign_id: str) -> dict[str, int]:
    """Everybody but the holdout gets one mail."""
    do(tab.page, "Start")
    wait_until(lambda: bool(shop.ask("GET", f"campaigns/{campaign_id}/progress")["phase"] == "done"))
    arms: dict[str, int] = shop.ask("GET", f"campaigns/{campaign_id}/progress")["arms"]
    expect(tab.page.get_by_text(f"{arms['a']} of {arms['a']} done")).to_be_visible(timeout=30_000)
    tab.shot("campaign_running")
    written = [address for _, address, _ in shop.box.taken]
    assert (len(written), len(set(written))) == (arms["a"], arms["a"])
    assert sum(arms.values()) == PEOPLE
    return arms


def people_buy(shop: Shop, campaign_id: str, arms: dict[str, int]) -> int:
    """Seven of ten who were written to buy, and one of ten who were not; returns how many of the first."""
    written = sorted(address.partition("@")[0] for _, address, _ in shop.box.taken)
    held = sorted({f"shopper-{number}" for number in range(PEOPLE)} - set(written))
    buyers, others = written[: round(0.7 * len(written))], held[: round(0.1 * len(held))]
    shop.order([*buyers, *others])

    def counted() -> bool:
        found = shop.ask("GET", f"campaigns/{campaign_id}/report?fresh=true")["arms"]
        return sum(each["converted"] for each in found) == len(buyers) + len(others)

    wait_until(counted)
    assert len(held) == arms["holdout"]
    return len(buyers)


def read_report(page: Page, shop: Shop, campaign_id: str, conversions: int) -> None:
    """What can be said, what cannot, and who is behind the numbers."""
    page.get_by_role("tab", name="Report").click()
    again = page.get_by_role("button", name="Count again")
    again.click()
    expect(page.get_by_test_id("verdict")).to_have_text("It worked: it raised conversion")
    report = shop.ask("GET", f"campaigns/{campaign_id}/report")
    verdict = page.get_by_role("region", name="Verdict")
    for sentence in [*report["can_say"], *report["cannot_say"]]:
        expect(verdict).to_contain_text(sentence["en"])
    gained = report["conversions"]
    figures = page.locator("dl.report-figures")
    expect(figures).to_contain_text(whole(gained["value"]))
    expect(figures).to_contain_text(f"({whole(gained['low'])} to {whole(gained['high'])})")
    expect(page.get_by_role("img", name=re.compile("Planned and actual: Planned"))).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("Difference in conversion"))).to_be_visible()
    page.get_by_role("button", name=f"a, Converted: {conversions}").click()
    drawer = page.get_by_role("dialog")
    expect(people_in(drawer)).to_have_count(min(50, conversions))
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()


def finish(page: Page) -> None:
    do(page, "Finish")
    do(page, "Evaluate")
    expect(page.get_by_role("switch", name=re.compile("As of now"))).to_be_visible()


def export(page: Page, folder: Path) -> None:
    """The files are a PDF with the words in it, and a picture that is not empty."""
    page.get_by_role("button", name="Export").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="First order")).to_be_visible()
    with page.expect_download() as taken:
        dialog.get_by_role("button", name="Download PDF").click()
    assert taken.value.suggested_filename == "Campaign report First order.pdf"
    pdf = kept(taken.value, folder / "report.pdf")
    assert pdf.startswith(b"%PDF-1.4")
    assert pdf.rstrip().endswith(b"%%EOF")
    pages = pdf.count(b"/Type /Page ")
    assert (pages > 0, pdf.count(b"/Subtype /Image")) == (True, pages)
    assert "First order".encode("utf-16-be").hex().encode() in pdf
    assert "It worked".encode("utf-16-be").hex().encode() in pdf
    with page.expect_download() as taken:
        dialog.get_by_role("button", name="Download PNG").click()
    png = kept(taken.value, folder / "report.png")
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    assert width == 2 * 794
    assert height > width
    # A picture with nothing in it would be a few kilobytes.
    assert len(png) > 60_000
    dialog.get_by_role("button", name="Close").click()


def kept(download: Any, path: Path) -> bytes:
    """The content of a download."""
    download.save_as(path)
    if SHOTS.name:
        copyfile(path, SHOTS / path.name)
    return path.read_bytes()


def begin_the_next(page: Page, shop: Shop) -> None:
    """What was measured is what the next one expects."""
    page.get_by_role("button", name="Start the next one from this").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name of the campaign").fill("Second order")
    dialog.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("heading", name="Second order")).to_be_visible()
    made = shop.ask("GET", "campaigns/" + page.url.split("/campaigns/")[1].split("?")[0])
    past = shop.ask("GET", f"campaigns/{made['copied_from']}/report")
    assert made["plan"]["hypothesis"]["effect"] == pytest.approx(past["effect"]["actual"]["value"])
    assert (made["status"], made["plan"]["starts_at"]) == ("draft", None)
    expect(page.get_by_role("link", name="From an earlier campaign")).to_be_visible()


def test_conflicts_stand_on_the_calendar(tab: Tab, shop: Shop) -> None:
    for name, audience in (("Spring", shop.everybody), ("Members", shop.few)):
        plan = shop.plan(target={"audience_ids": [audience]})
        shop.ask("POST", "campaigns", {"name": name, "plan": plan})
    page = tab.open("calendar")
    conflicts = page.get_by_role("list", name="Conflicts")
    pair = conflicts.get_by_role("listitem").filter(has_text="Spring").filter(has_text="Members")
    expect(pair.filter(has_text="Same people")).to_contain_text("60 people are in both")
    expect(pair.filter(has_text="Same people")).to_contain_text("100% of “Members”")
    expect(pair.filter(has_text="Same channel")).to_contain_text("Mail")
    expect(pair.filter(has_text="Same day")).to_have_count(1)
    tab.shot("calendar")
    pair.filter(has_text="Same people").get_by_role("link", name="Members").click()
    expect(page.get_by_role("heading", name="Members")).to_be_visible()
    page.get_by_role("tab", name="Tasks and files").click()
    page.get_by_role("button", name="New task").click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_label("What is to be done").fill("Write the text")
    drawer.get_by_label("Due").fill(wall(datetime.now(UTC) + timedelta(hours=2)))
    drawer.get_by_label("Due").press("Enter")
    drawer.get_by_role("button", name="Save").click()
    box = page.get_by_role("checkbox", name="Done: Write the text")
    box.click()
    expect(box).to_be_checked()
    expect(page.get_by_text("Done", exact=True).last).to_be_visible()
    page.get_by_role("tab", name="Comments and log").click()
    page.get_by_label("Say something").fill("Shall we wait?")
    page.get_by_role("button", name="Post").click()
    expect(page.get_by_text("Shall we wait?")).to_be_visible()
    tab.open("campaigns?view=board")
    expect(page.get_by_role("region", name="Draft")).to_contain_text("Spring")


def test_cards_are_moved_on_the_board_by_dragging_and_by_their_menu(tab: Tab, shop: Shop) -> None:
    made = shop.ask("POST", "campaigns", {"name": "Moving", "plan": shop.plan(hypothesis=EXPECTED)})
    page = tab.open("campaigns?view=board&search=Moving")
    draft, review, running = (
        page.get_by_role("region", name=name, exact=True) for name in ("Draft", "In review", "Running")
    )
    card = draft.get_by_role("link", name="Moving")
    card.hover()
    page.mouse.down()
    running.hover()
    running.hover()
    expect(running.get_by_text("It cannot go here")).to_be_visible()
    expect(review.get_by_text("Drop it here")).to_be_visible()
    page.mouse.up()
    expect(running.get_by_text("It cannot go here")).to_be_hidden()
    expect(page.get_by_role("dialog")).to_have_count(0)
    card.drag_to(review)
    page.get_by_role("dialog").get_by_role("button", name="Submit").click()
    expect(review.get_by_role("link", name="Moving")).to_be_visible()
    assert shop.ask("GET", f"campaigns/{made['id']}")["status"] == "review"
    review.get_by_role("button", name="Move to…: Moving").focus()
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name="Draft (Withdraw)").click()
    page.get_by_role("dialog").get_by_role("button", name="Withdraw").click()
    expect(draft.get_by_role("link", name="Moving")).to_be_visible()


def test_an_outcome_counts_some_events_and_a_task_has_files(tab: Tab, shop: Shop, tmp_path: Path) -> None:
    shop.order(["shopper-0"])
    shop.site.wait_for_catalog(ORDER)
    made = shop.ask("POST", "campaigns", {"name": "Filtered", "plan": shop.plan()})
    one = f"campaigns/{made['id']}"
    shop.ask("POST", f"{one}/tasks", {"title": "Draw it"})
    page = tab.open(f"{one}?tab=plan")
    page.get_by_role("button", name="Add a condition").click()
    choose(page, "Property", "$revenue")
    page.get_by_role("spinbutton", name="Value", exact=True).fill("20")
    page.get_by_role("button", name="Save the plan").click()
    expect(page.get_by_role("button", name="Save the plan")).to_be_hidden()
    selector = shop.ask("GET", one)["plan"]["outcome"]["selector"]
    (condition,) = selector["filter"]["items"]
    assert (condition["property"]["name"], condition["value"]) == ("$revenue", 20)
    page = tab.open(f"{one}?tab=work")
    page.get_by_role("button", name="Draw it").click()
    files, note = page.get_by_role("region", name="Files of this task"), tmp_path / "note.txt"
    note.write_text("a note")
    files.locator("input[type=file]").set_input_files(note)
    expect(files.get_by_role("button", name="note.txt", exact=True)).to_be_visible()
    print("UNDER", tab.under_way)
    (task,) = shop.ask("GET", f"{one}/tasks")
    (kept_file,) = shop.ask("GET", f"{one}/files?task_id={task['id']}")["items"]
    assert (kept_file["name"], kept_file["task_id"]) == ("note.txt", task["id"])
    files.get_by_role("button", name="Delete file: note.txt").click()
    expect(files.get_by_role("button", name="note.txt", exact=True)).to_be_hidden()


def test_no_page_of_campaigns_keeps_anyone_out_in_chinese(tab: Tab, shop: Shop) -> None:
    """Axe finds nothing serious on any page, and every word of the pages is Chinese."""
    walk(tab, pages_of(shop))


def pages_of(shop: Shop) -> list[str]:
    """Every page, with a campaign that was evaluated if there is one."""
    made = shop.ask("POST", "campaigns?language=zh", {"name": "周年庆", "template": "anniversary"})
    one = f"campaigns/{made['id']}"
    shop.ask(
        "PATCH", one, {"plan": {**made["plan"], **shop.plan(holdout={"share": 0.3}, hypothesis=EXPECTED)}}
    )
    judged = [each for each in shop.ask("GET", "campaigns")["items"] if each["status"] == "evaluated"]
    reports = [f"campaigns/{each['id']}?tab=report" for each in judged[:1]]
    main = ["calendar", f"{one}?tab=plan", f"{one}?tab=preflight", *reports]
    others = (f"{one}?tab={each}" for each in ("rehearsal", "work", "approvals", "talk"))
    return ["campaigns", "campaigns?view=board", "campaigns/new", *main, *others]


EXPECTED = {"reach": 100, "effect": 0.1, "value": 25}
