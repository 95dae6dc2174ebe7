"""Publishing, pausing, stopping, and several processes."""

from __future__ import annotations

from typing import Any

import pytest

from bihuan.insights import Author
from bihuan.journeys import service
from bihuan.journeys.engine.running import LeaseLost, give_up_leases
from bihuan.journeys.errors import JourneyStateWrong, MappingIncomplete
from bihuan.journeys.graph.definition import Definition
from bihuan.journeys.models import Journey
from bihuan.journeys.schemas import PublishInput, ResumeInput, StopInput
from tests.journeys.stage import HOUR, MINUTE, START_MS, Stage
from tests.journeys.test_moving import JOINED, WELCOME, hours, joined, send

T = START_MS
AUTHOR = Author(kind="key", id="1", name="test")
OLD = joined(
    "rest",
    {
        "rest": {"kind": "wait", "span": hours(1), "next": "more"},
        "more": {"kind": "wait", "span": hours(5), "next": "old"},
        "old": send(),
    },
)
NEW = joined(
    "rest",
    {
        "rest": {"kind": "wait", "span": hours(1), "next": "later"},
        "later": {"kind": "wait", "span": hours(2), "next": "new"},
        "new": send(),
    },
)


def publish(stage: Stage, journey: str, definition: dict[str, Any], **given: Any) -> None:
    with stage.database.session() as session:
        row = session.get_one(Journey, journey)
        row.draft = Definition.model_validate(definition).stored()
        found = PublishInput.model_validate(given)
        service.publish(session, stage.project, stage.people.store, stage.services, row, AUTHOR, found)


def change(stage: Stage, journey: str, do: Any, *given: Any, **more: Any) -> None:
    with stage.database.session() as session:
        do(session.get_one(Journey, journey), *given, **more)


def begun(stage: Stage) -> str:
    """Ann waits at ``more``, bob at ``rest``."""
    journey = stage.begin(OLD)
    stage.happen("ann", JOINED, T + 1)
    stage.tick(journey, T + 10)
    stage.happen("bob", JOINED, T + HOUR)
    stage.tick(journey, T + HOUR + 10)
    assert stage.at(journey) == {"more": ["ann"], "rest": ["bob"]}
    return journey


def test_people_finish_on_their_version(small_stage: Stage) -> None:
    stage = small_stage
    journey = begun(stage)
    publish(stage, journey, NEW)
    stage.happen("cid", JOINED, T + HOUR + MINUTE)
    stage.tick(journey, T + HOUR + 2 * MINUTE)
    stage.tick(journey, T + 3 * HOUR)
    assert stage.at(journey) == {"later": ["cid"], "more": ["ann", "bob"]}


def test_people_move_on_with_a_mapping(stage: Stage) -> None:
    journey = begun(stage)
    with pytest.raises(MappingIncomplete) as failed:
        publish(stage, journey, NEW, running="move")
    assert failed.value.path == "mapping.more"
    publish(stage, journey, NEW, running="move", mapping={"more": "later", "old": None})
    due = {row.person_id: row.due_ms for row in stage.entries(journey)}
    stage.tick(journey, T + HOUR + 20, chunk=1)
    assert stage.at(journey) == {"later": ["ann"], "rest": ["bob"]}
    rows = stage.entries(journey)
    assert rows[1].due_ms == due[rows[1].person_id], "the same node: bob goes on waiting"
    assert rows[0].due_ms == T + HOUR + 20 + 2 * HOUR, "another node: ann has just arrived"
    stage.tick(journey, T + 3 * HOUR + 30)
    stage.tick(journey, T + 9 * HOUR)
    assert {step for _, _, step in stage.messages()} == {"new"}
    assert stage.at(journey) == {"!completed": ["ann", "bob"]}


def test_paused_nobody_is_moved_and_nobody_comes_in(small_stage: Stage) -> None:
    stage = small_stage
    journey = stage.begin(WELCOME)
    stage.happen("ann", JOINED, T + 1)
    stage.tick(journey, T + 10)
    change(stage, journey, service.pause)
    with pytest.raises(JourneyStateWrong):
        change(stage, journey, service.pause)
    stage.happen("bob", JOINED, T + 20)
    assert not stage.tick(journey, T + 2 * HOUR)
    assert stage.at(journey) == {"rest": ["ann"]}
    change(stage, journey, service.resume, ResumeInput(), now_ms=T + 2 * HOUR)
    stage.tick(journey, T + 2 * HOUR + 1)
    assert stage.at(journey) == {"!completed": ["ann"]}


def test_resumed_to_catch_up(small_stage: Stage) -> None:
    stage = small_stage
    journey = stage.begin(WELCOME)
    stage.tick(journey, T + 10)
    change(stage, journey, service.pause)
    stage.happen("bob", JOINED, T + 20)
    change(stage, journey, service.resume, ResumeInput(catch_up=True), now_ms=T + 2 * HOUR)
    stage.tick(journey, T + 2 * HOUR + 1)
    assert stage.at(journey) == {"rest": ["bob"]}


@pytest.mark.parametrize("people", ["finish", "leave"])
def test_stopped(small_stage: Stage, people: Any) -> None:
    stage = small_stage
    journey = stage.begin(WELCOME)
    for who in ("ann", "bob", "cid"):
        stage.happen(who, JOINED, T + 1)
    stage.tick(journey, T + 10)
    change(stage, journey, service.stop, StopInput(people=people))
    stage.happen("dee", JOINED, T + 20)
    stage.tick(journey, T + 30, chunk=2)
    there = ["ann", "bob", "cid"]
    assert stage.at(journey) == ({"rest": there} if people == "finish" else {"!stopped": there})
    stage.tick(journey, T + 2 * HOUR)
    with stage.database.read_session() as session:
        assert session.get_one(Journey, journey).state == "ended"
    assert len(stage.messages()) == (3 if people == "finish" else 0)


def test_one_process_at_a_time(stage: Stage) -> None:
    journey = stage.begin(WELCOME)
    assert stage.tick(journey, T + 10, owner="one")
    assert not stage.tick(journey, T + 20, owner="two")
    give_up_leases(stage.database, "one")
    assert stage.tick(journey, T + 30, owner="two")
    assert not stage.tick(journey, T + 40, owner="one")


def test_a_lease_lost_in_the_middle_undoes_that_part_only(small_stage: Stage) -> None:
    stage = small_stage
    journey = stage.begin(WELCOME)
    for number in range(6):
        stage.happen(f"p{number}", JOINED, T + 1 + number)
    stage.tick(journey, T + 10)
    enqueue, calls = stage.sent.enqueue, []

    def stolen(*given: Any, **more: Any) -> None:
        enqueue(*given, **more)
        calls.append(1)
        if len(calls) == 2:
            raise LeaseLost

    stage.sent.enqueue = stolen  # type: ignore[method-assign]
    with pytest.raises(LeaseLost):
        stage.tick(journey, T + 2 * HOUR, chunk=2)
    assert len(stage.messages()) == 2
    stage.tick(journey, T + 2 * HOUR + 1, chunk=2)
    assert len(stage.messages()) == 6
