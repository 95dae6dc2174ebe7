"""Live audiences: who belongs is known within seconds of an event, and is what a refresh finds."""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from bihuan.audiences.live import following
from bihuan.audiences.live.touched import MOST_KEYS, Touched, Watched
from tests.audiences.test_audiences import members
from tests.audiences.test_conditions import has, make
from tests.insights.shop import ORDERED, send
from tests.server.running import Running

SECONDS = 20
LIKED, PAID = "Liked", "Paid"


def eventually(found: Callable[[], Any], expected: Any) -> None:
    until = time.monotonic() + SECONDS
    while (last := found()) != expected:
        assert time.monotonic() < until, f"{last!r} is not {expected!r} after {SECONDS} s"
        time.sleep(0.1)


def track(who: str, event: str, **properties: Any) -> dict[str, Any]:
    made = {"type": "track", "userId": who, "event": event, "messageId": uuid.uuid4().hex}
    return {**made, "properties": properties}


def test_a_member_enters_and_leaves_with_events(server: Running) -> None:
    send(server, [track("liv", LIKED), track("max", LIKED)])
    few = {
        "kind": "did",
        "event": {"events": [LIKED]},
        "compare": {"operator": "between", "value": 2, "upper": 3},
    }
    made = make(server, few, refresh="live", name="Likes a little")
    assert made["size"] == 0
    send(server, [track("liv", LIKED)])
    eventually(lambda: members(server, made["id"]), ["liv"])
    send(server, [track("max", LIKED), track("liv", LIKED), track("liv", LIKED)])
    eventually(lambda: members(server, made["id"]), ["max"])
    moves = server.api.get(server.path(f"/subjects/{made['id']}/moves")).json()["moves"]
    assert {"before": "1", "value": None, "people": 1} in moves


def test_what_comes_before_the_first_look_is_not_missed(empty: Running) -> None:
    send(empty, [track("liv", LIKED)])
    empty.installation.following.stop()
    body = {"name": "New", "refresh": "live"}
    twice = {"kind": "did", "event": {"events": [LIKED]}, "compare": {"value": 2}}
    empty.installation.following.tick()
    made = empty.api.post(empty.path("/audiences"), json={**body, "people": {"condition": twice}}).json()
    send(empty, [track("liv", LIKED)])
    empty.installation.following.tick()
    assert members(empty, made["id"]) == ["liv"]


def test_a_profile_and_an_audience_are_followed(server: Running) -> None:
    trait = {"scope": "person", "name": "level"}
    filter_ = {"type": "text", "property": trait, "operator": "is", "values": ["gold"]}
    send(server, [{"type": "identify", "userId": "nia", "traits": {"level": "silver"}}])
    gold = make(server, {"kind": "has", "filter": filter_}, refresh="live", name="Gold")
    user = make(server, has("audience", gold["id"]), refresh="live", name="Of gold")
    others = make(
        server, {"kind": "not", "item": has("audience", gold["id"])}, refresh="live", name="Not gold"
    )
    send(server, [{"type": "identify", "userId": "nia", "traits": {"level": "gold"}}])
    eventually(lambda: (members(server, gold["id"]), members(server, user["id"])), (["nia"], ["nia"]))
    send(server, [track("just arrived", ORDERED)])
    eventually(lambda: "just arrived" in members(server, others["id"]), True)


@pytest.mark.parametrize("few", [0, 1_000], ids=["by the statement", "by the interpreter"])
def test_live_is_what_a_refresh_finds(empty: Running, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "FEW", few)
    draw = random.Random(few)
    people = [f"person {number}" for number in range(12)]
    send(empty, [track(people[0], LIKED), track(people[0], PAID, amount=1)])
    paid = {"kind": "property", "property": {"scope": "event", "name": "amount"}, "aggregate": "sum"}
    liked_then_paid = [{"events": [LIKED]}, {"events": [PAID]}]
    condition = {
        "kind": "any",
        "items": [
            {"kind": "sequence", "steps": liked_then_paid, "within": {"count": 1, "unit": "hour"}},
            {
                "kind": "all",
                "items": [
                    {
                        "kind": "did",
                        "event": {"events": [PAID]},
                        "figure": paid,
                        "compare": {"operator": "gt", "value": 3},
                    },
                    {"kind": "not", "item": {"kind": "did", "event": {"events": [LIKED]}}},
                ],
            },
        ],
    }
    body = {"name": "Live", "people": {"condition": condition}, "refresh": "live"}
    live = empty.api.post(empty.path("/audiences"), json=body).raise_for_status().json()["id"]
    tick = empty.installation.following.tick
    tick()
    for _ in range(8):
        chosen = [(draw.choice(people), draw.choice([LIKED, PAID])) for _ in range(6)]
        send(empty, [track(who, event, amount=draw.randint(0, 4)) for who, event in chosen])
        tick()
        question = {"condition": condition, "audience_id": live}
        found = empty.api.post(empty.path("/audiences/estimate"), json=question).json()["people"]
        assert len(members(empty, live, limit=50)) == found


def test_of_too_many_ids_everyone_is_looked_at() -> None:
    class Row:
        event = LIKED

        def __init__(self, distinct_key: int) -> None:
            self.distinct_key = distinct_key

    class Stored:
        records: tuple[()] = ()

        def __init__(self, count: int) -> None:
            self.events = [Row(number) for number in range(count)]

    touched = Touched()
    assert touched.take() is None, "at the start nobody knows who was missed"
    touched.watched = Watched(frozenset([PAID]))
    touched.saw(Stored(5))
    assert touched.take() == set()
    touched.watched = Watched(None)
    touched.saw(Stored(5))
    assert touched.take() == {0, 1, 2, 3, 4}
    touched.saw(Stored(MOST_KEYS + 1))
    assert touched.take() is None
    touched.give_back({7})
    assert touched.take() == {7}
