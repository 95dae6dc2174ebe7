"""People move through journeys as the definition says, on both databases."""

from __future__ import annotations

from typing import Any

import pytest

from bihuan.journeys.trace import Move, moves
from bihuan.kernel.hashing import key64
from tests.journeys.stage import DAY, HOUR, MINUTE, NAMES, START_MS, KilledHere, Stage

JOINED, PAID = "Joined", "Paid"
T = START_MS


def hours(count: int) -> dict[str, Any]:
    return {"count": count, "unit": "hour"}


def did(event: str) -> dict[str, Any]:
    return {"kind": "did", "event": {"events": [event]}}


def joined(start: str, nodes: dict[str, Any], **more: Any) -> dict[str, Any]:
    entry = {"kind": "event", "event": {"events": [JOINED]}}
    return {"entry": entry, "start": start, "nodes": nodes, **more}


def send(target: str | None = None) -> dict[str, Any]:
    return {"kind": "send", "template": "t1", "channels": ["mail"], "next": target}


WELCOME = joined(
    "rest",
    {
        "rest": {"kind": "wait", "span": hours(1), "next": "paid"},
        "paid": {
            "kind": "branch",
            "cases": [{"name": "yes", "condition": did(PAID), "next": "thanks"}],
            "otherwise": "remind",
        },
        "thanks": send("gone"),
        "remind": send(),
        "gone": {"kind": "exit", "reason": "thanked"},
    },
)


def test_wait_branch_and_send(stage: Stage) -> None:
    journey = stage.begin(WELCOME)
    stage.happen("ann", JOINED, T + 1)
    stage.happen("bob", JOINED, T + 2)
    stage.tick(journey, T + MINUTE)
    assert stage.at(journey) == {"rest": ["ann", "bob"]}
    stage.happen("ann", PAID, T + 30 * MINUTE)
    stage.tick(journey, T + HOUR)
    assert stage.at(journey) == {"rest": ["ann", "bob"]}, "the hour counts from the first tick"
    stage.tick(journey, T + HOUR + MINUTE)
    assert stage.at(journey) == {"!completed": ["bob"], "!thanked": ["ann"]}
    ann, bob = stage.entries(journey)
    assert stage.messages() == sorted(
        [(key64("ann"), f"journey:{ann.id}", "thanks"), (key64("bob"), f"journey:{bob.id}", "remind")]
    )
    at_ms = T + HOUR + MINUTE
    assert moves(ann.path) == [
        Move("rest", "next", at_ms),
        Move("paid", "yes", at_ms),
        Move("thanks", "next", at_ms),
    ]
    assert stage.flows(journey) == {
        ("", "in", "rest"): 2,
        ("rest", "next", "paid"): 2,
        ("paid", "yes", "thanks"): 1,
        ("paid", "otherwise", "remind"): 1,
        ("thanks", "next", "gone"): 1,
        ("gone", "thanked", ""): 1,
        ("remind", "next", ""): 1,
    }
    assert stage.contexts()[f"journey:{ann.id}"] == {"event": {"name": JOINED, "time": T + 1}}


def test_an_event_lets_in_once_however_often_it_is_read(small_stage: Stage) -> None:
    stage = small_stage
    definition = joined("rest", WELCOME["nodes"], reentry={"rule": "after_exit"})
    journey = stage.begin(definition)
    stage.happen("ann", JOINED, T + 1)
    stage.tick(journey, T + 10)
    # While inside: refused, and not let in later, though the event is read again after the exit.
    stage.happen("ann", JOINED, T + 20)
    stage.tick(journey, T + 30)
    stage.tick(journey, T + HOUR + 10)
    stage.tick(journey, T + HOUR + 20)
    assert stage.at(journey) == {"!completed": ["ann"]}
    stage.happen("ann", JOINED, T + HOUR + 25)
    stage.tick(journey, T + HOUR + 30)
    assert stage.at(journey) == {"!completed": ["ann"], "rest": ["ann"]}
    assert stage.flows(journey)["", "refused_again", ""] == 1


@pytest.mark.parametrize("break_at", [1, 3])
def test_killed_while_sending_nobody_gets_two(stage: Stage, break_at: int) -> None:
    journey = stage.begin(WELCOME)
    for number in range(1, 6):
        stage.happen(f"p{number}", JOINED, T + number)
    stage.tick(journey, T + 10, chunk=2)
    stage.sent.break_at = break_at
    with pytest.raises(KilledHere):
        stage.tick(journey, T + 10 + HOUR, chunk=2)
    assert len(stage.messages()) == 2 * (break_at - 1)
    assert not stage.tick(journey, T + 20 + HOUR, owner="another"), "the lease of the dead lasts a while"
    stage.tick(journey, T + 20 + HOUR, chunk=2)
    assert len(stage.messages()) == 5
    assert {row.reason for row in stage.entries(journey)} == {"completed"}


def test_waiting_for_an_event_counts_from_arriving_until_the_timeout(stage: Stage) -> None:
    nodes = {
        "look": {
            "kind": "wait_for",
            "event": {"events": [PAID]},
            "timeout": hours(2),
            "happened": "thanks",
            "timed_out": "remind",
        },
        "thanks": send(),
        "remind": send(),
    }
    journey = stage.begin(joined("look", nodes))
    stage.happen("ann", PAID, T)
    for who in ("ann", "bob", "cid", "dee"):
        stage.happen(who, JOINED, T + 1)
    stage.tick(journey, T + 10)
    stage.happen("bob", PAID, T + HOUR)
    stage.tick(journey, T + HOUR + 1)
    # In time, but it arrives when the time is over; and too late.
    stage.happen("cid", PAID, T + 2 * HOUR, received_ms=T + 2 * HOUR + 5 * MINUTE)
    stage.happen("dee", PAID, T + 2 * HOUR + 10)
    stage.tick(journey, T + 2 * HOUR + 6 * MINUTE)
    steps = {NAMES[person]: step for person, _, step in stage.messages()}
    assert steps == {"ann": "remind", "bob": "thanks", "cid": "thanks", "dee": "remind"}


def test_waiting_until_nine_on_the_persons_clock(small_stage: Stage) -> None:
    stage = small_stage
    from bihuan.people import Change

    zones = {"ann": "America/New_York", "bob": "Europe/Berlin", "cid": "Nowhere/At_all"}
    changes = [
        Change(stage.happen(who, "x", T), who, T, T, "set", {"$timezone": zone})
        for who, zone in zones.items()
    ]
    stage.people.record([], changes, received_ms=T)
    nodes = {"nine": {"kind": "wait_until", "at": "09:00", "next": "hello"}, "hello": send()}
    journey = stage.begin(joined("nine", nodes))
    for who in ("ann", "bob", "cid", "dee"):
        stage.happen(who, JOINED, T + 1)
    stage.tick(journey, T + 10)
    due = {row.person_id: row.due_ms - T for row in stage.entries(journey)}
    # 2026-01-01 00:00 UTC: 09:00 is 01:00 UTC in Shanghai, 08:00 in Berlin, 14:00 in New York.
    assert due == {key64("ann"): 14 * HOUR, key64("bob"): 8 * HOUR, key64("cid"): HOUR, key64("dee"): HOUR}
    stage.tick(journey, T + 8 * HOUR)
    assert stage.at(journey) == {"!completed": ["bob", "cid", "dee"], "nine": ["ann"]}


def test_goal_and_leaving(small_stage: Stage) -> None:
    stage = small_stage
    nodes = {"rest": {"kind": "wait", "span": hours(100), "next": "remind"}, "remind": send()}
    goal = {"event": {"events": [PAID]}, "within": hours(10)}
    journey = stage.begin(joined("rest", nodes, goal=goal, leave_on={"events": ["Deleted"]}))
    for who in ("ann", "bob", "cid"):
        stage.happen(who, JOINED, T + 1)
    stage.tick(journey, T + 10)
    stage.happen("ann", PAID, T + HOUR)
    stage.happen("ann", PAID, T + 2 * HOUR)
    stage.happen("bob", "Deleted", T + HOUR)
    stage.tick(journey, T + 3 * HOUR)
    stage.happen("bob", PAID, T + 4 * HOUR)
    stage.happen("cid", PAID, T + 11 * HOUR)
    stage.tick(journey, T + 12 * HOUR)
    assert stage.at(journey) == {"!event": ["bob"], "!goal": ["ann"], "rest": ["cid"]}
    converted = {row.person_id: row.converted_ms for row in stage.entries(journey)}
    assert converted == {key64("ann"): T + HOUR, key64("bob"): T + 4 * HOUR, key64("cid"): None}


def test_caps(small_stage: Stage) -> None:
    stage = small_stage
    nodes = {"rest": {"kind": "wait", "span": hours(100)}}
    caps = {"total": 5, "a_day": 3, "inside": 4}
    journey = stage.begin(joined("rest", nodes, caps=caps))
    for number in range(1, 5):
        stage.happen(f"p{number}", JOINED, T + number)
    stage.tick(journey, T + 10)
    assert stage.flows(journey) == {("", "in", "rest"): 3, ("", "refused_full", ""): 1}
    for number in range(10, 14):
        stage.happen(f"p{number}", JOINED, T + DAY + number)
    stage.tick(journey, T + DAY + 20)
    assert stage.flows(journey) == {("", "in", "rest"): 4, ("", "refused_full", ""): 4}, "four are inside"
    stage.tick(journey, T + 5 * DAY + 20)
    assert stage.at(journey) == {"!completed": ["p1", "p2", "p3"], "rest": ["p10"]}
    for number in range(20, 24):
        stage.happen(f"p{number}", JOINED, T + 6 * DAY + number)
    stage.tick(journey, T + 6 * DAY + 30)
    assert stage.flows(journey)["", "in", "rest"] == 5, "ever"


def test_a_circle_sends_again_each_time(small_stage: Stage) -> None:
    stage = small_stage
    nodes = {
        "week": {"kind": "wait", "span": {"count": 1, "unit": "week"}, "next": "note"},
        "note": send("week"),
    }
    journey = stage.begin(joined("week", nodes))
    stage.happen("ann", JOINED, T + 1)
    for week in range(4):
        stage.tick(journey, T + 10 + week * 7 * DAY)
        stage.tick(journey, T + 20 + week * 7 * DAY)
    assert [step for _, _, step in stage.messages()] == ["note:1", "note:3", "note:5"]
