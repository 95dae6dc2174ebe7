"""Predictions over HTTP: trained by jobs, reported honestly, kept as tags, explained for a person."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from bihuan.audiences.prediction.levers import lever_of
from bihuan.people import Change
from bihuan.warehouse import Engine
from tests.analytics.loading import add_events
from tests.audiences import crowds
from tests.audiences.subjects import refreshed
from tests.server.running import Running, running_server

SECONDS = 120
ACTIVE = {"events": [crowds.VISIT, "look"]}
REVENUE = {"scope": "event", "name": "$revenue"}


@pytest.fixture(scope="module")
def server(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A project of visitors, of buyers and of subscribers."""
    with running_server(engine, tmp_path_factory.mktemp("installation"), work=True) as running:
        store = running.project.store
        for crowd in (crowds.visitors(), crowds.buyers(), crowds.subscribers()):
            add_events(store, crowd)
        yield running


@pytest.fixture(scope="module")
def churn(server: Running) -> dict[str, Any]:
    return made(server, "Churn", {"kind": "churn", "active": ACTIVE})


@pytest.fixture(scope="module")
def value(server: Running) -> dict[str, Any]:
    return made(server, "Value", {"kind": "value", "purchase": {"events": [crowds.BUY]}, "revenue": REVENUE})


def made(server: Running, name: str, definition: dict[str, Any]) -> dict[str, Any]:
    answer = server.api.post(server.path("/predictions"), json={"name": name, "definition": definition})
    assert answer.status_code == 201, answer.text
    assert answer.json()["state"] == "waiting"
    return trained(server, answer.json()["id"], runs=1)


def trained(server: Running, tag_id: str, *, runs: int) -> dict[str, Any]:
    """The prediction once so many runs have ended."""
    path = server.path(f"/predictions/{tag_id}")
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        found = server.api.get(path).raise_for_status().json()
        ended = server.api.get(f"{path}/runs").raise_for_status().json()["items"]
        if len(ended) >= runs and found["state"] in ("ready", "refused"):
            return dict(found)
        time.sleep(0.2)
    raise AssertionError(f"{tag_id} was not trained within {SECONDS} s: {found}")


def sizes(server: Running, tag_id: str) -> dict[str, int]:
    tag = server.api.get(server.path(f"/tags/{tag_id}")).raise_for_status().json()
    return {each["value"]: each["people"] for each in tag["values"]}


def test_churn_is_foretold_better_than_by_recency(server: Running, churn: dict[str, Any]) -> None:
    assert churn["state"] == "ready"
    report = churn["report"]
    windows = report["windows"]
    assert [each["used_for"] for each in windows] == ["learning", "learning", "choosing", "test"]
    assert [each["until"] for each in windows[:-1]] == [each["cutoff"] for each in windows[1:]]
    assert windows[-1]["until"] == report["as_of"]
    test = report["test"]
    assert test["auc"]["value"] > 0.8
    assert test["brier"] < test["brier_of_rate"]
    assert test["lift"]["value"] > 2.5
    assert report["baseline"]["better"]
    assert abs(test["expected_left"] - test["left"]) < 0.25 * test["left"]
    assert sum(each["people"] for each in test["calibration"]) == test["people"]
    assert churn["auc"] == test["auc"]
    levels = {each["value"]: each["people"] for each in report["levels"]}
    assert sizes(server, churn["id"]) == levels
    assert levels["high"] == pytest.approx(0.1 * sum(levels.values()), rel=0.05)


def test_properties_count_as_they_were_when_the_window_began(server: Running, churn: dict[str, Any]) -> None:
    """What was said today of people's fate is no feature; the plan that they began with is."""
    now_ms = crowds.today_ms()
    began_ms = now_ms - 250 * crowds.DAY_MS
    said = []
    for number in range(2500):
        who = f"v{number}"
        plan = {"plan": ("basic", "plus", "pro")[number % 3]}
        said.append(Change(uuid.uuid4(), who, began_ms, began_ms, "set", plan))
        fate = {"fate": "gone" if number % 2 else "here"}
        said.append(Change(uuid.uuid4(), who, now_ms + 1, now_ms + 1, "set", fate))
    server.project.people.record([], said, received_ms=now_ms + 1)
    refs = [{"scope": "person", "name": name} for name in ("plan", "fate")]
    found = made(server, "Churn and plan", {"kind": "churn", "active": ACTIVE, "properties": refs})
    features = {each["name"]: each for each in found["report"]["features"]}
    assert set(features) == {each["name"] for each in churn["report"]["features"]} | {"person:plan"}
    assert (features["person:plan"]["en"], features["person:plan"]["kind"]) == ("plan", "category")
    assert set(features["person:plan"]["codes"]) == {"basic", "plus", "pro", "…"}
    assert found["report"]["windows"] == churn["report"]["windows"]
    assert found["auc"]["value"] == pytest.approx(churn["auc"]["value"], abs=0.03)


def test_a_persons_reasons_are_features_with_direction_and_size(
    server: Running, churn: dict[str, Any]
) -> None:
    path = server.path(f"/predictions/{churn['id']}")
    page = server.api.get(f"{path}/people", params={"limit": 5}).raise_for_status().json()
    top = page["items"]
    assert [each["value"] for each in top] == ["high"] * 5
    assert [each["score"] for each in top] == sorted((each["score"] for each in top), reverse=True)
    more = server.api.get(f"{path}/people", params={"limit": 5, "cursor": page["next_cursor"]}).json()
    assert not {each["person"]["person_id"] for each in more["items"]} & {
        each["person"]["person_id"] for each in top
    }
    names = {each["name"]: each for each in churn["report"]["features"]}
    reasons = top[0]["reasons"]
    assert reasons[0]["direction"] == "raises"
    assert [each["size"] for each in reasons] == sorted((each["size"] for each in reasons), reverse=True)
    for reason in reasons:
        assert reason["usual"] == names[reason["feature"]]["usual"]
        assert reason["en"] in reason["sentence_en"]
        assert reason["zh"] in reason["sentence_zh"]
    who = f"#{top[0]['person']['person_id']}"
    assert server.api.get(f"{path}/of-person", params={"person": who}).json() == top[0]
    answer = server.api.get(f"{path}/of-person", params={"person": "b1"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "nothing_foretold")


def test_another_run_replaces_the_scores(server: Running, churn: dict[str, Any]) -> None:
    store, tag_id = server.project.store, churn["id"]
    server.api.post(server.path(f"/predictions/{tag_id}/train")).raise_for_status()
    again = trained(server, tag_id, runs=2)
    assert again["report"] == churn["report"], "the same data, the same model"
    count = (
        f"SELECT count() FROM {store.table('scores')} FINAL WHERE subject_id = '{tag_id}' AND person_id != 0"
    )
    until = time.monotonic() + 10
    while store.engine.scalar(count) != again["last_run"]["people"] and time.monotonic() < until:
        time.sleep(0.1)
    assert store.engine.scalar(count) == again["last_run"]["people"]
    assert sizes(server, tag_id) == {each["value"]: each["people"] for each in again["report"]["levels"]}


def test_value_has_tiers_intervals_and_a_back_test(server: Running, value: dict[str, Any]) -> None:
    assert value["state"] == "ready"
    report = value["report"]
    parameters = {each["name"]: each for each in report["parameters"]}
    true = {"r": 1.2, "alpha": 25.0, "a": 1.0, "b": 5.0}
    for name, expected in true.items():
        found = parameters[name]
        assert abs(found["value"] - expected) < 4 * found["error"], (name, found)
    test = report["back_test"]
    assert test["inside"]
    assert test["mean_absolute_error"] < test["same_rate_absolute_error"]
    assert test["value"]["low"] < test["actual_value"] < test["value"]["high"]
    last = report["curve"][-1]
    assert last["forecast"] == pytest.approx(last["actual"], rel=0.1)
    assert report["tiers"][0]["people"] == 60
    assert sizes(server, value["id"]) == {each["value"]: each["people"] for each in report["tiers"]}
    assert (
        value["total"]
        == report["value"]["value"]
        == pytest.approx(sum(each["total"] for each in report["tiers"]))
    )
    path = server.path(f"/predictions/{value['id']}")
    best = server.api.get(f"{path}/people", params={"limit": 1}).json()["items"][0]
    assert best["value"] == "top"
    who = {"person": best["person"]["distinct_ids"][0]}
    one = server.api.get(f"{path}/of-person", params=who).json()
    assert one["low"] <= one["score"] <= one["high"]
    assert one["figures"]["alive"] > 0.5


def test_a_contract_is_foretold_by_renewals(server: Running) -> None:
    definition = {
        "kind": "value",
        "purchase": {"events": [crowds.PAID]},
        "revenue": REVENUE,
        "contract": "week",
        "horizon_days": 70,
    }
    found = made(server, "Contract", definition)
    report = found["report"]
    assert (report["kind"], report["horizon_units"], report["people"]) == ("contract", 10, 1500)
    alpha, beta = report["parameters"]
    assert abs(alpha["value"] - 1.0) < 4 * alpha["error"]
    assert abs(beta["value"] - 6.0) < 4 * beta["error"]
    assert abs(report["back_test"]["error_share"]) < 0.1
    assert sum(sizes(server, found["id"]).values()) == report["there"]


def test_too_little_data_is_refused_with_what_is_needed(server: Running) -> None:
    short = made(server, "Long horizon", {"kind": "churn", "active": ACTIVE, "horizon_days": 200})
    assert short["state"] == "refused"
    refusal = short["last_run"]["refusal"]
    assert (refusal["code"], refusal["have"], refusal["need"]) == ("data_insufficient", 240, 430)
    assert short["report"] is None
    assert short["error"]["code"] == "data_insufficient"
    few = {"kind": "value", "purchase": {"events": [crowds.BUY], "filter": BY_ONE}}
    refusal = made(server, "One buyer", few)["last_run"]["refusal"]
    assert (refusal["code"], refusal["need"]) == ("data_insufficient", 200)


BY_ONE = {
    "type": "text",
    "property": {"scope": "field", "name": "distinct_id"},
    "operator": "is",
    "values": ["b1"],
}


def test_levers_come_from_stage_value_and_risk(
    server: Running, churn: dict[str, Any], value: dict[str, Any]
) -> None:
    everyone = {"kind": "all", "items": []}
    body = {"name": "Everyone", "people": {"condition": everyone}}
    made_now = server.api.post(server.path("/audiences"), json=body).raise_for_status().json()
    size = refreshed(server, "audiences", made_now["id"])["size"]
    path = server.path(f"/audiences/{made_now['id']}/levers")
    found = server.api.get(path, params={"value": value["id"], "risk": churn["id"]}).raise_for_status().json()
    assert found["people"] == size == sum(each["people"] for each in found["groups"])
    assert found["missing"] == ["stage"]
    assert found["sources"] == {"value": value["id"], "risk": churn["id"]}
    sums = {each["lever"]: each for each in found["levers"]}
    assert sum(each["people"] for each in sums.values()) == size
    for group in found["groups"]:
        assert group["lever"] == lever_of(group["stage"], group["value"], group["risk"], values_known=True)
    refer = [each for each in found["groups"] if each["lever"] == "refer"]
    assert sums["refer"]["at_stake"] == pytest.approx(sum(each["expected"] for each in refer)) != 0
    assert all(each["value"] in ("top", "high") for each in refer)
    at_stake = {lever: each["at_stake"] for lever, each in sums.items()}
    assert at_stake == pytest.approx(stakes_of(found["groups"]))
    assert at_stake["activate"] + at_stake["convert"] > 0
    everything = sum(each["expected"] for each in found["groups"])
    assert everything == pytest.approx(value["report"]["value"]["value"])
    for lever, one in sums.items():
        asked = {"lever": lever, "value": value["id"], "risk": churn["id"]}
        page = server.api.post(f"{path}/people", json=asked, params={"limit": 1000}).raise_for_status().json()
        assert len({each["person_id"] for each in page["items"]}) == min(one["people"], 1000)
    answer = server.api.get(path, params={"stage": value["id"]})
    assert answer.json()["error"]["code"] == "prediction_not_found"
    answer = server.api.get(server.path("/audiences/nothing/levers"))
    assert answer.json()["error"]["code"] == "audience_not_found"


def stakes_of(groups: list[dict[str, Any]]) -> dict[str, float]:
    """Of groups that everybody is in."""

    def worth(**wanted: str) -> float:
        own = [each for each in groups if each["stage"] in ("growing", "mature")]
        own = [each for each in own if all(each[name] == value for name, value in wanted.items())]
        return sum(each["expected"] for each in own) / max(1, sum(each["people"] for each in own))

    stakes = dict.fromkeys(("acquire", "activate", "retain", "convert", "refer", "win_back"), 0.0)
    for group in groups:
        further = {
            "activate": worth(stage="mature") or worth(),
            "convert": worth(value="high" if group["value"] == "medium" else "medium"),
        }.get(group["lever"], worth())
        stakes[group["lever"]] += {"retain": group["at_risk"], "refer": group["expected"]}.get(
            group["lever"], max(0.0, group["people"] * further - group["expected"])
        )
    return stakes


@pytest.mark.parametrize(
    ("stage", "value", "risk", "lever"),
    [
        (None, None, None, "acquire"),
        ("lost", "top", None, "win_back"),
        ("dormant", None, "low", "win_back"),
        ("onboarding", None, "high", "activate"),
        ("growing", "low", "high", "retain"),
        ("mature", "top", "medium", "retain"),
        ("mature", "top", "low", "refer"),
        ("growing", "medium", "low", "activate"),
        ("mature", "medium", "low", "convert"),
        ("mature", None, "low", "convert"),
    ],
)
def test_the_lever_of_a_group(stage: str | None, value: str | None, risk: str | None, lever: str) -> None:
    assert lever_of(stage, value, risk, values_known=True) == lever


def test_predictions_are_listed_and_deleted_as_tags(server: Running, value: dict[str, Any]) -> None:
    listed = server.api.get(server.path("/predictions"), params={"kind": "value"}).json()["items"]
    found = next(each for each in listed if each["id"] == value["id"])
    assert (found["total"], found["auc"]) == (value["total"], None)
    answer = server.api.get(server.path("/predictions/nothing"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "prediction_not_found")
    unknown = {"name": "Unknown", "definition": {"kind": "churn", "active": {"events": ["nothing"]}}}
    answer = server.api.post(server.path("/predictions"), json=unknown)
    assert answer.json()["error"]["code"] == "name_unknown"
    weekly = {"kind": "value", "purchase": {"events": [crowds.PAID]}, "contract": "week"}
    tag_id = made(server, "To delete", weekly)["id"]
    assert server.api.delete(server.path(f"/tags/{tag_id}")).status_code == 204
    assert server.api.get(server.path(f"/predictions/{tag_id}")).status_code == 404
    store = server.project.store
    count = f"SELECT count() FROM {store.table('scores')} WHERE subject_id = '{tag_id}'"
    until = time.monotonic() + 10
    while store.engine.scalar(count) and time.monotonic() < until:
        time.sleep(0.1)
    assert store.engine.scalar(count) == 0


def test_nothing_is_left_of_an_erased_person(server: Running, churn: dict[str, Any]) -> None:
    path = server.path(f"/predictions/{churn['id']}")
    last = server.api.get(f"{path}/people", params={"limit": 1000}).json()["items"][-1]
    who = last["person"]["distinct_ids"][0]
    store, person = server.project.store, last["person"]["person_id"]
    count = f"SELECT count() FROM {store.table('scores')} WHERE person_id = {person}"
    assert store.engine.scalar(count) > 0
    server.project.people.erase(who, actor="test")
    assert store.engine.scalar(count) == 0
