"""Warnings: a planted drop of valuable people is told, usual days are not."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bihuan.audiences.refreshing import Run
from bihuan.warehouse import Engine
from bihuan.warehouse.assignments import assign, forget
from tests.audiences.subjects import again, refreshed
from tests.insights.shop import ORDERED, send
from tests.server.running import Running, running_server

PEOPLE, DAYS = 240, 20
DAY_MS = 86_400_000


@pytest.fixture(scope="module")
def server(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Everybody ordered 40 days ago; those with even numbers are valuable."""
    with running_server(engine, tmp_path_factory.mktemp("installation"), work=True) as running:
        at = datetime.fromtimestamp(time.time() - 40 * 86_400, UTC).isoformat()
        events = [
            {
                "type": "track",
                "userId": f"p{number}",
                "event": ORDERED,
                "messageId": f"m{number}",
                "timestamp": at,
                "properties": {"$revenue": 1 if number % 2 else 100},
            }
            for number in range(PEOPLE)
        ]
        for start in range(0, PEOPLE, 100):
            send(running, events[start : start + 100])
        yield running


def made(server: Running, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = server.api.post(server.path(path), json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def give(server: Running, tag_id: str, value: str, numbers: range) -> None:
    body = {"distinct_ids": [f"p{number}" for number in numbers], "value": value}
    server.api.post(server.path(f"/tags/{tag_id}/values"), json=body).raise_for_status()


def usual_days(server: Running, tag_id: str) -> None:
    """Every day two of the valuable people, others each day, are lost, and are back the day after."""
    store = server.project.store
    forget(store, tag_id)
    rows = store.engine.rows(f"SELECT distinct_id, person_id FROM {store.table('events')}")
    person: dict[str, int] = dict(rows)
    noon = time.time_ns() // 1_000_000 // DAY_MS * DAY_MS - 20 * 3_600_000
    everybody = f"SELECT DISTINCT person_id AS person FROM {store.table('events')}"
    for day in range(DAYS, -1, -1):
        lost = [person[f"p{4 * day}"], person[f"p{4 * day + 2}"]] if day else [0]
        value = f"if(person IN ({lost[0]}, {lost[-1]}), 'lost', 'core')"
        at_ms = noon - day * DAY_MS
        assign(
            store, tag_id, f"SELECT person, {value} AS value FROM ({everybody})", at_ms=at_ms, cause="test"
        )
        with server.installation.database.session() as session:
            at = datetime.fromtimestamp(at_ms / 1000, UTC)
            run = Run(
                subject_id=tag_id, project_id=server.project_id, version=1, cause="test", at=at, sizes={}
            )
            session.add(run)


def test_a_planted_drop_is_told_and_usual_days_are_not(server: Running) -> None:
    manual = made(server, "/tags", {"name": "Level", "definition": {"kind": "manual"}})
    give(server, manual["id"], "core", range(PEOPLE))
    property = {"scope": "tag", "name": manual["id"]}
    core = {"kind": "has", "filter": {"property": property, "operator": "is", "values": ["core"]}}
    core["filter"]["type"] = "text"  # type: ignore[index]
    definition = {"kind": "rule", "cases": [{"value": "core", "condition": core}], "otherwise": "lost"}
    tag = made(server, "/tags", {"name": "Stage", "definition": definition, "refresh": "never"})
    refreshed(server, "tags", tag["id"])
    revenue = {"kind": "property", "property": {"name": "$revenue"}, "aggregate": "sum"}
    valuable = {"kind": "did", "event": {"events": [ORDERED]}, "figure": revenue, "compare": {"value": 50}}
    body = {"name": "Core people lost", "tag_id": tag["id"], "order": ["core", "lost"], "valuable": valuable}
    rule = made(server, "/warnings/rules", body)
    check = server.path(f"/warnings/rules/{rule['id']}/check")
    early = server.api.post(check)
    assert (early.status_code, early.json()["error"]["code"]) == (422, "data_insufficient")
    usual_days(server, tag["id"])
    quiet = server.api.post(check).raise_for_status().json()
    assert quiet["unusual"] is False
    assert len(quiet["before"]) >= DAYS - 1
    assert {each["dropped"] for each in quiet["before"][1:-1]} == {2}
    assert {each["people"] for each in quiet["before"][1:-1]} <= {PEOPLE // 2, PEOPLE // 2 - 2}
    assert server.api.get(server.path("/warnings")).json()["items"] == []
    give(server, manual["id"], "gone", range(100, 160))
    again(server, "tags", tag["id"])
    warning = the_warning(server)
    assert (warning["dropped"], warning["rule_id"]) == (30, rule["id"])
    assert warning["dropped"] >= warning["critical"] > warning["expected"]
    listed = server.api.get(server.path(f"/warnings/{warning['id']}/people"), params={"limit": 7}).json()
    assert len(listed["items"]) == 7
    found = [person["distinct_ids"][0] for person in listed["items"]]
    while listed["next_cursor"]:
        parameters = {"limit": 7, "cursor": listed["next_cursor"]}
        listed = server.api.get(server.path(f"/warnings/{warning['id']}/people"), params=parameters).json()
        found += [person["distinct_ids"][0] for person in listed["items"]]
    assert sorted(found) == sorted(f"p{number}" for number in range(100, 160, 2))
    done = server.api.post(server.path(f"/warnings/{warning['id']}/acknowledge")).raise_for_status().json()
    assert done["acknowledged_by"]["kind"] == "key"
    open_ones = server.api.get(server.path("/warnings"), params={"acknowledged": False}).json()["items"]
    assert open_ones == []
    again(server, "tags", tag["id"])
    assert len(server.api.get(server.path("/warnings")).json()["items"]) == 1, "one a day"
    a_change_leaves_what_was_given(server, rule, warning)
    assert server.api.delete(server.path(f"/warnings/rules/{rule['id']}")).status_code == 204
    assert server.api.get(server.path("/warnings")).json()["items"] == []


def a_change_leaves_what_was_given(server: Running, rule: dict[str, Any], warning: dict[str, Any]) -> None:
    path, people = (
        server.path(f"/warnings/rules/{rule['id']}"),
        server.path(f"/warnings/{warning['id']}/people"),
    )
    behind = server.api.get(people).json()
    renamed = server.api.patch(path, json={"name": "Renamed", "false_alarms": 0.01}).raise_for_status().json()
    assert {**rule, "name": "Renamed", "false_alarms": 0.01} | {"checked_at": ""} == renamed | {
        "checked_at": ""
    }
    assert the_only_one(server)["counted_by"] is None, "it is counted as before"
    everyone = server.api.patch(path, json={"valuable": None}).raise_for_status().json()
    assert (everyone["valuable"], everyone["name"], everyone["checked_at"]) == (None, "Renamed", None)
    kept = the_only_one(server)
    figures = ("dropped", "people", "expected", "critical")
    assert [kept[each] for each in figures] == [warning[each] for each in figures]
    assert kept["counted_by"] == {"order": rule["order"], "valuable": rule["valuable"], "unit": "day"}
    assert server.api.get(people).json() == behind, "only the valuable ones, as it was then"
    checked = server.api.post(f"{path}/check").raise_for_status().json()
    assert checked["now"]["dropped"] == 60, "everybody counts now"
    anew = the_only_one(server)
    assert (anew["dropped"], anew["counted_by"]) == (60, None)
    assert server.api.get(path).json()["checked_at"] is not None
    unknown = {"kind": "did", "event": {"events": ["never seen"]}}
    refused = ({"order": ["core", "core"]}, {"valuable": unknown}, {"unit": "hour"}, {"tag_id": "x"})
    assert [server.api.patch(path, json=each).status_code for each in refused] == [422] * 4
    assert server.api.patch(server.path("/warnings/rules/nothing"), json={}).status_code == 404
    audit = server.api.get(server.path("/audit"), params={"limit": 100}).json()["items"]
    acts = [each for each in audit if each["action"].startswith(("warning", "warning_rule"))]
    assert [each["action"] for each in reversed(acts)] == [
        "warning_rule.created",
        "warning.acknowledged",
        "warning_rule.changed",
        "warning_rule.changed",
    ]
    assert acts[0]["after"] == {"valuable": None}


def the_only_one(server: Running) -> dict[str, Any]:
    (found,) = server.api.get(server.path("/warnings")).json()["items"]
    return dict(found)


def the_warning(server: Running) -> dict[str, Any]:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        found = server.api.get(server.path("/warnings"), params={"acknowledged": False}).json()["items"]
        if found:
            return dict(found[0])
        time.sleep(0.1)
    raise AssertionError("nobody was warned")


def test_what_makes_no_rule_is_refused(server: Running) -> None:
    tag = made(server, "/tags", {"name": "Other", "definition": {"kind": "manual"}})
    path = server.path("/warnings/rules")
    good = {"name": "x", "tag_id": tag["id"], "order": ["a", "b"]}
    unknown = {"kind": "did", "event": {"events": ["never seen"]}}
    for change, status in (
        ({"order": ["a"]}, 422),
        ({"order": ["a", "a"]}, 422),
        ({"tag_id": "nothing"}, 404),
        ({"valuable": unknown}, 422),
        ({"false_alarms": 0.5}, 422),
    ):
        assert server.api.post(path, json={**good, **change}).status_code == status, change
    assert server.api.get(server.path("/warnings/nothing/people")).status_code == 404
    assert server.api.post(server.path("/warnings/rules/nothing/check")).status_code == 404
