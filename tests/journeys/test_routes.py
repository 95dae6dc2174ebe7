"""Journeys over HTTP: made, checked, published, run, looked at; rehearsed on the log."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bihuan.warehouse import Engine
from tests.insights.shop import send
from tests.journeys.test_graph import EVERYTHING
from tests.server.running import Running, running_server

JOINED, PAID = "Joined", "Paid"


@pytest.fixture(scope="module")
def server(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_server(engine, tmp_path_factory.mktemp("journeys")) as running:
        send(running, [track("old", JOINED), track("old", PAID)])
        yield running


def track(who: str, event: str, **more: Any) -> dict[str, Any]:
    return {"type": "track", "userId": who, "event": event, **more}


def api_entry(nodes: dict[str, Any], start: str) -> dict[str, Any]:
    return {"entry": {"kind": "api"}, "start": start, "nodes": nodes}


HELD = api_entry(
    {
        "look": {
            "kind": "wait_for",
            "event": {"events": [PAID]},
            "timeout": {"count": 2},
            "happened": "vip",
        },
        "vip": {"kind": "set_property", "property": "vip", "value": True},
    },
    "look",
)


MAIL = {"kind": "send", "template": "t", "channels": ["c"]}
REHEARSED = {
    "entry": {"kind": "event", "event": {"events": ["Tried"]}},
    "start": "look",
    "reentry": {"rule": "after_exit"},
    "goal": {"event": {"events": ["Bought"]}, "within": {"count": 10}, "leave": False},
    "nodes": {
        "look": {
            "kind": "wait_for",
            "event": {"events": ["Bought"]},
            "timeout": {"count": 2},
            "happened": "thanks",
            "timed_out": "nine",
        },
        "nine": {"kind": "wait_until", "at": "09:00", "next": "more"},
        "more": {
            "kind": "branch",
            "cases": [{"name": "yes", "condition": {"kind": "did", "event": {"events": ["Bought"]}}}],
            "otherwise": "remind",
        },
        "thanks": MAIL,
        "remind": MAIL,
    },
}


def make(server: Running, definition: dict[str, Any], name: str = "Welcome") -> str:
    body = {"name": name, "definition": definition}
    made = server.api.post(server.path("/journeys"), json=body)
    assert made.status_code == 201, made.text
    found: str = made.json()["id"]
    return found


def test_a_journey_from_draft_to_end(server: Running) -> None:
    journey = make(server, HELD)
    path = server.path(f"/journeys/{journey}")
    started = server.api.post(f"{path}/start").json()
    assert (started["state"], started["version"]) == ("running", 1)
    people = [{"distinct_id": who, "key": who} for who in ("ann", "bob")]
    assert server.api.post(f"{path}/people", json={"people": people}).json() == {"accepted": 2}
    assert server.api.post(f"{path}/people", json={"people": people}).json() == {"accepted": 0}
    runner = server.installation.journeys
    assert runner.tick() == 1
    time.sleep(0.01)
    send(server, [track("ann", PAID)])
    time.sleep(0.01)
    assert runner.tick() == 1
    counts = server.api.get(f"{path}/counts").json()
    assert (counts["entered"], counts["inside"], counts["left"]) == (2, 1, {"completed": 1})
    assert counts["nodes"] == [
        {"node": "look", "came": 2, "inside": 1},
        {"node": "vip", "came": 1, "inside": 0},
    ]
    assert {"node": "look", "port": "happened", "target": "vip", "people": 1} in counts["ways"]
    found = server.api.get(f"{path}/people", params={"person": "ann"}).json()["items"]
    assert [move["port"] for move in found[0]["moves"]] == ["happened", "next"]
    assert len(server.api.get(f"{path}/people", params={"state": "inside"}).json()["items"]) == 1
    assert server.project.people.get("ann").summary.properties["vip"] is True
    assert server.api.post(f"{path}/pause").json()["state"] == "paused"
    assert server.api.post(f"{path}/pause").status_code == 409
    assert server.api.post(f"{path}/resume", json={}).json()["state"] == "running"
    assert server.api.post(f"{path}/stop", json={"people": "leave"}).json()["state"] == "stopping"
    runner.tick()
    assert server.api.get(path).json()["state"] == "ended"
    events = [each for each in server.events() if each["event"].startswith("$journey")]
    assert sorted(each["event"] for each in events) == ["$journey_entered"] * 2 + ["$journey_exited"] * 2
    assert server.api.delete(path).status_code == 204
    assert server.api.get(path).status_code == 404


def test_versions(server: Running) -> None:
    journey = make(server, HELD)
    path = server.path(f"/journeys/{journey}")
    server.api.post(f"{path}/start").raise_for_status()
    other = api_entry({"rest": {"kind": "wait", "span": {"count": 1}}}, "rest")
    assert server.api.patch(path, json={"definition": other}).json()["version"] == 1
    refused = server.api.post(f"{path}/publish", json={"running": "move"})
    assert refused.status_code == 422
    assert refused.json()["error"]["path"] == "mapping.look"
    mapping = {"look": "rest", "vip": None}
    moved = server.api.post(f"{path}/publish", json={"running": "move", "mapping": mapping})
    assert moved.json()["version"] == 2
    versions = server.api.get(f"{path}/versions").json()
    assert [(each["number"], each["moves_on"]) for each in versions] == [(1, True), (2, False)]


def test_faults_are_told_and_stop_the_start(server: Running) -> None:
    checked = server.api.post(server.path("/journeys/check"), json={"yaml": EVERYTHING}).json()
    codes = {(each["code"], each["path"]) for each in checked["problems"]}
    assert ("template_unknown", "nodes.mail.template") in codes
    assert ("event_unknown", "leave_on.events[0]") in codes
    assert ("member_unknown", "nodes.task.member") in codes
    assert not any(code == "service_missing" for code, _ in codes)
    assert all(each["line"] for each in checked["problems"])
    again = server.api.post(server.path("/journeys/check"), json={"yaml": checked["yaml"]}).json()
    assert again["definition"] == checked["definition"]
    unread = server.api.post(server.path("/journeys"), json={"name": "x", "yaml": "entry: ["})
    assert (unread.status_code, unread.json()["error"]["code"]) == (422, "journey_yaml_unreadable")
    journey = make(server, checked["definition"], "Everything")
    refused = server.api.post(server.path(f"/journeys/{journey}/start"))
    assert refused.status_code == 422
    assert refused.json()["error"]["path"].startswith("draft.")
    assert server.api.get(server.path(f"/journeys/{journey}")).json()["state"] == "draft"
    text = server.api.get(server.path(f"/journeys/{journey}/yaml")).json()["yaml"]
    assert text == checked["yaml"]


def test_a_rehearsal_says_what_would_have_happened(server: Running) -> None:
    def at(day: int, hour: int) -> str:
        return datetime(2024, 3, day, hour, tzinfo=UTC).isoformat()

    sent = []
    for number in range(10):
        who = f"past{number}"
        sent.append(track(who, "Tried", timestamp=at(4, 0)))
        if number < 6:
            sent.append(track(who, "Bought", timestamp=at(5 if number < 4 else 8, 12)))
        if number == 0:
            sent.append(track(who, "Tried", timestamp=at(6, 0)))
            sent.append(track(who, "Tried", timestamp=at(4, 1)))
    send(server, sent)
    body = {"definition": REHEARSED, "first_day": "2024-03-04", "last_day": "2024-03-31", "sample": 1}
    answer = server.api.post(server.path("/journeys/rehearse"), json=body)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    # past0 comes again after having left on the 5th; the second try on the 4th is while inside.
    assert (found["occasions"], found["entered"], found["people"]) == (12, 11, 10)
    assert (found["refused_again"], found["inside"], found["messages"]) == (1, 0, 10)
    ways = {(each["node"], each["port"]): each["people"] for each in found["ways"]}
    assert ways["look", "happened"] == 4
    assert ways["look", "timed_out"] == 7
    # As of the 6th, four had bought; as of past0's second time, on the 8th at nine, too.
    assert (ways["more", "yes"], ways["more", "otherwise"]) == (1, 6)
    assert found["converted"] == 6
    days = {each["day"]: (each["entered"], each["messages"]) for each in found["days"]}
    assert len(days) == 28
    assert (days["2024-03-04"][0], sum(sent for _, sent in days.values())) == (10, 10)
    assert days["2024-03-05"] == (0, 4)
    walk = found["sample"][0]
    assert walk["moves"][0]["port"] in ("happened", "timed_out")
    refused = server.api.post(server.path("/journeys/rehearse"), json={**body, "first_day": "2020-01-01"})
    assert refused.json()["error"]["code"] == "journey_period_unusable"
