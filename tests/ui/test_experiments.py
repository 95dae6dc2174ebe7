"""Experiments, flags and the global holdout by clicking: what the pages show is what the API says."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from openfeature import api as openfeature
from openfeature.client import OpenFeatureClient
from openfeature.contrib.provider.ofrep import OFREPProvider
from openfeature.evaluation_context import EvaluationContext
from playwright.sync_api import expect

from tests.ui.audience_site import ask
from tests.ui.axe import walk
from tests.ui.clicking import choose, comes_to_show, figure, people_in
from tests.ui.conftest import Site, Tab
from tests.ui.experiment_site import (
    BOUGHT,
    confirm,
    drawn_by_region,
    last_look,
    made,
    points,
    send,
    weighed,
)

SWITCHED = "Drawn elsewhere"


@pytest.fixture(scope="module")
def client(site: Site) -> Iterator[OpenFeatureClient]:
    """OpenFeature's own client, with the project's write key."""
    headers = {"authorization": f"Bearer {site.process.write_key()}"}
    provider = OFREPProvider(site.url, headers_factory=lambda: headers)
    openfeature.set_provider_and_wait(provider)
    yield openfeature.get_client()
    provider.session.close()
    openfeature.clear_providers()


def shop(site: Site, client: OpenFeatureClient, people: range) -> dict[str, str]:
    """People ask for the flag; of the treatment every second buys, of the control every tenth."""
    variants = {
        f"x{number}": client.get_string_value("checkout", "none", EvaluationContext(f"x{number}"))
        for number in people
    }
    seen = {"control": 0, "treatment": 0}
    buyers = []
    for name, variant in variants.items():
        seen[variant] += 1
        if seen[variant] % (2 if variant == "treatment" else 10) == 0:
            buyers.append({"type": "track", "userId": name, "event": "buy", "properties": {"revenue": 20}})
    send(site, buyers)
    return variants


@pytest.fixture(scope="module")
def opened(site: Site) -> dict[str, str]:
    """What tests tell each other: the id of the experiment that was made by clicking."""
    site.wait_for_catalog("buy")
    return {}


def test_an_experiment_is_declared_by_clicking_with_the_people_it_needs(
    tab: Tab, site: Site, opened: dict[str, str]
) -> None:
    page = tab.open("experiments")
    expect(page.get_by_text("No experiments yet")).to_be_visible()
    page.get_by_role("link", name="New experiment").or_(
        page.get_by_role("button", name="New experiment")
    ).first.click()
    page.get_by_label("Name of the experiment").fill("Shorter checkout")
    page.get_by_label("Hypothesis").fill("Fewer fields, more orders.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("is not filled in yet").first).to_be_visible()
    page.get_by_label("Name of the metric").fill("Bought")
    choose(page, "Event", "buy")
    choose(page, "Window · Unit", "Until it stops")
    page.get_by_label("Days before (CUPED)").fill("0")
    page.get_by_label("People expected").fill("400")
    page.get_by_role("button", name="Take the baseline from recent data").click()
    metric = {"key": "metric_1", "name": "Bought", "measure": BOUGHT}
    baseline = ask(site, "POST", "experiments/baseline", {"metric": metric, "pre_days": 0})
    assert baseline["people"] > 0
    expect(page.get_by_role("status").filter(has_text=f"{baseline['people']} people came")).to_be_visible()
    page.get_by_label("Value without the change").fill("10")
    page.get_by_label("Change to be found").fill("2")
    asked = {"is_share": True, "value": 0.1, "effect": 0.02, "people": 400}
    needed = ask(site, "POST", "experiments/size", asked)["needed"]
    comes_to_show(lambda: page.get_by_test_id("needed").inner_text(), f"{figure(needed)} people needed")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Shorter checkout")).to_be_visible()
    opened["id"] = page.url.rpartition("/")[2]
    kept = ask(site, "GET", f"experiments/{opened['id']}")["plan"]
    assert (kept["metrics"][0]["measure"]["event"]["events"], kept["metrics"][0]["window"]) == (["buy"], None)
    assert (kept["expected_people"], kept["looks"]) == (400, "any_time")


def test_it_is_started_shown_by_a_flag_and_read_as_the_api_reads_it(
    tab: Tab, site: Site, opened: dict[str, str], client: OpenFeatureClient
) -> None:
    page = tab.open(f"experiments/{opened['id']}")
    page.get_by_role("button", name="Start").click()
    confirm(page, "Start")
    expect(page.get_by_text("No flag shows this experiment yet")).to_be_visible()
    page.get_by_role("link", name="New flag").or_(page.get_by_role("button", name="New flag")).first.click()
    page.get_by_label("Key").fill("checkout")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Flag checkout")).to_be_visible()
    page.get_by_label("Person's id").fill("somebody")
    page.get_by_role("button", name="Ask", exact=True).click()
    context = {"context": {"targetingKey": "somebody"}}
    shown = ask(site, "POST", "flags/checkout/try", context)
    expect(page.get_by_test_id("tried")).to_contain_text(f"Sees {shown['variant']}")
    tab.open(f"experiments/{opened['id']}")
    expect(page.get_by_role("link", name="checkout", exact=True)).to_be_visible()
    variants = shop(site, client, range(200))
    assert set(variants.values()) == {"control", "treatment"}
    page.get_by_role("button", name="Read now").first.click()
    expect(page.get_by_test_id("verdict")).to_be_visible()
    shop(site, client, range(200, 400))
    page.get_by_role("button", name="Read now").first.click()
    path = f"experiments/{opened['id']}/looks"
    comes_to_show(lambda: len(ask(site, "GET", path)["items"]), 2)
    expect(page.get_by_test_id("verdict")).to_have_text("treatment: Better")
    expect(page.get_by_role("button", name=re.compile(r"^control: ")).first).to_be_visible()
    reading = last_look(site, opened["id"])
    effect = reading["metrics"][0]["effects"][0]
    row = page.get_by_role("table", name="Bought").get_by_role("row").filter(has_text="treatment")
    comes_to_show(lambda: points(effect["difference"]["value"]) in row.inner_text(), True)
    expect(row).to_contain_text(points(effect["difference"]["low"]))
    expect(row).to_contain_text(points(effect["difference"]["high"]))
    people = {each["variant"]: each["people"] for each in reading["groups"]}
    assert sum(people.values()) == 400
    page.get_by_role("button", name="The same difference, read in three ways").click()
    ways = page.get_by_role("table", name=re.compile("read in three ways"))
    expect(ways).to_contain_text(points(effect["believed"]["low"]))
    expect(ways).to_contain_text(points(effect["once"]["high"]))
    tab.shot("experiment_reading")
    page.get_by_role("button", name=f"treatment: {people['treatment']} people").click()
    drawer = page.get_by_role("dialog")
    expect(people_in(drawer).first).to_be_visible()


def test_its_interval_narrows_and_its_costs_give_a_return(
    tab: Tab, site: Site, opened: dict[str, str]
) -> None:
    page = tab.open(f"experiments/{opened['id']}?tab=course")
    expect(page.get_by_role("img", name=re.compile("look by look"))).to_be_visible()
    course = ask(site, "GET", f"experiments/{opened['id']}/course")[0]["points"]
    assert len(course) == 2
    expect(page.get_by_role("row").filter(has_text="400")).to_contain_text(
        points(course[1]["narrowed"]["low"])
    )
    tab.shot("experiment_course")
    page.get_by_role("tab", name="Reading").click()
    page.get_by_role("button", name="Give the costs").click()
    page.get_by_label("Fixed cost").fill("50")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_role("columnheader", name="Cost of each")).to_be_visible()
    back = ask(site, "GET", f"experiments/{opened['id']}/returns")[0]
    expect(page.get_by_role("row").filter(has_text=f"{figure(back['cost_each'])} (")).to_be_visible()


def test_people_who_fell_into_variants_otherwise_than_planned_stop_the_verdict(
    tab: Tab, site: Site, opened: dict[str, str]
) -> None:
    source = {"kind": "event", "event": {"events": [SWITCHED]}, "variant": {"name": "arm"}}
    arms = ["control"] * 400 + ["treatment"] * 200
    drawn = [
        {"type": "track", "userId": f"s{number}", "event": SWITCHED, "properties": {"arm": arm}}
        for number, arm in enumerate(arms)
    ]
    send(site, drawn)
    comes_to_show(lambda: SWITCHED in site.events(), True)
    experiment_id = made(site, "Unevenly drawn", source=source)
    ask(site, "POST", f"experiments/{experiment_id}/start")
    page = tab.open(f"experiments/{experiment_id}")
    page.get_by_role("button", name="Read now").first.click()
    expect(page.get_by_test_id("verdict")).to_have_text("Stopped by a check")
    expect(page.get_by_text("A check failed: there is no verdict")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Sample ratio")).to_contain_text("Failed")
    expect(page.get_by_text("People did not fall into the variants in the shares planned")).to_be_visible()
    expect(page.get_by_text("Increment and return")).to_have_count(0)
    tab.shot("experiment_stopped")
    tab.open("experiments")
    row = page.get_by_role("row").filter(has_text="Unevenly drawn")
    expect(row).to_contain_text("Stopped by a check")
    lead = page.get_by_role("row").filter(has_text="Shorter checkout")
    expect(lead).to_contain_text("Better")
    effect = last_look(site, opened["id"])["metrics"][0]["effects"][0]
    expect(lead).to_contain_text(points(effect["difference"]["value"]))


def test_the_weights_of_a_bandit_are_drawn_over_time(tab: Tab, site: Site) -> None:
    bandit = {"every_hours": 1, "least_share": 0.1}
    experiment_id = made(site, "Follows its results", bandit=bandit, looks="once")
    ask(site, "POST", f"experiments/{experiment_id}/start")
    page = tab.open(f"experiments/{experiment_id}")
    expect(page.get_by_role("img", name="Weights over time; now control 50%, treatment 50%")).to_be_visible()
    weighed(site, experiment_id, {"control": 0.15, "treatment": 0.85})
    tab.open(f"experiments/{experiment_id}")
    expect(page.get_by_role("img", name="Weights over time; now control 15%, treatment 85%")).to_be_visible()
    page.get_by_role("tab", name="Setup").click()
    expect(page.get_by_text("85%").first).to_be_visible()
    tab.shot("experiment_bandit")


def test_it_works_in_one_segment_alone_is_stopped_decided_and_copied(tab: Tab, site: Site) -> None:
    experiment_id = drawn_by_region(site)
    page = tab.open(f"experiments/{experiment_id}")
    page.get_by_role("button", name="Read now").first.click()
    expect(page.get_by_test_id("verdict")).to_be_visible()
    page.get_by_role("button", name="Segments, declared now").click()
    segments = page.get_by_role("table", name="Segment: region")
    metric = last_look(site, experiment_id)["metrics"][0]
    shown = {each["value"]: each["effects"][0]["difference"] for each in metric["segments"]}
    assert shown["north"]["value"] == pytest.approx(0.4)
    for region, difference in shown.items():
        row = segments.get_by_role("row").filter(has_text=f"{region} (200)")
        expect(row).to_contain_text(points(difference["value"]))
        expect(row).to_contain_text(points(difference["low"]))
    expect(page.get_by_text("treatment: It works differently in these")).to_be_visible()
    tab.shot("experiment_segments")
    page.get_by_role("button", name="Stop").click()
    confirm(page, "Stop")
    page.get_by_role("button", name="Decide").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name="treatment").check()
    dialog.get_by_label("Why").fill("The north alone is worth it.")
    dialog.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("decided to keep treatment")).to_be_visible()
    expect(page.get_by_text("The north alone is worth it.")).to_be_visible()
    kept = ask(site, "GET", f"experiments/{experiment_id}")
    assert (kept["status"], kept["decision"]["variant"]) == ("decided", "treatment")
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Copy as a new experiment").click()
    expect(page.get_by_label("Name of the experiment")).to_have_value("Copy of North and south")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Copy of North and south")).to_be_visible()
    copied = ask(site, "GET", f"experiments/{page.url.rpartition('/')[2]}")
    assert (copied["status"], copied["decision"]) == ("draft", None)
    assert copied["plan"] == kept["plan"]


def test_a_flag_is_killed_for_everybody_at_once(tab: Tab, site: Site, client: OpenFeatureClient) -> None:
    page = tab.open("flags/new")
    page.get_by_label("Key").fill("new-menu")
    page.get_by_label("Percent of on").fill("100")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Flag new-menu")).to_be_visible()
    somebody = EvaluationContext("ann")
    assert client.get_boolean_value("new-menu", False, somebody) is True
    tab.open("flags")
    page.get_by_role("switch", name="Switch of new-menu in production").click()
    confirm(page, "Off")
    expect(page.get_by_role("switch", name="Switch of new-menu in production")).not_to_be_checked()
    details = client.get_boolean_details("new-menu", True, somebody)
    assert (details.value, details.reason) == (False, "DISABLED")
    kept = ask(site, "GET", "flags/new-menu")["definition"]["environments"]["production"]
    assert (kept["enabled"], len(kept["rules"])) == (False, 1)
    tab.shot("flags")


def test_layers_show_who_has_which_part_and_refuse_when_they_are_full(tab: Tab, site: Site) -> None:
    page = tab.open("experiments?tab=layers")
    page.get_by_role("button", name="New layer").click()
    page.get_by_label("Name of the layer").fill("Home page")
    page.get_by_role("button", name="New", exact=True).or_(
        page.get_by_role("button", name="Create", exact=True)
    ).first.click()
    expect(page.get_by_text("Home page", exact=True).first).to_be_visible()
    layer = ask(site, "GET", "experiment-layers")["items"][0]["id"]
    ids = [made(site, f"Banner {share}", traffic=share, layer_id=layer) for share in (40, 35, 50)]
    for each in ids[:2]:
        ask(site, "POST", f"experiments/{each}/start")
    tab.open("experiments?tab=layers")
    expect(page.get_by_role("link", name=re.compile("Banner 35.*40–75%"))).to_be_visible()
    expect(page.get_by_text("75% taken")).to_be_visible()
    tab.shot("layers")
    tab.open(f"experiments/{ids[2]}")
    page.get_by_role("button", name="Start").click()
    confirm(page, "Start")
    expect(page.get_by_text("25 % in one piece are free")).to_be_visible()
    assert all(each.startswith("409") for each in tab.refused)
    tab.refused.clear()
    tab.complaints.clear()


def test_people_are_held_out_of_everything_and_measured(tab: Tab, site: Site) -> None:
    page = tab.open("holdout")
    expect(page.get_by_text("There is no global holdout")).to_be_visible()
    # That there is none is said by a refusal.
    tab.refused.clear()
    tab.complaints.clear()
    page.get_by_role("button", name="Hold people out").click()
    page.get_by_label("Percent held out").fill("20")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_text("20%", exact=True)).to_be_visible()
    size = ask(site, "GET", "holdout/size")
    assert 0 < size["people"] < size["of"]
    comes_to_show(lambda: page.get_by_test_id("held").inner_text(), figure(size["people"]))
    send(site, [{"type": "track", "userId": f"x{number}", "event": "buy"} for number in range(0, 400, 3)])
    choose(page, "Event", "buy")
    expect(page.get_by_test_id("verdict")).to_be_visible()
    metric = {"key": "shown", "name": "buy", "role": "primary", "measure": BOUGHT}
    reading = ask(site, "POST", "holdout/read", {"metrics": [metric]})["reading"]
    people = {each["variant"]: each["people"] for each in reading["groups"]}
    assert people["holdout"] == size["people"]
    row = page.get_by_role("row").filter(has_text="Held out").first
    expect(row).to_contain_text(figure(people["holdout"]))
    page.get_by_role("button", name="Measure now").click()
    expect(page.get_by_role("img", name="Interval of buy, Everybody else, look by look")).to_be_visible()
    looks = ask(site, "GET", "holdout/looks")["items"]
    effect = looks[0]["reading"]["metrics"][0]["effects"][0]
    newest = page.get_by_role("row").filter(has_text="A member").first
    expect(newest).to_contain_text(points(effect["difference"]["low"]))
    tab.shot("holdout")


def pages_of(experiment_id: str) -> list[str]:
    one = f"experiments/{experiment_id}"
    return [
        "experiments", "experiments?tab=layers", "experiments/new", one, f"{one}?tab=course",
        f"{one}?tab=setup", f"{one}?tab=size", f"{one}?tab=people", "flags", "flags/new", "flags/checkout",
        "holdout?event=buy",
    ]  # fmt: skip


def test_no_page_of_experiments_keeps_anyone_out(tab: Tab, opened: dict[str, str]) -> None:
    """By light and in the dark, in Chinese; nothing is wider than a tablet."""
    walk(tab, pages_of(opened["id"]), narrow=True)


def test_the_verdict_is_read_in_chinese(tab: Tab, site: Site, opened: dict[str, str]) -> None:
    tab.page.add_init_script("localStorage.setItem('bihuan.language', 'zh')")
    page = tab.open(f"experiments/{opened['id']}")
    expect(page.get_by_test_id("verdict")).to_have_text("treatment: 更好")
    said = last_look(site, opened["id"])["verdict"]["said"][0]["zh"]
    expect(page.get_by_text(said)).to_be_visible()
    effect = last_look(site, opened["id"])["metrics"][0]["effects"][0]
    shown = f"+{figure(effect['difference']['value'] * 100)} 个百分点"
    expect(
        page.get_by_role("table", name="Bought").get_by_role("row").filter(has_text="treatment")
    ).to_contain_text(shown)
    expect(page.get_by_role("menuitem", name="功能开关")).to_be_visible()
