"""Every analysis built by clicking: the pages show what the API says."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.ui.clicking import (
    BUY,
    LAST_30,
    address,
    choose,
    comes_to_show,
    compact,
    duration,
    figure,
    people_in,
    rows,
)
from tests.ui.conftest import Site, Tab

VIEW = {"selector": {"events": ["view"]}}


def test_a_trend_is_built_by_clicking_and_its_number_leads_to_people(tab: Tab, site: Site) -> None:
    page = tab.open("insights/new")
    choose(page, "Event A", "buy", instead=True)
    choose(page, "Measure", "People")
    query = {
        "kind": "trend",
        "period": LAST_30,
        "interval": "day",
        "series": [{**BUY, "measure": {"kind": "people"}}],
    }
    people = site.query(query)["lines"][0]["total"]
    assert people > 5
    expect(page.locator("#content")).to_contain_text(re.compile(r"[1-9][\d,]* rows read, [1-9]"))
    total = page.locator("table").get_by_role("button", name=figure(people), exact=True).first
    expect(total).to_be_visible()
    tab.shot("trend")
    total.click()
    drawer = page.get_by_role("dialog")
    expect(people_in(drawer)).to_have_count(min(50, int(people)))
    tab.shot("people_behind")
    drawer.get_by_role("button", name="Save as audience").click()
    page.get_by_label("Name of the audience").fill("Buyers of a month")
    page.get_by_role("tooltip").get_by_role("button", name="Save").click()
    expect(page.get_by_text(f"Audience saved: {people:.0f} people")).to_be_visible()
    page.reload()
    expect(page.locator("table").get_by_role("button", name=figure(people), exact=True).first).to_be_visible()


def test_a_funnel_is_built_by_clicking(tab: Tab, site: Site) -> None:
    page = tab.open("insights/new?kind=funnel")
    for place, event in enumerate(("view", "add", "buy"), 1):
        choose(page, f"Step {place}", event, instead=True)
    steps = [{"selector": {"events": [event]}} for event in ("view", "add", "buy")]
    found = site.query({"kind": "funnel", "period": LAST_30, "steps": steps})["overall"]["steps"]
    shown = page.get_by_role("list", name="Funnel")
    for step in found:
        expect(shown.get_by_role("button", name=f"{step['name']} {figure(step['people'])}")).to_be_visible()
    tab.shot("funnel")
    dropped = found[1]["dropped"]
    shown.get_by_role("button", name=f"{figure(dropped)} dropped").first.click()
    expect(people_in(page.get_by_role("dialog"))).to_have_count(dropped)


def test_a_formula_leads_to_the_people_of_what_it_is_made_of(tab: Tab, site: Site) -> None:
    page = tab.open("insights/new")
    choose(page, "Event A", "view", instead=True)
    page.get_by_role("button", name="Add a series").click()
    choose(page, "Event B", "buy")
    page.get_by_role("button", name="Add a formula").click()
    page.get_by_label("Formula").fill("B / A * 100")
    query = {
        "kind": "trend",
        "period": LAST_30,
        "interval": "day",
        "series": [VIEW, BUY],
        "formulas": [{"expression": "B / A * 100"}],
    }
    total = site.query(query)["lines"][-1]["total"]
    row = page.locator("#content tr[data-row-key]").filter(has_text="B / A * 100")
    row.get_by_role("button", name=figure(total), exact=True).click()
    drawer = page.get_by_role("dialog")
    people = {
        event: site.query({**query, "formulas": [], "series": [{**series, "measure": {"kind": "people"}}]})
        for event, series in (("A · view", VIEW), ("B · buy", BUY))
    }
    for name, found in people.items():
        drawer.get_by_text(name, exact=True).click()
        expect(people_in(drawer)).to_have_count(int(found["lines"][0]["total"]))


def test_a_trend_is_compared_with_a_year_ago(tab: Tab) -> None:
    page = tab.open("insights/new")
    choose(page, "Compare", "A year ago")
    expect(page.get_by_role("columnheader", name="Change")).to_be_visible()


def test_regions_are_drawn_on_a_map_and_lead_to_people(tab: Tab, site: Site) -> None:
    query = {
        "kind": "trend",
        "period": LAST_30,
        "interval": "month",
        "series": [{**VIEW, "measure": {"kind": "people"}}],
        "breakdowns": [{"property": {"scope": "event", "name": "province"}}],
    }
    people = {
        line["breakdown"][0]["value"]: int(line["total"])
        for line in site.query(query)["lines"]
        if not line["breakdown"][0]["other"]
    }
    page = tab.open(address(query))
    page.get_by_text("Map", exact=True).click()
    drawn = page.get_by_role("img", name=re.compile("^Map"))
    expect(drawn).to_have_accessible_name(re.compile(f"Beijing {people['北京市']}"))
    expect(drawn.locator("canvas")).to_be_visible()
    expect(page.locator("#content")).to_contain_text(f"Not on the map: None {people[None]}")
    page.wait_for_timeout(500)  # the drawing moves for a moment
    tab.shot("map_of_provinces")
    box = drawn.bounding_box()
    assert box
    # Squares of a grid of nine by eight, of which Beijing's is the seventh of the third row.
    side = (box["height"] - 16) / 7.94
    page.mouse.click(box["x"] + box["width"] / 2 + 2 * side, box["y"] + 8 + 2.47 * side)
    expect(people_in(page.get_by_role("dialog"))).to_have_count(people["北京市"])


def test_countries_are_drawn_on_a_map(tab: Tab, site: Site) -> None:
    split = [{"property": {"scope": "event", "name": "country"}}]
    query = {"kind": "distribution", "period": LAST_30, **BUY, "breakdowns": split}
    found = site.query(query)["groups"]
    french = next(each for each in found if each["breakdown"][0]["value"] == "FR")["whole"]["people"]
    page = tab.open(address(query, "map"))
    drawn = page.get_by_role("img", name=re.compile("^Map"))
    expect(drawn).to_have_accessible_name(re.compile(rf"France {french}\b"))
    expect(drawn.locator("canvas")).to_be_visible()
    page.wait_for_timeout(500)
    tab.shot("map_of_countries")


def test_a_lifecycle_is_built_by_clicking(tab: Tab, site: Site) -> None:
    page = tab.open("insights/new")
    choose(page, "Analysis", "Lifecycle")
    choose(page, "What counts as active", "buy")
    choose(page, "Interval", "week")
    query = {"kind": "lifecycle", "period": LAST_30, "active": BUY["selector"], "interval": "week"}
    units = site.query(query)["groups"][0]["units"]
    stages = ("new", "returning", "resurrected", "dormant")
    expected = [[figure(unit[stage]) for stage in stages] for unit in units]
    comes_to_show(lambda: [row[1:] for row in rows(page)], expected)
    tab.shot("lifecycle")


def test_stickiness_is_built_by_clicking(tab: Tab, site: Site) -> None:
    page = tab.open("insights/new")
    choose(page, "Analysis", "Stickiness")
    choose(page, "What counts as active", "buy")
    choose(page, "Span", "week")
    query = {"kind": "stickiness", "period": LAST_30, "active": BUY["selector"], "per": "week"}
    spans = site.query(query)["groups"][0]["spans"]
    expected = [[figure(people) for people in span["at_least"]] for span in spans]
    # A span at the edge of the period has fewer days; the others' columns say nothing of it.
    read = lambda: [[cell for cell in row[4:] if cell != "–"] for row in rows(page)]  # noqa: E731
    comes_to_show(read, expected)
    tab.shot("stickiness")
    place, people = next((at, span["at_least"][0]) for at, span in enumerate(spans) if span["at_least"][0])
    row = page.locator("#content tr[data-row-key]").nth(place)
    row.get_by_role("button", name=figure(people), exact=True).first.click()
    expect(people_in(page.get_by_role("dialog"))).to_have_count(people)


def test_intervals_are_built_by_clicking(tab: Tab, site: Site) -> None:
    page = tab.open("insights/new")
    choose(page, "Analysis", "Intervals")
    choose(page, "From event", "view", instead=True)
    choose(page, "To event", "buy", instead=True)
    query = {"kind": "intervals", "period": LAST_30, "start": VIEW["selector"], "end": BUY["selector"]}
    whole = site.query(query)["groups"][0]["whole"]
    expected = [figure(whole["people"]), duration(whole["mean"]), *map(duration, whole["percentiles"])]
    comes_to_show(lambda: [row[2:-1] for row in rows(page)], [expected])
    tab.shot("intervals")


def test_adoption_is_built_by_clicking(tab: Tab, site: Site) -> None:
    page = tab.open("insights/new")
    choose(page, "Analysis", "Feature adoption")
    choose(page, "Among whom", "add")
    query = {"kind": "adoption", "period": LAST_30, "among": {"events": ["add"]}}
    found = site.query(query)["features"]
    assert len(found) >= 3
    expected = [[each["name"], figure(each["people"])] for each in found]
    comes_to_show(lambda: [row[:2] for row in rows(page)], expected)
    tab.shot("adoption")


def test_the_value_of_cohorts_is_built_by_clicking(tab: Tab, site: Site) -> None:
    page = tab.open("insights/new")
    choose(page, "Analysis", "Lifetime value")
    choose(page, "Paying event", "buy")
    choose(page, "Interval", "week")
    query = {"kind": "cohort_value", "period": LAST_30, "paying": BUY["selector"], "interval": "week"}
    cohorts = site.query(query)["groups"][0]["cohorts"]
    assert any(value for cohort in cohorts for value in cohort["value_per_person"])
    expected = [
        [
            figure(cohort["size"]),
            *("" if value is None else compact(value) for value in cohort["value_per_person"]),
        ]
        for cohort in cohorts
    ]
    comes_to_show(lambda: [row[1:] for row in rows(page)], expected)
    tab.shot("cohort_value")


def test_active_days_are_built_by_clicking(tab: Tab, site: Site) -> None:
    page = tab.open("insights/new")
    choose(page, "Analysis", "Active days")
    choose(page, "What counts as active", "buy")
    choose(page, "Interval", "week")
    query = {"kind": "engagement", "period": LAST_30, **BUY, "interval": "week"}
    found = site.query(query)
    whole, weeks = found["whole"], found["rows"]
    expected = [[figure(each["people"]), figure(each["mean_days"] or 0)] for each in (whole, *weeks)]
    read = lambda: [[row[1], row[2].replace("–", "0")] for row in rows(page)]  # noqa: E731
    comes_to_show(read, expected)
    days = [compact(people) for people in whole["people_by_days"] if people]
    comes_to_show(lambda: [cell for cell in rows(page)[0][3:] if cell][: len(days)], days)
    tab.shot("engagement")


def test_what_drives_conversion_is_built_by_clicking(tab: Tab, site: Site) -> None:
    page = tab.open("insights/new")
    choose(page, "Analysis", "Conversion drivers")
    choose(page, "Step 1", "view", instead=True)
    choose(page, "Step 2", "buy", instead=True)
    funnel: dict[str, Any] = {"kind": "funnel", "period": LAST_30, "steps": [VIEW, BUY]}
    query = {"kind": "funnel_correlation", "period": LAST_30, "funnel": funnel}
    found = site.query(query)
    factors = [
        [each["event"], f"{each['converted_with']} / {each['people_with']}"] for each in found["factors"]
    ]
    assert factors
    heading = f"{figure(found['entered'])} entered, {figure(found['converted'])} converted"
    expect(page.get_by_text(heading)).to_be_visible()
    comes_to_show(lambda: [[row[0], re.sub(r"\s+[\d.]+%$", "", row[1])] for row in rows(page)], factors)
    tab.shot("funnel_correlation")


KINDS: list[tuple[str, str, dict[str, Any], Any]] = [
    ("retention", "Retention", {"interval": "week"}, lambda found: figure(found["groups"][0]["size"])),
    ("distribution", "Distribution", {}, lambda found: figure(found["groups"][0]["whole"]["people"])),
    ("sessions", "Sessions", {}, lambda found: figure(found["groups"][0]["total"]["sessions"])),
    ("paths", "Paths", {}, lambda found: f"{figure(found['paths'])} paths"),
]


@pytest.mark.parametrize(("kind", "name", "extra", "expected"), KINDS)
def test_other_analyses_show_the_numbers_of_the_api(
    tab: Tab, site: Site, kind: str, name: str, extra: dict[str, Any], expected: Any
) -> None:
    page = tab.open("insights/new")
    choose(page, "Analysis", name)
    page.wait_for_load_state("networkidle")
    period = {"kind": "last", "count": 12, "unit": "week"} if kind == "retention" else LAST_30
    found = site.query({"kind": kind, "period": period, **extra})
    expect(page.locator("#content").get_by_text(expected(found)).first).to_be_visible()
    tab.shot(kind)
