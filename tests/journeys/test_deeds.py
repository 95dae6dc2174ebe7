"""Deciding about what failed or is uncertain."""

from __future__ import annotations

from typing import Any

from bihuan.journeys.models import Journey, JourneyDeed
from tests.delivery.servers.listening import Reply
from tests.journeys.test_services import (
    Receiver,
    channel,
    deeds,
    due_again,
    given,
    receiver,
    run,
    server,
)
from tests.server.running import Running

__all__ = ["receiver", "server"]


def resolve(server: Running, journey: str, decision: str, **more: Any) -> int:
    path = server.path(f"/journeys/{journey}/deeds/resolve")
    answer = server.api.post(path, json={"decision": decision, **more})
    assert answer.status_code == 200, answer.text
    changed: int = answer.json()["changed"]
    return changed


def make_uncertain(server: Running, journey: str) -> None:
    """As if nobody had answered."""
    with server.installation.database.session() as session:
        for row in session.query(JourneyDeed).filter_by(journey_id=journey):
            row.state, row.error = "uncertain", {"reason": "no answer"}


def set_state(server: Running, journey: str, state: str) -> None:
    with server.installation.database.session() as session:
        session.get_one(Journey, journey).state = state


def audited(server: Running, journey: str) -> list[dict[str, Any]]:
    found = server.api.get(server.path("/audit"), params={"limit": 500}).json()["items"]
    return [
        each["after"]
        for each in reversed(found)
        if each["action"] == "journey.deeds_resolved" and each["target_id"] == journey
    ]


def test_what_failed_is_tried_again_under_the_same_key(server: Running, receiver: Receiver) -> None:
    receiver.replies = [Reply(410), Reply(410)]
    node = {"kind": "webhook", "channel": channel(server, receiver.url)}
    journey = run(server, node, "ann", "bob")
    failed = deeds(server, journey)
    assert [each["state"] for each in failed] == ["failed", "failed"]
    assert sorted(each["person"]["distinct_ids"][0] for each in failed) == ["ann", "bob"]
    assert all("410" in each["reason"] for each in failed)
    one = failed[0]["id"]
    assert resolve(server, journey, "happened", deed_ids=[one]) == 0, "it did not happen: it failed"
    assert resolve(server, journey, "retry", deed_ids=[one]) == 1
    assert resolve(server, journey, "retry", deed_ids=[one]) == 0, "once is enough"
    counts = server.api.get(server.path(f"/journeys/{journey}/counts")).json()
    assert (counts["failed_deeds"], counts["uncertain_deeds"], counts["waiting_deeds"]) == (1, 0, 1)
    server.installation.journeys.tick()
    assert [each["id"] for each in deeds(server, journey)] == [failed[1]["id"]]
    assert resolve(server, journey, "retry", node="other") == 0
    assert resolve(server, journey, "retry", node="it") == 1
    server.installation.journeys.tick()
    assert deeds(server, journey) == []
    keys = [key for key, _ in receiver.taken]
    assert sorted(keys[:2]) == sorted(keys[2:])
    told = [(each["decision"], each["changed"]) for each in audited(server, journey)]
    assert told == [("retry", 1), ("retry", 1)]


def test_the_uncertain_happened_or_is_tried_again(server: Running, receiver: Receiver) -> None:
    receiver.replies = [Reply(503)] * 3
    settings = server.path("/journeys/settings")
    named = {"reward_channel_id": channel(server, receiver.url)}
    server.api.put(settings, json=named).raise_for_status()
    journey = run(server, {"kind": "give", "reward": "coupon"}, "ann", "bob", "old")
    make_uncertain(server, journey)
    due_again(server, journey)
    assert len(receiver.taken) == 3, "what may have happened is not tried again by itself"
    held = {each["person"]["distinct_ids"][0]: each["id"] for each in deeds(server, journey)}
    assert resolve(server, journey, "happened", deed_ids=[held["ann"]]) == 1
    assert resolve(server, journey, "happened", deed_ids=[held["ann"]]) == 0
    assert [each["distinct_id"] for each in given(server, journey)] == ["ann"]
    assert resolve(server, journey, "give_up", deed_ids=[held["old"]]) == 1
    assert resolve(server, journey, "retry") == 1
    server.installation.journeys.tick()
    assert deeds(server, journey) == []
    assert sorted(each["distinct_id"] for each in given(server, journey)) == ["ann", "bob"]
    keys = [key for key, _ in receiver.taken]
    assert (len(keys), len(set(keys))) == (4, 3)
    server.api.put(settings, json={"reward_channel_id": None}).raise_for_status()


def test_after_the_end_of_a_journey_it_is_tried_again_too(server: Running, receiver: Receiver) -> None:
    receiver.replies = [Reply(410)]
    journey = run(server, {"kind": "webhook", "channel": channel(server, receiver.url)}, "ann")
    set_state(server, journey, "ended")
    assert resolve(server, journey, "retry") == 1
    server.installation.journeys.tick()
    assert deeds(server, journey) == []
    assert server.api.get(server.path(f"/journeys/{journey}")).json()["state"] == "ended"


def test_reasons_are_told_in_both_languages_and_pages_follow(server: Running) -> None:
    journey = run(server, {"kind": "give", "reward": "points"}, "unknown-1", "unknown-2", "unknown-3")
    path = server.path(f"/journeys/{journey}/deeds")
    first = server.api.get(path, params={"state": "failed", "limit": 2}).json()
    assert {(each["reason"], each["reason_zh"]) for each in first["items"]} == {
        ("Nothing is recorded of this person any more.", "该用户的数据已不存在。")
    }
    rest = server.api.get(path, params={"cursor": first["next_cursor"]}).json()
    assert (len(first["items"]), len(rest["items"]), rest["next_cursor"]) == (2, 1, None)
    assert server.api.get(path, params={"state": "uncertain"}).json()["items"] == []
    refused = server.api.post(server.path("/journeys/none/deeds/resolve"), json={"decision": "retry"})
    assert refused.status_code == 404
