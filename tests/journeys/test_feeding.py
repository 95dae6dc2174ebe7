"""Coming in by audience, schedule and request; leaving with the audience; what is done to people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from bihuan.audiences.models import Audience
from bihuan.database import new_id
from bihuan.journeys import service
from bihuan.journeys.engine.admitting import admit
from bihuan.journeys.errors import EntryByApiOnly
from bihuan.journeys.graph.nodes import Webhook
from bihuan.journeys.models import Journey, JourneyDeed
from bihuan.journeys.ports import Origin, Outcome, Wanted
from bihuan.journeys.schemas import PeopleSent
from bihuan.kernel.hashing import key64
from bihuan.warehouse.assignments import MEMBER, assign, value_sql
from tests.journeys.stage import DAY, HOUR, MINUTE, NAMES, START_MS, Stage
from tests.journeys.test_moving import JOINED, PAID, did, hours, joined, send

T = START_MS


def members(stage: Stage, audience: str, at_ms: int, *names: str) -> None:
    """Exactly these people are in the audience from a moment on."""
    persons = ", ".join(str(key64(name)) for name in names)
    wanted = f"SELECT arrayJoin(CAST([{persons}] AS Array(UInt64))) AS person, '{MEMBER}' AS value"
    assign(stage.people.store, audience, wanted, at_ms=at_ms, cause="refresh")


def held(stage: Stage, subject: str) -> dict[str, str]:
    rows = stage.people.store.engine.rows(value_sql(stage.people.store.table, subject))
    return {NAMES[person]: value for person, value in rows}


def audience_of(stage: Stage) -> str:
    with stage.database.session() as session:
        author = {"kind": "key", "id": "1", "name": "test"}
        row = Audience(id=new_id(), project_id=stage.project.id, name="A", created_by=author, refresh="never")
        session.add(row)
        return row.id


@pytest.mark.parametrize("present", [False, True])
def test_coming_in_and_leaving_with_an_audience(stage: Stage, present: bool) -> None:
    audience = audience_of(stage)
    members(stage, audience, T - DAY, "ann", "bob")
    entry = {"kind": "audience", "audience": audience, "present": present, "leave": True}
    nodes = {"rest": {"kind": "wait", "span": hours(100), "next": "mail"}, "mail": send()}
    journey = stage.begin({"entry": entry, "start": "rest", "nodes": nodes})
    stage.tick(journey, T + 10, chunk=1)
    there = ["ann", "bob"] if present else []
    assert stage.at(journey) == ({"rest": there} if there else {})
    members(stage, audience, T + MINUTE, "bob", "cid", "dee", "eve")
    stage.tick(journey, T + 2 * MINUTE, chunk=2)
    stage.tick(journey, T + 3 * MINUTE, chunk=2)
    expected = {"rest": ["bob", "cid", "dee", "eve"] if present else ["cid", "dee", "eve"]}
    assert stage.at(journey) == ({"!left_audience": ["ann"], **expected} if present else expected)


def test_a_part_that_was_begun_is_finished_once(small_stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = small_stage
    audience = audience_of(stage)
    members(stage, audience, T - DAY, *(f"p{number}" for number in range(9)))
    entry = {"kind": "audience", "audience": audience, "present": True}
    journey = stage.begin(
        {"entry": entry, "start": "rest", "nodes": {"rest": {"kind": "wait", "span": hours(1)}}}
    )
    calls: list[Any] = []

    def dies(*given: Any) -> int:
        calls.append(given)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return admit(*given)

    monkeypatch.setattr("bihuan.journeys.engine.feeds.admit", dies)
    with pytest.raises(KeyboardInterrupt):
        stage.tick(journey, T + 10, chunk=2)
    assert len(stage.entries(journey)) == 4
    stage.tick(journey, T + 20, chunk=2)
    stage.tick(journey, T + 30, chunk=2)
    assert sorted(NAMES[row.person_id] for row in stage.entries(journey)) == [
        f"p{number}" for number in range(9)
    ]


def test_a_schedule_lets_in_whom_a_condition_holds_for(small_stage: Stage) -> None:
    stage = small_stage
    entry = {"kind": "schedule", "cron": "0 9 * * *", "condition": did(PAID)}
    nodes = {"mail": send()}
    journey = stage.begin({"entry": entry, "start": "mail", "nodes": nodes, "reentry": {"rule": "always"}})
    stage.happen("ann", PAID, T + MINUTE)
    stage.tick(journey, T + 30 * MINUTE)
    assert stage.messages() == []
    # 09:00 in Shanghai is 01:00 UTC; who pays after that comes with the next day's.
    stage.happen("bob", PAID, T + HOUR + MINUTE)
    stage.tick(journey, T + 2 * HOUR)
    assert [NAMES[person] for person, _, _ in stage.messages()] == ["ann"]
    stage.tick(journey, T + 3 * HOUR)
    stage.tick(journey, T + 3 * DAY)
    assert sorted(NAMES[person] for person, _, _ in stage.messages()) == ["ann", "ann", "bob"]


def test_other_systems_send_people_in_once_a_key(stage: Stage) -> None:
    journey = stage.begin({"entry": {"kind": "api"}, "start": "mail", "nodes": {"mail": send()}})
    sent = [
        {"distinct_id": "ann", "key": "1", "properties": {"order": "x"}},
        {"distinct_id": "bob", "key": "2"},
    ]
    for expected in (2, 0):
        with stage.database.session() as session:
            row = session.get_one(Journey, journey)
            given = PeopleSent.model_validate({"people": sent})
            assert service.send_in(session, stage.people, row, given) == expected
        stage.tick(journey, stage.now_ms + 10)
    assert sorted(NAMES[person] for person, _, _ in stage.messages()) == ["ann", "bob"]
    assert {"event": {"order": "x", "distinct_id": "ann"}} in stage.contexts().values()
    other = stage.begin(joined("mail", {"mail": send()}))
    with stage.database.session() as session, pytest.raises(EntryByApiOnly):
        service.send_in(session, stage.people, session.get_one(Journey, other), given)


class Receiver:
    """Takes webhooks; ``answers`` in turn."""

    def __init__(self, *answers: Outcome) -> None:
        self.answers = list(answers)
        self.keys: list[str] = []

    def call(
        self, origin: Origin, node: Webhook, wanted: Sequence[tuple[Wanted, dict[str, Any]]]
    ) -> Sequence[Outcome]:
        self.keys += [each.key for each, _ in wanted]
        return [self.answers.pop(0) for _ in wanted]


def test_what_nodes_do_is_done_once_for_each_person(stage: Stage) -> None:
    receiver = Receiver(Outcome("retry", "busy", 5), Outcome("done"))
    stage.services = replace(stage.services, calling=receiver)
    audience, tag = audience_of(stage), new_id()
    members(stage, audience, T - DAY, "bob")
    nodes = {
        "prop": {"kind": "set_property", "property": "vip", "value": True, "next": "tag"},
        "tag": {"kind": "set_tag", "tag": tag, "value": "gold", "next": "add"},
        "add": {"kind": "add_to_audience", "audience": audience, "next": "hook"},
        "hook": {"kind": "webhook", "channel": "c", "next": "gift"},
        "gift": {"kind": "give", "reward": "points"},
    }
    journey = stage.begin(joined("prop", nodes))
    stage.happen("ann", JOINED, T + 1)
    stage.tick(journey, T + 10)
    assert stage.at(journey) == {"!completed": ["ann"]}
    assert stage.people.get("ann").summary.properties["vip"] is True
    assert held(stage, tag) == {"ann": "gold"}
    assert held(stage, audience) == {"ann": "1", "bob": "1"}
    stage.tick(journey, T + 1_000)
    assert len(receiver.keys) == 1, "not before the five seconds are over"
    stage.tick(journey, T + 6_000)
    stage.tick(journey, T + 600_000)
    entry = stage.entries(journey)[0]
    assert receiver.keys == [f"{journey}:{entry.id}:hook"] * 2
    with stage.database.read_session() as session:
        left = session.query(JourneyDeed).all()
    assert [(row.node, row.state) for row in left] == [("gift", "failed")], "nobody gives rewards here"


def test_the_log_is_told_once(small_stage: Stage) -> None:
    stage = small_stage
    journey = stage.begin(
        joined("rest", {"rest": {"kind": "wait", "span": hours(1), "next": "mail"}, "mail": send()})
    )
    stage.happen("ann", JOINED, T + 1)
    for now_ms in (T + 10, T + 20, T + 2 * HOUR, T + 3 * HOUR):
        stage.tick(journey, now_ms, tell=True)
    rows = stage.people.store.engine.rows(
        "SELECT toString(event), toUnixTimestamp64Milli(time), source, toString(properties.`$node_id`) "
        f"FROM {stage.people.store.table('events')} WHERE startsWith(event, '$') ORDER BY time"
    )
    assert rows == [
        ("$journey_entered", T + 10, "bihuan", "rest"),
        ("$journey_exited", T + 2 * HOUR, "bihuan", "mail"),
    ]


def test_two_who_become_one_go_on_as_one(small_stage: Stage) -> None:
    stage = small_stage
    journey = stage.begin(
        joined("rest", {"rest": {"kind": "wait", "span": hours(1), "next": "mail"}, "mail": send()})
    )
    stage.happen("ann", JOINED, T + 1)
    stage.happen("bob", JOINED, T + 2)
    stage.tick(journey, T + 10)
    stage.people.merge("bob", "ann", actor="test")
    stage.tick(journey, T + 2 * HOUR)
    assert stage.at(journey) == {"!completed": ["ann"], "!merged": ["ann"]}
    assert [NAMES[person] for person, _, _ in stage.messages()] == ["ann"]
