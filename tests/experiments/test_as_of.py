"""A project that looks back from a past moment: what is done in it today is read until today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bihuan.campaigns.judging.reports import goal_of
from bihuan.campaigns.models import Campaign
from bihuan.experiments import Tender
from bihuan.experiments.flags.evaluation import Shown
from bihuan.experiments.flags.exposing import exposure_row
from bihuan.kernel.hashing import key64
from bihuan.warehouse import Batch, Engine, event_row
from tests.insights.shop import ORDERED, VIEWED
from tests.server.running import Running, running_server

ENDED = datetime(2020, 3, 3, tzinfo=UTC)
ENDED_MS = round(ENDED.timestamp() * 1000)
DAY_MS = 86_400_000
CROWD = 400
IDS = count(1)
PEOPLE = [f"s{number}" for number in range(CROWD)]
DREW = "Drawn elsewhere"
BOUGHT = {"kind": "proportion", "event": {"events": [ORDERED]}}
METRIC = {"key": "order", "name": "Order", "role": "primary", "measure": BOUGHT}


def row(event: str, name: str, time_ms: int, **properties: Any) -> Any:
    return event_row(
        event_id=next(IDS).to_bytes(16, "big"),
        event=event,
        time_ms=time_ms,
        received_ms=time_ms,
        distinct_id=name,
        source="web",
        properties=properties,
    )


def now_ms() -> int:
    return round(datetime.now(UTC).timestamp() * 1000)


def store_events(server: Running, events: list[Any]) -> None:
    server.installation.writer.submit(server.project.store, Batch(events=events)).result()


@pytest.fixture(scope="module")
def study(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A log that ended years ago; a third were drawn into variants on its last day, others long before."""
    with running_server(engine, tmp_path_factory.mktemp("study")) as server:
        settings = {"settings": {"as_of": ENDED.isoformat()}}
        server.api.patch(f"/api/projects/{server.project_id}", json=settings).raise_for_status()
        seen = [row(VIEWED, name, ENDED_MS - 20 * DAY_MS) for name in PEOPLE]
        drawn = [
            row(DREW, name, ENDED_MS - (1 if number % 3 == 0 else 15) * DAY_MS, arm="ab"[number % 2])
            for number, name in enumerate(PEOPLE)
        ]
        long_ago = row(ORDERED, PEOPLE[0], ENDED_MS - 25 * DAY_MS)
        store_events(server, [long_ago, *seen, *drawn])
        yield server


def begun(server: Running, name: str, **changes: Any) -> str:
    plan = {
        "variants": [{"key": "a"}, {"key": "b"}],
        "control": "a",
        "metrics": [METRIC],
        "pre_days": 0,
        **changes,
    }
    made = server.api.post(server.path("/experiments"), json={"name": name, "plan": plan}).json()
    server.api.post(server.path(f"/experiments/{made['id']}/start")).raise_for_status()
    return str(made["id"])


def read(server: Running, experiment_id: str) -> dict[str, Any]:
    answer = server.api.post(server.path(f"/experiments/{experiment_id}/read"))
    assert answer.status_code == 201, answer.text
    return dict(answer.json()["reading"])


def people_of(reading: dict[str, Any]) -> dict[str, int]:
    return {each["variant"]: each["people"] for each in reading["groups"]}


def totals_of(reading: dict[str, Any]) -> dict[str, tuple[int, float]]:
    return {each["variant"]: (each["people"], each["total"]) for each in reading["metrics"][0]["figures"]}


def test_exposures_of_today_and_what_people_do_then_are_read(study: Running) -> None:
    experiment_id = begun(study, "Shown today", bandit={"every_hours": 1, "least_share": 0.1}, looks="once")
    at = now_ms()
    rows = [
        exposure_row(
            study.project_id,
            "f",
            Shown("b" if number % 2 else "a", "SPLIT", experiment_id=experiment_id),
            person=key64(name),
            distinct_id=name,
            at_ms=at,
        )
        for number, name in enumerate(PEOPLE)
    ]
    # Of b every second one buys, of a every tenth.
    buyers = [name for number, name in enumerate(PEOPLE) if number % 4 == 1 or number % 20 == 0]
    store_events(study, [*rows, *(row(ORDERED, name, at + 1) for name in buyers)])
    reading = read(study, experiment_id)
    assert people_of(reading) == {"a": 200, "b": 200}
    assert totals_of(reading) == {"a": (200, 20), "b": (200, 100)}
    assert reading["at_ms"] >= at
    shown = study.api.get(study.path(f"/experiments/{experiment_id}/people"), params={"variant": "b"})
    assert len(shown.json()["items"]) == 100
    tender = Tender(study.installation.database, study.project.row, study.project.store)
    later = datetime.fromtimestamp(at / 1000 + 7_200, UTC)
    assert tender.due(now=later) == 1
    weights = study.api.get(study.path(f"/experiments/{experiment_id}/weights")).json()[-1]["weights"]
    assert weights["b"] == pytest.approx(0.9, abs=0.02)


def test_everybody_of_the_study_is_assigned_today_and_read(study: Running) -> None:
    eligible = {
        "kind": "did",
        "event": {"events": [VIEWED]},
        "window": {"kind": "last", "count": 30, "unit": "day"},
    }
    experiment_id = begun(study, "Assigned today", source={"kind": "assigned"}, eligible=eligible)
    reading = read(study, experiment_id)
    # Who looked in the last 30 days of the study is asked as of its end.
    assert sum(people_of(reading).values()) == CROWD
    at = now_ms()
    store_events(study, [row(ORDERED, name, at) for name in PEOPLE])
    assert totals_of(read(study, experiment_id)) == {
        variant: (people, people) for variant, people in people_of(reading).items()
    }


def test_groups_that_others_drew_are_read_as_of_the_end(study: Running) -> None:
    source = {"kind": "event", "event": {"events": [DREW]}, "variant": {"name": "arm"}}
    week = {**METRIC, "window": {"count": 7, "unit": "day"}}
    reading = read(study, begun(study, "Drawn elsewhere", source=source, metrics=[week]))
    assert sum(people_of(reading).values()) == CROWD
    # Of those drawn on the last day nobody knows what they did in the week after.
    assert sum(people for people, _ in totals_of(reading).values()) == CROWD - len(PEOPLE[::3])
    assert reading["at_ms"] == ENDED_MS


def test_the_global_holdout_measures_what_people_do_since(study: Running) -> None:
    path = study.path("/holdout")
    study.api.put(path, json={"percent": 25}).raise_for_status()
    at = now_ms()
    newcomers = [row(VIEWED, f"n{number}", at) for number in range(100)]
    store_events(study, [*newcomers, *(row(ORDERED, name, at + 1) for name in PEOPLE[:100])])
    size = study.api.get(f"{path}/size").json()
    assert size["of"] == CROWD + 100
    found = study.api.post(f"{path}/read", json={"metrics": [METRIC], "pre_days": 0}).json()["reading"]
    assert people_of(found) == {"holdout": size["people"], "treated": CROWD + 100 - size["people"]}
    assert sum(total for _, total in totals_of(found).values()) == 100
    study.api.delete(path).raise_for_status()


def test_goals_of_campaigns_and_the_week_of_journeys_end_today(study: Running) -> None:
    series = [{"selector": {"events": [ORDERED]}, "measure": {"kind": "count"}}]
    body = {"name": "Orders", "query": {"kind": "trend", "series": series}}
    metric = study.api.post(study.path("/metrics"), json=body).raise_for_status().json()
    store_events(study, [row(ORDERED, name, now_ms()) for name in PEOPLE[:3]])
    since = f"FROM {study.project.store.table('events')} WHERE event = '{ORDERED}' AND time > '2021-01-01'"
    orders = study.project.store.engine.scalar(f"SELECT count() {since}")
    run = Campaign(
        plan={"goal": {"metric_id": metric["id"]}}, started_at=datetime.now(UTC) - timedelta(days=1)
    )
    installation, project = study.installation, study.project
    found = goal_of(installation.database, installation.queries, project.row, project.store, run)
    assert found is not None
    assert found.value == orders >= 3
    begun_only = {"entry": {"kind": "api"}, "start": "rest", "nodes": {"rest": {"kind": "wait"}}}
    draft = {"name": "Drafted", "unfinished": begun_only}
    study.api.post(study.path("/journeys"), json=draft).raise_for_status()
    (week,) = study.api.get(study.path("/journeys/week")).json()
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    assert week["days"][-1]["day"] in (f"{today}", f"{today - timedelta(days=1)}")
