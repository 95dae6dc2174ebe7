"""Experiments end to end: layers, assignment at the start, bandits, the global holdout, rights and audit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from bihuan.audiences.subjects import log_context
from bihuan.experiments import HeldOut, Tender, held_out
from bihuan.experiments.flags.evaluation import Shown
from bihuan.experiments.flags.exposing import exposure_row
from bihuan.experiments.holdouts.models import GlobalHoldout
from bihuan.kernel.hashing import key64
from bihuan.stats.experiments import Moments
from bihuan.stats.experiments.bandit import bandit_effect
from bihuan.warehouse import Batch, event_row
from bihuan.warehouse.assignments import values_sql
from tests.insights.shop import ORDERED, VIEWED
from tests.server.running import Running

CROWD = 4_000


@pytest.fixture(scope="module")
def crowd(server: Running) -> Running:
    """Many people who have looked."""
    now = int(datetime.now(UTC).timestamp() * 1000)
    seen = [
        event_row(
            event_id=number.to_bytes(16, "big"),
            event=VIEWED,
            time_ms=now - 3_600_000,
            received_ms=now,
            distinct_id=f"c{number}",
            source="web",
            properties={},
        )
        for number in range(1, CROWD + 1)
    ]
    server.installation.writer.submit(server.project.store, Batch(events=seen)).result()
    return server


def plan(**changes: Any) -> dict[str, Any]:
    ordered = {"kind": "proportion", "event": {"events": [ORDERED]}}
    return {
        "variants": [{"key": "a"}, {"key": "b"}],
        "control": "a",
        "metrics": [{"key": "order", "name": "Order", "role": "primary", "measure": ordered}],
        **changes,
    }


def made(server: Running, name: str, **changes: Any) -> str:
    answer = server.api.post(server.path("/experiments"), json={"name": name, "plan": plan(**changes)})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def step(server: Running, experiment_id: str, verb: str, **body: Any) -> httpx.Response:
    return server.api.post(server.path(f"/experiments/{experiment_id}/{verb}"), json=body or None)


def groups_of(server: Running, subject_id: str) -> dict[int, str]:
    store = server.project.store
    return {row[1]: row[2] for row in store.engine.rows(values_sql(store.table, [subject_id]))}


def test_everybody_is_assigned_at_the_start_but_for_those_held_out(crowd: Running) -> None:
    path = crowd.path("/holdout")
    assert crowd.api.get(path).json()["error"]["code"] == "holdout_not_found"
    spared = {"kind": "listed", "distinct_ids": [f"c{number}" for number in range(1, 2_001)]}
    held = crowd.api.put(path, json={"percent": 20, "rotation_days": 30, "excluded": spared}).json()
    assert (held["percent"], held["round"]) == (20, 0)
    size = crowd.api.get(f"{path}/size").json()
    assert size["people"] == pytest.approx(400, abs=70)
    experiment_id = made(crowd, "Assigned", source={"kind": "assigned"}, traffic=50)
    assert step(crowd, experiment_id, "start").status_code == 200
    groups = groups_of(crowd, experiment_id)
    store, row = crowd.project.store, crowd.project.row
    with crowd.installation.database.read_session() as session:
        found = held_out(session, crowd.project_id)
    assert found is not None
    everybody = [key64(f"c{number}") for number in range(1, CROWD + 1)]
    away = found.among(store, log_context(row, store), everybody)
    assert away.isdisjoint(groups)
    assert away.isdisjoint(everybody[:2_000])
    assert size["people"] >= len(away) > 300
    assert len(groups) == pytest.approx((CROWD - len(away)) / 2, abs=130)
    counts = Counter(groups.values())
    assert counts["a"] == pytest.approx(counts["b"], abs=150)
    reading = step(crowd, experiment_id, "read").json()["reading"]
    assert {each["variant"]: each["people"] for each in reading["groups"]} == dict(counts)
    assert reading["verdict"]["outcome"] == "nothing_shown"
    behind = crowd.path(f"/experiments/{experiment_id}/people")
    page = crowd.api.get(behind, params={"variant": "a", "limit": 300}).json()
    rest = {"variant": "a", "limit": 1_000, "cursor": page["next_cursor"]}
    shown = [*page["items"], *crowd.api.get(behind, params=rest).json()["items"]]
    assert [int(each["person_id"]) for each in shown] == sorted(
        person for person, group in groups.items() if group == "a"
    )
    assert step(crowd, experiment_id, "start").json()["error"]["code"] == "experiment_status_wrong"
    assert crowd.api.delete(path).status_code == 204


def test_every_reading_of_the_holdout_is_kept_and_makes_a_course(crowd: Running) -> None:
    path = crowd.path("/holdout")
    crowd.api.put(path, json={"percent": 30}).raise_for_status()
    ordered = {"kind": "proportion", "event": {"events": [ORDERED]}}
    metric = {"key": "order", "name": "Order", "role": "primary", "measure": ordered}
    asked = {"metrics": [metric], "pre_days": 0}

    def read(question: dict[str, Any]) -> dict[str, Any]:
        answer = crowd.api.post(f"{path}/read", json=question)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    first = read(asked)
    assert [len(each["points"]) for each in first["course"]] == [1]
    held = next(each["people"] for each in first["reading"]["groups"] if each["variant"] == "holdout")
    assert first["course"][0]["points"][0]["people"] > held > 0
    buy(crowd, [f"c{number}" for number in range(1, 1_001)])
    second = read({**asked, "metrics": [{**metric, "name": "Bestellt"}]})
    (course,) = second["course"]
    assert course["any_time"]
    assert [each["cause"] for each in course["points"]] == ["member", "member"]
    shown = second["reading"]["metrics"][0]["effects"][0]["difference"]
    last = course["points"][-1]
    assert last["difference"] == shown
    # What both looks leave possible together is no wider than what the last one does.
    assert shown["low"] <= last["narrowed"]["low"] <= last["narrowed"]["high"] <= shown["high"]
    other = {**metric, "measure": {**ordered, "times": 2}}
    assert len(read({**asked, "metrics": [other]})["course"][0]["points"]) == 1
    tender = Tender(crowd.installation.database, crowd.project.row, crowd.project.store)
    before = len(kept_looks(crowd))
    tender.due()
    assert len(kept_looks(crowd)) == before
    tender.due(now=datetime.now(UTC) + timedelta(hours=25))
    looks = kept_looks(crowd)
    assert len(looks) == before + 2
    assert {each["cause"] for each in looks[:2]} == {"schedule"}
    assert looks[-1]["reading"]["metrics"][0]["effects"] == first["reading"]["metrics"][0]["effects"]
    crowd.api.put(path, json={"percent": 31}).raise_for_status()
    # Of a changed holdout it begins anew.
    assert len(read(asked)["course"][0]["points"]) == 1
    assert crowd.api.delete(path).status_code == 204
    assert len(kept_looks(crowd)) == len(looks) + 1


def kept_looks(server: Running) -> list[dict[str, Any]]:
    return list(server.api.get(server.path("/holdout/looks"), params={"limit": 100}).json()["items"])


def buy(server: Running, names: list[str]) -> None:
    now = int(datetime.now(UTC).timestamp() * 1000)
    rows = [
        event_row(
            event_id=f"h{number}".encode().ljust(16)[-16:],
            event=ORDERED,
            time_ms=now,
            received_ms=now,
            distinct_id=name,
            source="web",
            properties={},
        )
        for number, name in enumerate(names)
    ]
    server.installation.writer.submit(server.project.store, Batch(events=rows)).result()


def test_others_are_held_out_after_the_rotation(crowd: Running) -> None:
    begun = datetime(2026, 1, 1, tzinfo=UTC)
    row = GlobalHoldout(
        project_id="p", percent=10, rotation_days=30, excluded=None, salt="s", started_at=begun
    )
    people = [key64(f"c{number}") for number in range(CROWD)]
    first = {each for each in people if HeldOut.at(row, begun + timedelta(days=29)).drawn(each)}
    second = {each for each in people if HeldOut.at(row, begun + timedelta(days=31)).drawn(each)}
    assert len(first) == pytest.approx(400, abs=80)
    # As many of both as of two independent tenths.
    assert len(first & second) == pytest.approx(40, abs=25)


def test_experiments_of_a_layer_take_different_people_until_it_is_full(crowd: Running) -> None:
    path = crowd.path("/experiment-layers")
    layer = crowd.api.post(path, json={"name": "Checkout"}).json()
    assert crowd.api.post(path, json={"name": "Checkout"}).status_code == 409
    common = {"source": {"kind": "assigned"}, "layer_id": layer["id"], "respects_holdout": False}
    ids = [made(crowd, f"L{share}", traffic=share, **common) for share in (40, 50, 30)]
    for each in ids[:2]:
        assert step(crowd, each, "start").status_code == 200
    refused = step(crowd, ids[2], "start").json()["error"]
    assert refused["code"] == "layer_full"
    assert "10 %" in refused["message"]
    one, other = (groups_of(crowd, each) for each in ids[:2])
    assert len(one) == pytest.approx(0.4 * CROWD, abs=150)
    assert set(one).isdisjoint(other)
    assert crowd.api.get(path).json()["items"][0]["taken"] == pytest.approx(90)
    assert crowd.api.delete(f"{path}/{layer['id']}").json()["error"]["code"] == "layer_in_use"
    step(crowd, ids[0], "stop").raise_for_status()
    assert step(crowd, ids[2], "start").status_code == 200


def expose(server: Running, experiment_id: str, people: dict[str, str], buyers: set[str]) -> None:
    now = int(datetime.now(UTC).timestamp() * 1000)
    rows = []
    for number, (name, variant) in enumerate(people.items()):
        shown = Shown(variant, "SPLIT", experiment_id=experiment_id)
        rows.append(
            exposure_row(server.project_id, "f", shown, person=key64(name), distinct_id=name, at_ms=now)
        )
        if name in buyers:
            identity = f"{experiment_id}{number}".encode().ljust(16)[-16:]
            rows.append(
                event_row(
                    event_id=identity,
                    event=ORDERED,
                    time_ms=now + 1,
                    received_ms=now,
                    distinct_id=name,
                    source="web",
                    properties={},
                )
            )
    server.installation.writer.submit(server.project.store, Batch(events=rows)).result()


def test_a_bandit_follows_its_results_and_is_read_by_period(crowd: Running) -> None:
    bandit = {"every_hours": 1, "least_share": 0.1}
    experiment_id = made(crowd, "Bandit", bandit=bandit, pre_days=0, looks="once")
    step(crowd, experiment_id, "start").raise_for_status()
    people = {f"b{number}": "a" if number % 2 else "b" for number in range(400)}
    buyers = {f"b{number}" for number in range(400) if number % 20 == 1 or number % 10 == 0}
    expose(crowd, experiment_id, people, buyers)
    tender = Tender(crowd.installation.database, crowd.project.row, crowd.project.store)
    assert tender.due() == 0
    soon = datetime.now(UTC) + timedelta(hours=2)
    assert tender.due(now=soon) == 1
    weighed = crowd.api.get(crowd.path(f"/experiments/{experiment_id}/weights")).json()
    assert weighed[0]["weights"] == {"a": 0.5, "b": 0.5}
    # 20 of 200 odd ones against 40 of 200 even ones: b is surely better.
    assert weighed[1]["weights"]["b"] == pytest.approx(0.9, abs=0.02)
    assert sum(weighed[1]["weights"].values()) == pytest.approx(1)
    later = {f"d{number}": "b" if number % 10 else "a" for number in range(200)}
    expose(crowd, experiment_id, later, set())
    reading = step(crowd, experiment_id, "read").json()["reading"]
    assert {each["variant"]: each["people"] for each in reading["groups"]} == {"a": 220, "b": 380}
    ratio = next(each for each in reading["checks"] if each["kind"] == "sample_ratio")
    # 220 to 380 is far from half and half; by period it is as planned.
    assert not ratio["failed"]
    seen = {each["variant"]: each["total"] for each in reading["metrics"][0]["figures"]}
    assert seen == {"a": 20, "b": 40}
    batches = [(Moments(200, 20, 20), Moments(200, 40, 40)), (Moments(20), Moments(180))]
    expected = bandit_effect(batches).difference
    assert expected is not None
    found = reading["metrics"][0]["effects"][0]["difference"]
    assert [found[name] for name in ("value", "low", "high")] == pytest.approx(
        [expected.value, expected.low, expected.high]
    )
    assert reading["looks"] == "once"


def test_a_plan_that_contradicts_itself_is_refused(crowd: Running) -> None:
    ordered = {"kind": "proportion", "event": {"events": [ORDERED]}}
    wrong: list[dict[str, Any]] = [
        {"control": "c"},
        {"variants": [{"key": "a"}, {"key": "a"}]},
        {"metrics": [{"key": "m", "name": "m", "measure": ordered}]},
        {"bandit": {}, "source": {"kind": "assigned"}},
        {"source": {"kind": "assigned"}, "segments": [{"name": "plan"}]},
        {"source": {"kind": "campaign", "campaign_id": "c1"}},
        {"eligible": {"kind": "did", "event": {"events": ["Never Seen"]}}},
    ]
    for changes in wrong:
        body = {"name": "Wrong", "plan": plan(**changes)}
        assert crowd.api.post(crowd.path("/experiments"), json=body).status_code == 422, changes


def test_a_metric_of_insights_is_measured_person_by_person(crowd: Running) -> None:
    def metric(name: str, query: dict[str, Any]) -> httpx.Response:
        body = {"name": name, "query": {"kind": "trend", **query}}
        kept = crowd.api.post(crowd.path("/metrics"), json=body)
        assert kept.status_code == 201, kept.text
        asked = {"metric_id": kept.json()["id"], "key": "m"}
        return crowd.api.post(crowd.path("/experiments/metric"), json=asked)

    revenue = {"kind": "property", "property": {"name": "$revenue"}, "aggregate": "sum"}
    orders = {"selector": {"events": [ORDERED]}, "measure": {"kind": "count"}}
    spent = {"selector": {"events": [ORDERED]}, "measure": revenue}
    assert metric("Spent", {"series": [spent]}).json()["measure"]["kind"] == "mean"
    buyers = {"selector": {"events": [ORDERED]}, "measure": {"kind": "people"}}
    assert metric("Buyers", {"series": [buyers]}).json()["measure"]["kind"] == "proportion"
    value = metric("Value", {"series": [spent, orders], "formulas": [{"expression": "A / B"}]}).json()
    assert value["measure"]["kind"] == "ratio"
    assert value["measure"]["denominator"]["property"] is None
    refused = metric("Odd", {"series": [spent, orders], "formulas": [{"expression": "A + B"}]})
    assert refused.json()["error"]["code"] == "metric_not_measurable"


def test_a_key_that_only_reads_changes_nothing_and_changes_are_recorded(
    crowd: Running, caller: Callable[..., httpx.Client]
) -> None:
    experiment_id = made(crowd, "Audited")
    path = crowd.path(f"/experiments/{experiment_id}")
    with caller("read") as reader:
        assert reader.get(path).status_code == 200
        for method, url in (
            ("PATCH", path),
            ("DELETE", path),
            ("POST", f"{path}/start"),
            ("PUT", crowd.path("/holdout")),
            ("DELETE", crowd.path("/holdout")),
            ("DELETE", crowd.path("/flags/x")),
        ):
            assert reader.request(method, url, json={}).status_code == 403, (method, url)
    assert crowd.api.get(path).json()["status"] == "draft"
    renamed = crowd.api.patch(path, json={"name": "Renamed", "hypothesis": "It helps."}).json()
    assert (renamed["name"], renamed["hypothesis"]) == ("Renamed", "It helps.")
    step(crowd, experiment_id, "start").raise_for_status()
    step(crowd, experiment_id, "stop").raise_for_status()
    assert crowd.api.delete(path).status_code == 204
    assert crowd.api.get(path).json()["error"]["code"] == "experiment_not_found"
    acts = crowd.api.get(crowd.path("/audit"), params={"limit": 200}).json()["items"]
    mine = [each["action"] for each in acts if each["target_id"] == experiment_id]
    assert sorted(mine) == [
        f"experiment.{act}" for act in ("changed", "created", "deleted", "started", "stopped")
    ]
