"""A small shop: what five people did on the last four days, and how the project learned of it."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from bihuan.catalog import learn
from tests.server.running import Running

PEOPLE = ("ann", "bob", "cai", "dan", "eve")
CHANNELS = {"ann": "search", "bob": "search", "cai": "social", "dan": "mail", "eve": "direct"}
ORDERED = "Order Completed"
VIEWED = "Product Viewed"
SIGNED_UP = "Signed Up"
INVITED = "Invite Sent"
REVENUE = 10.0


def events() -> list[dict[str, Any]]:
    """Everybody signs up and looks; the first three order, once, twice and three times."""
    now = datetime.now(UTC)
    made: list[dict[str, Any]] = []

    def add(who: str, event: str, hours_ago: float, **properties: Any) -> None:
        moment = (now - timedelta(hours=hours_ago)).isoformat()
        made.append(
            {
                "type": "track",
                "userId": who,
                "event": event,
                "timestamp": moment,
                "messageId": f"m{len(made)}",
                "properties": {"$utm_source": CHANNELS[who], **properties},
            }
        )

    for number, who in enumerate(PEOPLE):
        add(who, SIGNED_UP, 72 - number)
        add(who, VIEWED, 70 - number, plan="plus" if number % 2 else "free")
        for order in range(number + 1 if number < 3 else 0):
            add(who, ORDERED, 48 - 10 * order - number, **{"$revenue": REVENUE * (order + 1)})
    add("ann", INVITED, 20)
    return made


def send(server: Running, batch: list[dict[str, Any]]) -> None:
    key = base64.b64encode(f"{server.write_key}:".encode()).decode()
    answer = httpx.post(
        f"{server.url}/v1/batch", json={"batch": batch}, headers={"authorization": f"Basic {key}"}, timeout=60
    )
    assert answer.status_code == 200, answer.text


def fill(server: Running) -> None:
    """Send the events and the profiles, and let the catalog learn of them."""
    traits = [
        {
            "type": "identify",
            "userId": who,
            "traits": {"name": who.title(), "email": f"{who}@example.com", "city": "Beijing"},
        }
        for who in PEOPLE
    ]
    send(server, traits + events())
    learn(server.installation.database, server.project_id, server.project.store, settle_seconds=0)
