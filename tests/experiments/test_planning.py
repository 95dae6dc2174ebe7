"""Sizes and baselines before the start; the course, returns and layers after it; what the holdout shows."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from bihuan.experiments.readings.course import course_of, thinned
from bihuan.experiments.readings.returns import Costs, returns_of
from bihuan.experiments.readings.schemas import Reading
from bihuan.kernel.hashing import key64
from bihuan.stats.experiments import BetaPosterior, NormalPosterior, believed_difference
from bihuan.warehouse import Batch, event_row
from tests.experiments.test_experiments import expose, made, step
from tests.insights.shop import ORDERED, VIEWED
from tests.server.running import Running

DAY_MS = 86_400_000
LOOKED, PAID = "Planned Look", "Planned Order"


def submit(server: Running, rows: list[Any]) -> None:
    server.installation.writer.submit(server.project.store, Batch(events=rows)).result()


def happened(name: str, number: int, event: str, at_ms: int, **properties: Any) -> Any:
    identity = key64(f"{name}{number}{event}{at_ms}").to_bytes(16, "big")
    return event_row(
        event_id=identity,
        event=event,
        time_ms=at_ms,
        received_ms=at_ms,
        distinct_id=f"{name}{number}",
        source="web",
        properties=properties,
    )


def test_beliefs_of_a_difference_agree_with_theory_and_with_draws() -> None:
    one, other = NormalPosterior(10, 3), NormalPosterior(12, 4)
    found = believed_difference(one, other)
    assert found.value == 2
    assert (found.low, found.high) == pytest.approx((2 - 1.96 * 5, 2 + 1.96 * 5), abs=0.1)
    shares = BetaPosterior(30, 970), BetaPosterior(45, 955)
    draw = np.random.default_rng(5)
    drawn = draw.beta(46, 956, 400_000) - draw.beta(31, 971, 400_000)
    believed = believed_difference(*shares)
    assert (believed.low, believed.high) == pytest.approx(tuple(np.quantile(drawn, [0.025, 0.975])), abs=2e-4)


def test_the_size_of_an_experiment_is_the_one_of_textbooks(server: Running) -> None:
    path = server.path("/experiments/size")
    asked = {"is_share": True, "value": 0.1, "effect": 0.02, "looks": "once", "people": 4_000}
    found = server.api.post(path, json=asked).json()
    # Fleiss's formula for 10 against 12 %: 3,841 in each arm.
    assert found["needed"] == pytest.approx(2 * 3_841, rel=0.002)
    assert found["here"]["power"] < 0.8 < max(each["power"] for each in found["points"])
    smallest = [each["smallest"] for each in found["points"] if each["smallest"] is not None]
    assert smallest == sorted(smallest, reverse=True)
    at_any_time = server.api.post(path, json={**asked, "looks": "any_time"}).json()["needed"]
    assert at_any_time > 1.3 * found["needed"]
    # A mean: 16 σ² ÷ effect² in each arm, by the usual rule; of three variants, two thirds are compared.
    mean = {"is_share": False, "value": 30, "deviation": 20, "effect": 2, "looks": "once"}
    assert server.api.post(path, json=mean).json()["needed"] == pytest.approx(2 * 15.7 * 400 / 4, rel=0.01)
    third = server.api.post(path, json={**mean, "pair_share": 2 / 3}).json()["needed"]
    assert third == pytest.approx(1.5 * 2 * 15.7 * 400 / 4, rel=0.01)
    assert server.api.post(path, json={**asked, "value": 1.5}).status_code == 422


def test_a_baseline_is_that_of_people_who_came(server: Running) -> None:
    now = int(time.time() * 1000)
    rows = []
    for number in range(200):
        came = now - 10 * DAY_MS + number
        rows.append(happened("n", number, LOOKED, came))
        rows.append(happened("n", number, LOOKED, came - 30 * DAY_MS))
        if number % 4 == 0:
            rows.append(happened("n", number, PAID, came + DAY_MS, **{"$revenue": 10 + number % 3}))
        if number % 8 == 0:
            rows.append(happened("n", number, PAID, came + 5 * DAY_MS, **{"$revenue": 99}))
    submit(server, rows)
    metric = {
        "key": "paid",
        "name": "Paid",
        "measure": {"kind": "proportion", "event": {"events": [PAID]}},
        "window": {"count": 3, "unit": "day"},
    }
    did = {"kind": "did", "event": {"events": [LOOKED]}, "window": {"kind": "ever"}}
    eligible = {**did, "figure": {"kind": "count"}, "compare": {"operator": "gte", "value": 1}}
    asked = {"metric": metric, "eligible": eligible, "days": 14}
    found = server.api.post(server.path("/experiments/baseline"), json=asked).json()
    assert (found["people"], found["value"], found["is_share"]) == (200, 0.25, True)
    revenue = {"event": {"events": [PAID]}, "property": {"name": "$revenue"}}
    asked["metric"] = {**metric, "measure": {"kind": "mean", "figure": revenue}}
    mean = server.api.post(server.path("/experiments/baseline"), json=asked).json()
    paid = [10 + number % 3 if number % 4 == 0 else 0 for number in range(200)]
    assert mean["value"] == pytest.approx(sum(paid) / 200)
    assert mean["deviation"] == pytest.approx(float(np.std(paid, ddof=1)))


@pytest.fixture(scope="module")
def running(server: Running) -> str:
    """An experiment with a revenue and costs, looked at twice."""
    revenue = {"event": {"events": [ORDERED]}, "property": {"name": "$revenue"}}
    metrics = [
        {
            "key": "order",
            "name": "Order",
            "role": "primary",
            "measure": {"kind": "proportion", "event": {"events": [ORDERED]}},
        },
        {"key": "revenue", "name": "Revenue", "measure": {"kind": "mean", "figure": revenue}},
    ]
    costs = {"fixed": 100, "per_person": {"b": 0.5}, "margin": 0.5, "revenue": "revenue"}
    experiment_id = made(server, "Course", metrics=metrics, costs=costs, pre_days=0)
    step(server, experiment_id, "start").raise_for_status()
    for people_so_far in (600, 1_200):
        names = [f"w{number}" for number in range(people_so_far)]
        people = {name: "b" if number % 2 else "a" for number, name in enumerate(names)}
        buyers = {name for number, name in enumerate(names) if number % 20 == 0 or number % 10 == 1}
        expose(server, experiment_id, people, buyers)
        step(server, experiment_id, "read").raise_for_status()
    return experiment_id


def test_intervals_of_any_time_narrow_look_by_look(server: Running, running: str) -> None:
    course = server.api.get(server.path(f"/experiments/{running}/course")).json()
    order = next(each for each in course if each["metric"] == "order")
    assert order["any_time"]
    first, second = order["points"]
    assert (first["people"], second["people"]) == (600, 1_200)
    assert first["narrowed"] == first["difference"]
    assert second["narrowed"]["low"] == max(first["difference"]["low"], second["difference"]["low"])
    assert second["narrowed"]["high"] == min(first["difference"]["high"], second["difference"]["high"])
    assert second["p_value"] <= first["p_value"]


def test_one_comparison_is_read_in_three_ways(server: Running, running: str) -> None:
    looks = server.api.get(server.path(f"/experiments/{running}/looks")).json()["items"]
    effect = looks[0]["reading"]["metrics"][0]["effects"][0]

    def width(name: str) -> float:
        return float(effect[name]["high"] - effect[name]["low"])

    assert effect["any_time"] == effect["difference"]
    assert width("believed") == pytest.approx(width("once"), rel=0.03)
    assert width("any_time") > 1.3 * width("once")
    assert effect["chance_better"] > 0.99
    assert 0 <= effect["loss"] < 0.001


def test_costs_that_come_later_give_returns(server: Running, running: str) -> None:
    path = server.path(f"/experiments/{running}")
    (found,) = server.api.get(f"{path}/returns").json()
    reading = server.api.get(f"{path}/looks").json()["items"][0]["reading"]
    gained = reading["metrics"][0]["effects"][0]["incremental"]
    # 600 people were shown b, for 0.5 each, and 100 once; 60 of a ordered, and 120 of b.
    assert (found["cost"], found["gained"]["value"]) == (400, pytest.approx(60))
    assert found["gained"] == gained
    assert found["cost_each"] == pytest.approx(400 / 60)
    assert found["cost_each_low"] == pytest.approx(400 / gained["high"])
    assert found["roi"]["value"] == pytest.approx(-1)
    changed = server.api.patch(path, json={"costs": {"fixed": 30, "revenue": "revenue"}})
    assert changed.json()["plan"]["costs"]["fixed"] == 30
    assert server.api.get(f"{path}/returns").json()[0]["cost"] == 30
    wrong = server.api.patch(path, json={"costs": {"revenue": "order"}}).json()["error"]
    assert (wrong["code"], wrong["path"]) == ("experiment_invalid", "costs")


def test_returns_without_a_certain_gain_are_open_ended() -> None:
    nothing = {"value": 2.0, "low": -1.0, "high": 5.0}
    effect = {
        "variant": "b",
        "difference": None,
        "relative": None,
        "p_value": 0.3,
        "p_corrected": 0.3,
        "kept": None,
        "reason": None,
        "incremental": nothing,
    }
    metric = {
        "key": "m",
        "name": "m",
        "role": "primary",
        "better": "higher",
        "kind": "mean",
        "figures": [{"variant": "b", "people": 10, "total": 1, "estimate": None}],
        "effects": [effect],
    }
    groups = [{"variant": each, "people": 10, "several": 0, "share": 0.5} for each in ("a", "b")]
    verdict = {"outcome": "nothing_shown", "said": [], "not_said": []}
    given = {"at_ms": 0, "control": "a", "looks": "once", "confidence": 0.95, "checks": []}
    reading = Reading.model_validate({**given, "groups": groups, "metrics": [metric], "verdict": verdict})
    (found,) = returns_of(reading, Costs(fixed=10, revenue="m"))
    assert (found.cost_each, found.cost_each_low, found.cost_each_high) == (5, 2, None)
    assert found.roi is not None
    assert (found.roi.value, found.roi.low) == pytest.approx((-0.8, -1.1))
    now = datetime.now(UTC)
    assert [each.any_time for each in course_of([(now, "member", reading)])] == [False]
    assert course_of([]) == []


def test_many_looks_are_thinned_with_the_first_and_the_last() -> None:
    ids = [str(number) for number in range(1_000)]
    kept = thinned(ids, 100)
    assert (len(kept), kept[0], kept[-1]) == (100, "0", "999")
    assert thinned(ids[:5], 100) == ids[:5]


def test_lists_show_the_last_reading_in_short_and_layers_who_has_which_part(
    server: Running, running: str
) -> None:
    items = server.api.get(server.path("/experiments"), params={"limit": 500}).json()["items"]
    mine = next(each for each in items if each["id"] == running)
    assert (mine["last"]["outcome"], mine["last"]["variant"]) == ("better", "b")
    assert (mine["last"]["people"], mine["last"]["metric"]) == (1_200, "Order")
    assert mine["last"]["effects"][0]["difference"]["value"] == pytest.approx(0.1)
    layer = server.api.post(server.path("/experiment-layers"), json={"name": "Seen"}).json()
    assert layer["slots"] == []
    ids = [made(server, f"S{share}", traffic=share, layer_id=layer["id"]) for share in (30, 25)]
    step(server, ids[0], "start").raise_for_status()
    layers = server.api.get(server.path("/experiment-layers")).json()["items"]
    found = next(each for each in layers if each["id"] == layer["id"])
    shown = [(each["name"], each["start"], each["end"], each["traffic"]) for each in found["slots"]]
    assert shown == [("S30", 0, 30, 30), ("S25", None, None, 25)]
    assert found["taken"] == 30


def test_the_global_holdout_shows_what_all_others_did_more(server: Running) -> None:
    path = server.path("/holdout")
    server.api.put(path, json={"percent": 50, "rotation_days": None}).raise_for_status()
    with server.installation.database.read_session() as session:
        from bihuan.experiments import held_out

        held = held_out(session, server.project_id)
    assert held is not None
    now = int(time.time() * 1000) + 5
    away = {number for number in range(3_000) if held.drawn(key64(f"g{number}"))}
    rows = [happened("g", number, VIEWED, now) for number in range(3_000)]
    buyers = {
        number for number in range(3_000) if number % 10 == 0 or (number % 5 == 1 and number not in away)
    }
    rows += [happened("g", number, "Held Order", now + 1) for number in buyers]
    submit(server, rows)
    measure = {"kind": "proportion", "event": {"events": ["Held Order"]}}
    metrics = [{"key": "order", "name": "Order", "role": "primary", "measure": measure}]
    time.sleep(0.1)
    found = server.api.post(f"{path}/read", json={"metrics": metrics, "pre_days": 0}).json()
    reading = found["reading"]
    figures = {each["variant"]: each for each in reading["metrics"][0]["figures"]}
    assert figures["treated"]["total"] == len(buyers - away)
    assert figures["holdout"]["total"] == len(buyers & away)
    assert figures["holdout"]["people"] >= len(away)
    ratio = next(each for each in reading["checks"] if each["kind"] == "sample_ratio")
    assert not ratio["failed"]
    assert reading["verdict"]["outcome"] == "better"
    assert server.api.post(f"{path}/read", json={"metrics": []}).status_code == 422
    assert server.api.delete(path).status_code == 204


def test_a_flag_is_switched_off_and_keeps_its_rules(server: Running) -> None:
    always = {"serve": {"kind": "always", "variant": "on"}}
    production = {"default": "off", "rules": [always]}
    definition = {
        "kind": "boolean",
        "variants": {"off": False, "on": True},
        "off": "off",
        "environments": {"production": production},
    }
    server.api.post(server.path("/flags"), json={"key": "kill", "definition": definition}).raise_for_status()
    path = server.path("/flags/kill")
    assert server.api.post(f"{path}/try", json={}).json()["value"] is True
    off = server.api.post(f"{path}/switch", json={"enabled": False}).json()
    assert off["version"] == 2
    assert len(off["definition"]["environments"]["production"]["rules"]) == 1
    shown = server.api.post(f"{path}/try", json={}).json()
    assert (shown["value"], shown["reason"]) == (False, "DISABLED")
    refused = server.api.post(f"{path}/switch", json={"enabled": True, "environment": "nowhere"})
    assert refused.json()["error"]["code"] == "flag_invalid"
