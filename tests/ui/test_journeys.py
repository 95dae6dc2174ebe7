"""Journeys: drawn by drag and drop, mended, published, run and looked at."""

from __future__ import annotations

import re
import sqlite3
import time
from contextlib import closing
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.ui.audience_site import ask
from tests.ui.clicking import choose, comes_to_show, people_in
from tests.ui.conftest import Site, Tab
from tests.ui.node import UI

AXE = (UI / "node_modules" / "axe-core" / "axe.min.js").read_text


def put(page: Page, name: str, x: int, y: int) -> None:
    """Drag a node from the palette to a place of the picture."""
    before = page.locator(".react-flow__node").count()
    item = page.get_by_role("navigation", name="Nodes").get_by_role("button", name=name, exact=True)
    item.drag_to(page.locator(".react-flow__pane"), target_position={"x": x, "y": y})
    expect(page.locator(".react-flow__node")).to_have_count(before + 1)
    # The picture is as wide as before again.
    page.get_by_role("region", name=f"Settings: {name}").get_by_role("button", name="Close").click()


def draw(page: Page, source: Locator, target: Locator) -> None:
    """Drag from a way out to a way in, as a hand does."""
    before = page.locator(".react-flow__edge").count()
    source.hover()
    page.mouse.down()
    box = target.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2 - 30, box["y"] + box["height"] / 2, steps=6)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    expect(page.locator(".react-flow__edge")).to_have_count(before + 1)


def node(page: Page, name: str) -> Locator:
    return page.locator(".react-flow__node").filter(has_text=name)


def track(site: Site, event: str, *people: str) -> None:
    batch = [{"type": "track", "userId": who, "event": event} for who in people]
    answer = httpx.post(
        f"{site.url}/v1/batch", json={"batch": batch}, auth=(site.process.write_key(), ""), timeout=60
    )
    assert answer.status_code == 200


@pytest.fixture(scope="module")
def member(site: Site) -> str:
    site.wait_for_catalog("share")
    found: str = ask(site, "GET", "members")["items"][0]["id"]
    return found


@pytest.fixture(scope="module")
def tag(site: Site) -> dict[str, Any]:
    body = {"name": "Interest", "definition": {"kind": "manual"}}
    found: dict[str, Any] = ask(site, "POST", "tags", body)
    return found


def test_a_journey_is_drawn_mended_published_and_run(
    tab: Tab, site: Site, member: str, tag: dict[str, Any]
) -> None:
    page = tab.open("journeys")
    expect(page.get_by_text("There are no journeys yet")).to_be_visible()
    page.get_by_role("button", name="New journey").first.click()
    page.get_by_role("dialog").get_by_label("Name").fill("First share")
    page.get_by_role("dialog").get_by_role("button", name="New", exact=True).click()
    expect(page.get_by_role("heading", name="First share")).to_be_visible()
    _draw_it(page)
    _fill_in(page, tag)
    tab.shot("journey_editor")
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Version 1 is published")).to_be_visible()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("The journey has started")).to_be_visible()
    time.sleep(1.2)
    track(site, "share", "fan-1", "fan-2", "fan-3")
    comes_to_show(lambda: page.get_by_test_id("entered").inner_text(), "3")
    comes_to_show(lambda: page.get_by_test_id("inside").inner_text(), "3")
    track(site, "buy", "fan-2")
    comes_to_show(lambda: page.get_by_test_id("inside").inner_text(), "2")
    waiting = node(page, "Wait for an event")
    expect(waiting.get_by_role("button", name=re.compile("Inside: 2"))).to_be_visible()
    edges = page.locator(".react-flow__edge-text")
    expect(edges.filter(has_text=re.compile("^3$"))).to_have_count(1)
    tab.shot("journey_live")
    waiting.get_by_role("button", name=re.compile("Inside: 2")).click()
    expect(people_in(page.get_by_role("dialog"))).to_have_count(2)
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="People").click()
    page.get_by_role("searchbox", name="Find a person by id").fill("fan-2")
    page.keyboard.press("Enter")
    trace = page.locator(".ant-timeline")
    expect(trace).to_contain_text("Came in")
    expect(trace).to_contain_text("Wait for an event → Happened")
    expect(trace).to_contain_text("Left: completed")
    tab.shot("journey_trace")
    found = ask(site, "GET", f"journeys/{page.url.split('/')[-1].split('?')[0]}/counts")
    assert (found["entered"], found["inside"], found["left"]) == (3, 2, {"completed": 1})


def _draw_it(page: Page) -> None:
    """Wait for buying; who does gets a tag, who does not is done; way by way."""
    expect(page.locator(".react-flow__node")).to_have_count(1)
    put(page, "Wait for an event", 300, 250)
    put(page, "Set a tag", 600, 120)
    put(page, "Exit", 600, 380)
    out = node(page, "Wait for an event").locator(".react-flow__handle.source")
    draw(page, out.nth(0), node(page, "Set a tag").locator(".react-flow__handle.target"))
    draw(page, out.nth(1), node(page, "Exit").locator(".react-flow__handle.target"))
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".react-flow__edge")).to_have_count(2)
    page.get_by_role("button", name="Redo").click()
    expect(page.locator(".react-flow__edge")).to_have_count(3)


def _fill_in(page: Page, tag: dict[str, Any]) -> None:
    """A fault stands at its node until it is mended there."""
    fault = node(page, "Set a tag").get_by_role("alert")
    expect(fault).to_contain_text("This is to be filled in")
    node(page, "Set a tag").click()
    choose(page, "Tag kept by hand", tag["name"])
    page.get_by_role("combobox", name="Value of the tag").fill("sharing")
    expect(fault).to_have_count(0)
    node(page, "Wait for an event").click()
    choose(page, "Event", "buy")
    node(page, "Entry").click()
    choose(page, "Event that lets people in", "share")
    expect(page.get_by_test_id("problems")).to_have_text("No faults")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Changes are not saved")).to_have_count(0)


def test_yaml_and_picture_are_the_same_and_the_past_is_played(tab: Tab, site: Site, member: str) -> None:
    page = tab.open("journeys")
    page.get_by_role("button", name="New journey").first.click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^Cart reminder")).click()
    page.get_by_role("dialog").get_by_role("button", name="New", exact=True).click()
    expect(page.locator(".react-flow__node")).to_have_count(6)
    page.get_by_role("tab", name="YAML").click()
    area = page.get_by_role("textbox", name="YAML")
    expect(area).to_have_value(re.compile("kind: wait_for"))
    written = area.input_value()
    area.fill(written + "nonsense: [1\n")
    expect(page.get_by_role("button", name=re.compile(r"^Line \d+$"))).to_be_visible()
    area.fill(written.replace("channels: []", "channels: []\n    subject: x", 1))
    expect(page.get_by_text("nodes.remind.subject: There is no such field.")).to_be_visible()
    text = re.sub(r"(?s)  (remind|coupon):\n.*?(?=\n  [a-z]+:|\Z)", _rest, written)
    area.fill(text)
    expect(page.get_by_text("No faults")).to_be_visible()
    page.get_by_role("tab", name="Flow").click()
    expect(node(page, "Rest of remind")).to_be_visible()
    # Without a mouse: a node after the chosen one, and away again.
    node(page, "Rest of remind").focus()
    page.keyboard.press("Enter")
    page.get_by_role("toolbar").get_by_role("button", name="Add after").click()
    page.get_by_role("menuitem", name="Random split").click()
    expect(page.locator(".react-flow__node")).to_have_count(7)
    node(page, "Random split").focus()
    page.keyboard.press("Delete")
    expect(page.locator(".react-flow__node")).to_have_count(6)
    _branch(page)
    page.get_by_role("tab", name="Dry run").click()
    page.get_by_role("button", name="Dry run").click()
    entered = page.get_by_test_id("rehearsed-entered")
    expect(entered).to_be_visible(timeout=60_000)
    tab.shot("journey_rehearsal")
    events = {"kind": "trend", "series": [{"selector": {"events": ["add"]}, "measure": {"kind": "people"}}]}
    people = page.get_by_test_id("rehearsed-people").inner_text()
    assert int(people) == _total_people(site, events)
    expect(page.locator(".react-flow__edge-text").first).to_be_visible()


def _branch(page: Page) -> None:
    """A condition is written in the editor that audiences have, and stands at its way."""
    node(page, "Rest of coupon").focus()
    page.keyboard.press("Enter")
    page.get_by_role("toolbar").get_by_role("button", name="Add after").click()
    page.get_by_role("menuitem", name="Branch").last.click()
    panel = page.get_by_role("region", name="Settings: Branch")
    panel.get_by_role("button", name="Edit the condition: Condition 1 holds when").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Add a condition").click()
    page.locator(".ant-dropdown:visible").get_by_text("Did something", exact=True).click()
    choose(page, "Event", "view")
    dialog.get_by_role("button", name="Apply").click()
    expect(node(page, "Branch")).to_contain_text("did “view”")
    expect(page.get_by_test_id("problems")).to_have_text("No faults")


def _rest(found: re.Match[str]) -> str:
    name = found.group(1)
    onward = "\n    next: again" if name == "remind" else ""
    return f"  {name}:\n    kind: wait\n    label: Rest of {name}\n    span: {{count: 1}}{onward}"


def _total_people(site: Site, trend: dict[str, Any]) -> int:
    period = {"kind": "last", "count": 31, "unit": "day", "include_current": True}
    lines = site.query({**trend, "period": period})["lines"]
    return int(lines[0]["total"])


def test_a_new_version_moves_people_and_members_see_their_tasks(tab: Tab, site: Site, member: str) -> None:
    nodes: dict[str, Any] = {
        "rest": {"kind": "wait", "span": {"count": 5}},
    }
    definition = {"entry": {"kind": "api"}, "start": "rest", "nodes": nodes}
    made = ask(site, "POST", "journeys", {"name": "Versions", "definition": definition})
    path = f"journeys/{made['id']}"
    ask(site, "POST", f"{path}/start")
    people = [{"distinct_id": f"user-{number}", "key": str(number)} for number in range(4)]
    ask(site, "POST", f"{path}/people", {"people": people})
    call = {"kind": "task", "title": "Ring them", "member": member, "due": {"count": 2}}
    ask(site, "PATCH", path, {"definition": {**definition, "start": "call", "nodes": {"call": call}}})
    page = tab.open(path)
    comes_to_show(lambda: page.get_by_test_id("inside").inner_text(), "4")
    page.get_by_role("button", name="Publish").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Move to the new version").click()
    choose(page, "Those at “Wait”, which is gone, move to", "Task for a member")
    tab.shot("journey_publish")
    dialog.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Version 2 is published")).to_be_visible()
    comes_to_show(lambda: page.get_by_test_id("left").inner_text(), "4")
    assert page.get_by_test_id("entered").inner_text() == "4"
    assert page.get_by_test_id("inside").inner_text() == "0"
    page.get_by_role("tab", name="Versions").click()
    expect(page.get_by_text("People move on")).to_be_visible()
    tab.shot("journey_versions")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("The journey is paused")).to_be_visible()
    page.get_by_role("button", name="Resume").click()
    page.get_by_role("dialog").get_by_role("button", name="Resume").click()
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Stop").click()
    page.get_by_role("dialog").get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Ended", exact=True)).to_be_visible()
    tab.open("journeys?tab=tasks")
    tasks = page.locator("tbody tr[data-row-key]")
    expect(tasks).to_have_count(4)
    tab.shot("journey_tasks")
    page.get_by_role("button", name="Tick off: Ring them").first.click()
    expect(tasks).to_have_count(3)


def test_what_failed_or_is_uncertain_is_decided(tab: Tab, site: Site, member: str) -> None:
    nodes = {"gift": {"kind": "give", "reward": "points", "label": "Points"}}
    definition = {"entry": {"kind": "api"}, "start": "gift", "nodes": nodes}
    made = ask(site, "POST", "journeys", {"name": "Gifts", "definition": definition})
    path = f"journeys/{made['id']}"
    ask(site, "POST", f"{path}/start")
    people = [{"distinct_id": f"later-{number}", "key": str(number)} for number in range(4)]
    ask(site, "POST", f"{path}/people", {"people": people})
    comes_to_show(lambda: ask(site, "GET", f"{path}/counts")["failed_deeds"], 4)
    track(site, "share", *(each["distinct_id"] for each in people))
    page = tab.open(path)
    page.get_by_role("button", name="Show", exact=True).click()
    drawer = page.get_by_role("dialog").filter(has_text="What was not done")
    expect(people_in(drawer)).to_have_count(4)
    expect(people_in(drawer).first).to_contain_text("Points")
    expect(people_in(drawer).first).to_contain_text("Nothing is recorded of this person any more.")
    tab.shot("journey_deeds")
    people_in(drawer).first.get_by_role("button", name="Try again").click()
    expect(people_in(drawer)).to_have_count(3)
    drawer.get_by_role("checkbox", name="Select all").check()
    expect(drawer.get_by_text("3 chosen")).to_be_visible()
    _nobody_answered(site, made["id"])
    drawer.get_by_text("Uncertain", exact=True).click()
    expect(people_in(drawer)).to_have_count(3)
    people_in(drawer).first.get_by_role("button", name="It happened").click()
    asked = page.get_by_role("dialog").filter(has_text="Did it happen")
    asked.get_by_role("button", name="It happened").click()
    expect(people_in(drawer)).to_have_count(2)
    drawer.get_by_role("checkbox", name="Select all").check()
    drawer.get_by_role("toolbar").get_by_role("button", name="Try again").click()
    expect(drawer.get_by_text("There are none")).to_be_visible()
    comes_to_show(lambda: ask(site, "GET", f"{path}/deeds")["items"], [])
    given = {
        "kind": "trend",
        "series": [{"selector": {"events": ["$reward_given"]}, "measure": {"kind": "count"}}],
    }
    comes_to_show(lambda: _total_people(site, given), 4)


def _nobody_answered(site: Site, journey: str) -> None:
    """As if the receiver of rewards had not answered what failed; what is being tried again is left."""
    failed = "UPDATE journey_deeds SET state = 'uncertain' WHERE journey_id = ? AND state = 'failed'"
    with closing(sqlite3.connect(site.process.data / "control.sqlite3", timeout=30)) as database:
        database.execute(failed, (journey,))
        database.commit()


def test_in_chinese_from_a_common_journey(tab: Tab, site: Site, member: str) -> None:
    tab.page.add_init_script("localStorage.setItem('bihuan.language', 'zh')")
    page = tab.open("journeys")
    page.get_by_role("button", name="新建旅程").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name=re.compile("挂单提醒"))).to_be_visible()
    tab.shot("zh_journey_new")
    dialog.get_by_role("button", name=re.compile("新用户欢迎")).click()
    dialog.get_by_role("button", name=re.compile("新\\s?建$")).click()
    expect(page.get_by_role("heading", name="新用户欢迎")).to_be_visible()
    greeting = node(page, "欢迎消息")
    expect(greeting.get_by_role("alert")).to_contain_text("请填写此项")
    greeting.click()
    expect(page.get_by_role("region", name="设置：发送消息")).to_contain_text("消息模板: 请填写此项")
    tab.shot("zh_journey_editor")
    journey = page.url.split("/default/")[1]
    nobody_is_kept_out(page)
    page.emulate_media(color_scheme="dark")
    for path in (journey, f"{journey}?tab=yaml", f"{journey}?tab=rehearsal", "journeys"):
        tab.open(path)
        nobody_is_kept_out(page)
        tab.shot("zh_" + re.sub(r".*=", "journey_", path).replace("/", "_"))
    tab.open(journey)
    page.set_viewport_size({"width": 820, "height": 900})
    expect(node(page, "欢迎消息")).to_be_visible()
    comes_to_show(lambda: page.evaluate("document.documentElement.scrollWidth") <= 820, True)
    tab.shot("zh_journey_narrow")


def nobody_is_kept_out(page: Page) -> None:
    """Axe finds nothing serious."""
    page.evaluate(AXE())
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    serious = [each for each in result["violations"] if each["impact"] in ("serious", "critical")]
    assert not serious, [(each["id"], each["nodes"][0]["html"][:300]) for each in serious]
