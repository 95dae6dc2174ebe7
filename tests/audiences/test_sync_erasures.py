"""Receivers of webhooks are told who was erased, so that they forget them, too."""

from __future__ import annotations

import json
import time
from datetime import timedelta

from bihuan.database import utc_now
from tests.audiences.receiving import Receiver
from tests.audiences.test_sync import Tagged, deliveries, receiver, sender, server
from tests.insights.shop import send
from tests.server.running import Running

__all__ = ["receiver", "server"]


def erase(server: Running, person: str) -> None:
    server.api.delete(server.path("/person"), params={"person": person}).raise_for_status()


def test_who_was_erased_is_told_by_ids_alone(server: Running, receiver: Receiver) -> None:
    tagged = Tagged(server, "Erased")
    people = [f"gone-{time.time_ns()}-{number}" for number in range(3)]
    seen_at = utc_now() - timedelta(days=1)
    events = [
        {"type": "track", "userId": each, "event": "Seen", "timestamp": seen_at.isoformat()}
        for each in people
    ]
    send(server, events)
    erase(server, people[2])
    tagged.give("yes", *people[:2])
    sync = tagged.sync(kind="webhook", url=receiver.url, unmask=True)
    assert sender(server).due(sync["id"]) == 1
    entered = receiver.messages()[-1]["data"]["entered"]
    known = {person["distinct_ids"][0]: person["person_id"] for person in entered}
    assert set(known) == set(people[:2]), "who was erased before is in no message"
    erase(server, people[0])
    receiver.answers = [(500, {}), (204, {})]
    assert sender(server).due(sync["id"]) == 0
    assert sender(server).due(sync["id"]) == 1
    failed, again = receiver.messages()[-2:]
    assert failed == again, "the same message is sent again"
    assert again["type"] == "person.erased"
    assert again["data"] == {
        "project_id": server.project_id,
        "sync_id": sync["id"],
        "person_ids": [known[people[0]]],
    }
    receiver.verify(sync["secret"])
    assert people[0] not in json.dumps(again)
    told = deliveries(server, sync["id"])[0]
    assert (told["kind"], told["state"], told["people"], told["entered"]) == ("erased", "delivered", 1, 0)
    assert sender(server).due(sync["id"]) == 0, "once"
