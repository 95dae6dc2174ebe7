"""A published experiment through the API: Hillstrom's mailing, whose lifts are known."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from bihuan.analytics.query import EventSelector, PropertyRef
from bihuan.audiences.subjects import log_context
from bihuan.experiments import (
    HOLDOUT,
    Assigned,
    Figure,
    Mean,
    Metric,
    OfCampaign,
    Proportion,
    measure_holdout,
    record_groups,
)
from bihuan.warehouse import Engine
from bihuan.warehouse.assignments import sizes
from tests.analytics.loading import add_events
from tests.experiments.hillstrom import CONTROL, MAILED_MS, MENS, WOMENS, events, person, rows
from tests.server.running import Running, running_server
from tests.shared_data import shared_file

VISITED, BOUGHT = EventSelector(events=("visited",)), EventSelector(events=("bought",))
VISIT = Metric(key="visit", name="Visit", role="primary", measure=Proportion(event=VISITED))
DAY_MS = 86_400_000


@pytest.fixture(scope="module")
def filled(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    given = shared_file("hillstrom/hillstrom.csv")
    with running_server(engine, tmp_path_factory.mktemp("installation")) as running:
        add_events(running.project.store, events(given))
        yield running


def plan(**changes: Any) -> dict[str, Any]:
    def of(event: str) -> dict[str, Any]:
        return {"events": [event]}

    spend = {"event": of("bought"), "property": {"name": "$revenue"}}
    metrics = [
        {"key": "visit", "name": "Visit", "role": "primary", "measure": _share("visited")},
        {"key": "conversion", "name": "Conversion", "measure": _share("bought")},
        {"key": "spend", "name": "Spend", "measure": {"kind": "mean", "figure": spend}},
        {
            "key": "order_value",
            "name": "Order value",
            "measure": {"kind": "ratio", "numerator": spend, "denominator": {"event": of("bought")}},
        },
        {
            "key": "bought_after_visit",
            "name": "Bought after a visit",
            "measure": {"kind": "funnel", "steps": [of("visited"), of("bought")]},
        },
    ]
    return {
        "source": {"kind": "event", "event": of("drawn"), "variant": {"name": "segment"}},
        "variants": [{"key": each} for each in (CONTROL, MENS, WOMENS)],
        "control": CONTROL,
        "metrics": metrics,
        "segments": [{"name": "newbie"}],
        "pre_days": 0,
        "looks": "once",
        **changes,
    }


def _share(event: str) -> dict[str, Any]:
    return {"kind": "proportion", "event": {"events": [event]}}


def test_the_published_lifts_come_out_of_the_api(filled: Running) -> None:
    path = filled.path("/experiments")
    made = filled.api.post(path, json={"name": "Hillstrom", "plan": plan()})
    assert made.status_code == 201, made.text
    mine = f"{path}/{made.json()['id']}"
    assert filled.api.post(f"{mine}/read").json()["error"]["code"] == "not_attributable"
    started = filled.api.post(f"{mine}/start").json()
    assert started["status"] == "running"
    read = filled.api.post(f"{mine}/read")
    assert read.status_code == 201, read.text
    reading = read.json()["reading"]
    assert [each["people"] for each in reading["groups"]] == [21306, 21307, 21387]
    assert not any(each["failed"] for each in reading["checks"])
    metrics = {each["key"]: each for each in reading["metrics"]}

    def shown(key: str) -> list[float]:
        return [each["estimate"]["value"] for each in metrics[key]["figures"]]

    def lifts(key: str) -> list[float]:
        return [each["difference"]["value"] for each in metrics[key]["effects"]]

    assert [round(100 * each, 2) for each in shown("visit")] == [10.62, 18.28, 15.14]
    assert [round(100 * each, 2) for each in lifts("visit")] == [7.66, 4.52]
    assert [round(100 * each, 3) for each in shown("conversion")] == [0.573, 1.253, 0.884]
    assert [round(each, 3) for each in shown("spend")] == [0.653, 1.423, 1.077]
    # Every conversion of the study is that of a visitor.
    assert shown("bought_after_visit") == shown("conversion")
    visit = metrics["visit"]["effects"][0]
    assert visit["p_corrected"] < 1e-50
    assert visit["chance_better"] > 0.999
    assert visit["incremental"]["value"] == pytest.approx(0.0766 * 21307, rel=1e-3)
    by_segment = metrics["visit"]["segments"]
    assert sum(each["figures"][0]["total"] for each in by_segment) == metrics["visit"]["figures"][0]["total"]
    assert {each["value"] for each in by_segment} == {"0", "1"}
    verdict = reading["verdict"]
    assert (verdict["outcome"], verdict["variant"]) == ("better", MENS)
    assert "+7.66 points" in verdict["said"][0]["en"]
    assert "+7.66 个百分点" in verdict["said"][0]["zh"]
    looks = filled.api.get(f"{mine}/looks").json()["items"]
    assert [each["reading"] for each in looks] == [reading]
    spoiled = filled.api.patch(mine, json={"plan": plan(pre_days=7)})
    assert spoiled.json()["error"]["code"] == "experiment_fixed"
    assert filled.api.post(f"{mine}/stop").json()["status"] == "stopped"
    decided = filled.api.post(f"{mine}/decide", json={"variant": MENS, "reason": "more visits"}).json()
    assert (decided["status"], decided["decision"]["variant"]) == ("decided", MENS)
    assert filled.api.delete(mine).status_code == 204


def test_a_campaign_is_measured_against_those_it_held_out(filled: Running) -> None:
    people = rows(shared_file("hillstrom/hillstrom.csv"))
    store = filled.project.store
    groups = {
        person(number): HOLDOUT if row["segment"] == CONTROL else "treated"
        for number, row in enumerate(people)
        if row["segment"] != WOMENS
    }
    record_groups(store, "campaign1", groups, at_ms=MAILED_MS)
    swapped = dict.fromkeys(groups, "treated")
    record_groups(store, "campaign1", swapped, at_ms=MAILED_MS + DAY_MS)
    assert sizes(store, ["campaign1"])["campaign1"].values == {HOLDOUT: 21306, "treated": 21307}
    ctx = log_context(filled.project.row, store)
    spend = Figure(event=BOUGHT, property=PropertyRef(name="$revenue"))
    capped = Metric(key="spend", name="Spend", measure=Mean(figure=spend, cap_percentile=99))
    reading = measure_holdout(
        store,
        ctx,
        Assigned(subject_id="campaign1"),
        [VISIT, capped],
        subject_id="campaign1",
        from_ms=MAILED_MS,
        to_ms=MAILED_MS + DAY_MS,
        shares={HOLDOUT: 0.5, "treated": 0.5},
    )
    effect = reading.metrics[0].effects[0]
    assert effect.difference is not None
    assert round(100 * effect.difference.value, 2) == 7.66
    assert reading.verdict.outcome == "better"
    spent = reading.metrics[1].figures[0].estimate
    assert spent is not None
    assert 0.5 < spent.value < 0.653


def test_without_a_holdout_nothing_is_attributed(filled: Running) -> None:
    store = filled.project.store
    reading = measure_holdout(
        store,
        log_context(filled.project.row, store),
        OfCampaign(campaign_id="nobody"),
        [VISIT],
        subject_id="nobody",
        from_ms=MAILED_MS,
        to_ms=time.time_ns() // 1_000_000,
    )
    assert reading.verdict.outcome == "not_attributable"
    assert "cannot be attributed" in reading.verdict.not_said[0].en
    assert reading.verdict.said == []


def test_wrong_shares_stop_the_verdict(filled: Running) -> None:
    store = filled.project.store
    reading = measure_holdout(
        store,
        log_context(filled.project.row, store),
        Assigned(subject_id="campaign1"),
        [VISIT],
        subject_id="campaign1",
        from_ms=MAILED_MS,
        to_ms=MAILED_MS + DAY_MS,
        shares={HOLDOUT: 0.48, "treated": 0.52},
    )
    assert reading.verdict.outcome == "stopped"
    assert [each.kind for each in reading.checks if each.failed] == ["sample_ratio"]
