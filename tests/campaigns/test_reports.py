"""What a campaign did: counted by hand, split into its causes, told in words."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select

from bihuan.audiences.subjects import log_until_now
from bihuan.campaigns.judging.measuring import ArmSums, Window, measure
from bihuan.campaigns.judging.resampling import ends, resampled
from bihuan.campaigns.plan.schemas import Outcome, Plan
from bihuan.campaigns.running.arms import shares_of
from bihuan.campaigns.running.models import Launch
from bihuan.experiments import split
from bihuan.messages.channels.models import MessageChannel
from bihuan.messages.outbox.models import OutboxMessage
from tests.campaigns.conftest import PEOPLE, Steps
from tests.campaigns.reaching import channel, person, purpose, template
from tests.insights.shop import send

ORDER, REVENUE = "Order Completed", {"name": "$revenue"}


@pytest.fixture(scope="module")
def ran(steps: Steps) -> dict[str, Any]:
    """A campaign that began two days ago, whose first five of each arm were written to, and what they did."""
    purpose(steps.server)
    mail = channel(steps.server, "Mail", host="127.0.0.1", port=1, sender="Shop <shop@example.com>")
    message = {"channel_ids": [mail], "template_id": template(steps.server, "Hello"), "purpose": "news"}
    # To the second: what falls on the end of an hour must not depend on how milliseconds are rounded.
    now = datetime.now(UTC).replace(microsecond=0)
    plan = {
        "outcome": {
            "selector": {"events": [ORDER]},
            "value_property": {"name": "$revenue"},
            "window_days": 1,
        },
        "target": {"audience_ids": [steps.audience()]},
        "holdout": {"share": 0.3},
        "variants": [{"name": "a"}, {"name": "b"}],
        "messages": [message],
        "hypothesis": {"reach": 40, "effect": 0.2, "value": 20},
        "offer": {"kind": "coupon", "cost_each": 2},
        "starts_at": (now - timedelta(days=2)).isoformat(),
        "ends_at": (now + timedelta(days=5)).isoformat(),
    }
    made = steps.campaign("Measured", **plan)
    steps.do(made["id"], "submit")
    campaigns, project_id = steps.server.installation.campaigns, steps.server.project_id
    from dataclasses import replace

    earlier = replace(campaigns, clock=lambda: now - timedelta(days=2))
    conductor = earlier.conductor(project_id)
    _start(conductor, made["id"], now - timedelta(days=2))
    earlier.launcher(project_id).go_on(made["id"])
    arms = _arms(steps, made["id"], plan)
    send(steps.server, _deeds(made["id"], arms, now - timedelta(days=1, hours=12)))
    steps.post(f"/campaigns/{made['id']}/costs", {"kind": "actual", "label": "Ads", "amount": 10})
    _went_out(steps, mail, made["id"])
    return {"id": made["id"], "arms": arms}


def _start(conductor: Any, campaign_id: str, at: datetime) -> None:
    from bihuan.access import PERMISSIONS
    from bihuan.campaigns.activity import BIHUAN
    from bihuan.campaigns.states.service import Asked

    conductor.act(campaign_id, "start", Asked(BIHUAN, frozenset(PERMISSIONS), at))


def _arms(steps: Steps, campaign_id: str, plan: dict[str, Any]) -> dict[str, list[int]]:
    """Everybody's arm, by the hash alone."""
    shares = shares_of(Plan.model_validate({**plan, "offer": {}}))
    groups = split(
        steps.server.project_id, f"campaign/{campaign_id}", shares, [person(each) for each in range(PEOPLE)]
    )
    arms: dict[str, list[int]] = {name: [] for name in shares}
    for number, group in enumerate(groups):
        arms[group or "b"].append(number)
    return arms


def _went_out(steps: Steps, mail: str, campaign_id: str) -> None:
    """Two at 0.5, one of three parts at 0.1, one when its channel had no price; one that is uncertain."""
    fates = [("sent", 1, 0.5)] * 2 + [("sent", 3, 0.1), ("sent", 1, None), ("uncertain", None, None)]
    with steps.server.installation.database.session() as session:
        session.get_one(MessageChannel, mail).cost_per_message = 0.25
        mine = select(OutboxMessage).where(OutboxMessage.occurrence == f"campaign/{campaign_id}")
        rows = session.scalars(mine.order_by(OutboxMessage.id).limit(len(fates)))
        for row, (state, parts, price) in zip(rows, fates, strict=True):
            row.state, row.parts, row.price = state, parts, price


def _deeds(campaign_id: str, arms: dict[str, list[int]], at: datetime) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []

    def add(number: int, event: str, hours: float, **properties: Any) -> None:
        moment = (at + timedelta(hours=hours)).isoformat()
        body = {"type": "track", "userId": f"user{number}", "event": event, "timestamp": moment}
        events.append({**body, "messageId": f"{campaign_id}{len(events)}", "properties": properties})

    for name in ("a", "b"):
        for number in arms[name][:10]:
            add(number, "$message_sent", -11, **{"$campaign_id": campaign_id, "$variant": name})
    for number in (*arms["a"][:6], *arms["b"][:3], *arms["holdout"][:2]):
        add(number, ORDER, 0, **{"$revenue": 30.0})
    add(arms["a"][0], ORDER, 1, **{"$revenue": 10.0})
    # Before it began, and after the window: neither counts.
    add(arms["a"][11], ORDER, -40, **{"$revenue": 500.0})
    add(arms["a"][12], ORDER, 20, **{"$revenue": 500.0})
    add(arms["a"][13], "$message_sent", 0, **{"$campaign_id": "another"})
    return events


def test_every_figure_is_what_a_hand_counts(steps: Steps, ran: dict[str, Any]) -> None:
    report = steps.get(f"/campaigns/{ran['id']}/report")
    sizes = {name: len(people) for name, people in ran["arms"].items()}
    counted = {
        each["name"]: (each["people"], each["reached"], each["converted"], each["value"])
        for each in report["arms"]
    }
    assert counted == {
        "holdout": (sizes["holdout"], 0, 2, 60.0),
        "a": (sizes["a"], 10, 6, 190.0),
        "b": (sizes["b"], 10, 3, 90.0),
    }
    treated, held = sizes["a"] + sizes["b"], sizes["holdout"]
    lift = 9 / treated - 2 / held
    effect = report["effects"][0]
    assert (effect["arm"], effect["measure"], effect["looks"]) == ("all", "conversion", "once")
    assert effect["difference"]["value"] == pytest.approx(lift)
    assert effect["difference"]["low"] < lift < effect["difference"]["high"]
    assert report["conversions"]["value"] == pytest.approx(lift * treated)
    gained = (280 / treated - 60 / held) * treated
    assert report["value"]["value"] == pytest.approx(gained)
    costs = report["costs"]
    # 2 × 0.5 + 3 × 0.1 + 0.25, by hand.
    assert (costs["actual"], costs["offer"], costs["messages"]) == (10, 18, pytest.approx(1.55))
    assert costs["total"] == pytest.approx(29.55)
    assert costs["roi"]["value"] == pytest.approx((gained - 29.55) / 29.55)
    assert costs["per_conversion"]["value"] == pytest.approx(29.55 / (lift * treated))
    assert (report["final"], report["stopped"]) == (True, False)
    assert {each["code"] for each in report["checks"]} == {"sample_ratio", "before", "several_arms"}


def test_looks_end_at_what_the_report_says(steps: Steps, ran: dict[str, Any]) -> None:
    looks = steps.get(f"/campaigns/{ran['id']}/report/looks")
    assert [each["treated"] for each in looks] == sorted(each["treated"] for each in looks)
    before, last = looks[0], looks[-1]
    assert (before["treated"], before["held_out"]) == (0, 0)
    arms = {name: len(people) for name, people in ran["arms"].items()}
    assert last["treated"] == pytest.approx(9 / (arms["a"] + arms["b"]))
    assert last["held_out"] == pytest.approx(2 / arms["holdout"])
    first = next(each for each in looks if each["treated"])
    # What was ordered 12 hours after the start is in the look of the 13th hour.
    assert looks.index(first) == 12


def test_an_outcome_may_be_some_of_the_events(steps: Steps, ran: dict[str, Any]) -> None:
    installation, project_id = steps.server.installation, steps.server.project_id
    project = installation.project(project_id)
    cheap = {"type": "number", "operator": "lt", "property": REVENUE, "value": 20}
    selector = {"events": [ORDER], "filter": {"type": "group", "op": "and", "items": [cheap]}}
    outcome = Outcome.model_validate({"selector": selector, "window_days": 1})
    with installation.database.read_session() as session:
        at_ms = session.get_one(Launch, ran["id"]).at_ms
    ctx = log_until_now(project.row, project.store)
    sums = measure(ctx, project.store, ran["id"], outcome, Window.of(at_ms, outcome, ctx.now_ms))
    assert {name: arm.converted for name, arm in sums.items()} == {"holdout": 0, "a": 1, "b": 0}


def test_sizes_and_steps_are_whom_they_count(steps: Steps, ran: dict[str, Any]) -> None:
    other = steps.campaign("Small", target={"audience_ids": [steps.audience(0, 7, "Seven")]})
    wanted = {"campaign_id": [ran["id"], other["id"], "unknown"]}
    assert steps.get("/campaign-sizes", **wanted) == {ran["id"]: PEOPLE, other["id"]: 7}
    behind = steps.get(f"/campaigns/{ran['id']}/report/people", of="reached", arm="a")["items"]
    assert len(behind) == 10
    assert steps.get(f"/campaigns/{ran['id']}/report/people", of="clicked")["items"] == []


def test_the_shortfall_is_split_and_adds_up(steps: Steps, ran: dict[str, Any]) -> None:
    report = steps.get(f"/campaigns/{ran['id']}/report")
    treated, held = (len(ran["arms"]["a"]) + len(ran["arms"]["b"]), len(ran["arms"]["holdout"]))
    effect = (9 / treated - 2 / held) * treated / 20
    assert report["reach"] == {"planned": 40, "actual": {"value": 20, "low": 20, "high": 20}}
    assert report["effect"]["actual"]["value"] == pytest.approx(effect)
    assert report["conversion_value"]["actual"]["value"] == pytest.approx(280 / 9)
    split_ = report["split"]
    assert split_["planned"] == pytest.approx(160)
    assert split_["actual"]["value"] == pytest.approx(20 * effect * 280 / 9)
    total = sum(each["amount"]["value"] for each in split_["parts"])
    assert total == pytest.approx(split_["difference"]["value"])
    assert [each["cause"] for each in split_["parts"]] == ["execution", "plan", "market"]
    assert split_["parts"][0]["amount"]["value"] < 0 < split_["parts"][2]["amount"]["value"]


def test_people_behind_each_number(steps: Steps, ran: dict[str, Any]) -> None:
    where = f"/campaigns/{ran['id']}/report/people"

    def names(**params: Any) -> list[str]:
        return sorted(each["distinct_ids"][0] for each in steps.get(where, **params)["items"])

    arms = {name: [f"user{each}" for each in people] for name, people in ran["arms"].items()}
    assert names(arm="holdout") == sorted(arms["holdout"])
    assert names(arm="a", of="reached") == sorted(arms["a"][:10])
    assert names(of="converted") == sorted(arms["a"][:6] + arms["b"][:3])
    first = steps.get(where, limit=5)
    rest = steps.get(where, cursor=first["next_cursor"])
    assert len(first["items"]) + len(rest["items"]) == len(arms["a"]) + len(arms["b"])
    assert steps.refused("GET", where, arm="c")["code"] == "campaign_arm_unknown"


def test_a_report_is_kept_exported_and_leads_to_the_next(steps: Steps, ran: dict[str, Any]) -> None:
    where = f"/campaigns/{ran['id']}"
    steps.do(ran["id"], "finish")
    assert steps.do(ran["id"], "evaluate")["status"] == "evaluated"
    kept = steps.get(f"{where}/report")
    assert steps.get(f"{where}/report")["at"] == kept["at"] != steps.get(f"{where}/report", fresh=True)["at"]
    table = steps.server.api.get(steps.server.path(f"{where}/report.csv"))
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    found = {(row["section"], row["item"], row["figure"]): row["value"] for row in rows}
    assert found["arm", "a", "converted"] == "6.0"
    assert float(found["costs", "CNY", "messages"]) == pytest.approx(1.55)
    steps.post(f"{where}/costs", {"kind": "actual", "category": "messages", "label": "Invoice", "amount": 2})
    billed = steps.get(f"{where}/report", fresh=True)["costs"]
    assert (billed["messages"], billed["total"]) == (0, 30)
    assert float(found["split", "plan", "effect"]) == kept["split"]["parts"][1]["amount"]["value"]
    copy = steps.post(f"{where}/copy", {"name": "Again", "from_report": True})
    hypothesis = copy["plan"]["hypothesis"]
    assert (hypothesis["reach"], hypothesis["effect"]) == (20, kept["effect"]["actual"]["value"])
    assert hypothesis["baseline"] == pytest.approx(2 / len(ran["arms"]["holdout"]))


def test_without_a_holdout_nothing_is_attributed(steps: Steps, ran: dict[str, Any]) -> None:
    plan = steps.get(f"/campaigns/{ran['id']}")["plan"]
    made = steps.campaign("Everybody", **{**plan, "holdout": {"share": 0}})
    steps.do(made["id"], "submit")
    steps.do(made["id"], "start")
    steps.server.installation.campaigns.launcher(steps.server.project_id).go_on(made["id"])
    report = steps.get(f"/campaigns/{made['id']}/report")
    assert (report["effects"], report["conversions"], report["split"]) == ([], None, None)
    assert report["can_say"] == []
    assert "cannot be attributed" in report["cannot_say"][0]["en"]
    assert "无法归因" in report["cannot_say"][0]["zh"]
    assert not report["final"]
    steps.do(made["id"], "finish")


def test_a_draft_has_no_report(steps: Steps) -> None:
    made = steps.campaign("Nothing yet")
    assert steps.refused("GET", f"/campaigns/{made['id']}/report")["code"] == "campaign_report_too_early"


def test_intervals_by_resampling_cover_the_truth() -> None:
    generator = np.random.default_rng(3)
    inside = 0
    for _ in range(60):
        arms = [_drawn(generator, 200, 0.35), _drawn(generator, 100, 0.25)]
        _, low, high = ends(resampled(*arms).conversions)
        inside += low <= 200 * 0.10 <= high
    # 60 draws of 95 %: below 50 once in two thousand.
    assert inside >= 50


def _drawn(generator: np.random.Generator, people: int, share: float) -> ArmSums:
    converted = (generator.random(people) < share).astype(float)
    zero, one = np.zeros(people), np.ones(people)
    worth = converted * 10
    columns = (one, zero, one, converted, worth, worth**2, zero, zero, zero, zero, converted)
    return ArmSums(np.column_stack(columns))
