"""Request bodies made before the clock runs: only the number of the request is filled in when it is sent."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any

# Eight hexadecimal digits stand here once a body is sent; with the place of the event they make its id.
NUMBER_MARK = "REQNUMBR"
EVENTS_A_BATCH = 100
TEMPLATES = 200
PEOPLE = 100_000
EVENTS = ("view", "search", "cart", "checkout", "pay", "feature_00", "feature_01", "feature_02")


def batch_bodies() -> list[bytes]:
    """Bodies of ``/v1/batch`` with 100 track calls of six properties each, as the Python SDK sends them."""
    chance, now = random.Random(11), datetime.now(UTC)
    return [
        json.dumps({"batch": [_message(chance, now, place) for place in range(EVENTS_A_BATCH)]}).encode()
        for _ in range(TEMPLATES)
    ]


def single_bodies() -> list[bytes]:
    """Bodies of ``/v1/track``."""
    chance, now = random.Random(12), datetime.now(UTC)
    return [json.dumps(_message(chance, now, 0)).encode() for _ in range(TEMPLATES)]


def numbered(body: bytes, number: int) -> bytes:
    """The body as request ``number`` sends it."""
    return body.replace(NUMBER_MARK.encode(), b"%08x" % number)


def _message(chance: random.Random, now: datetime, place: int) -> dict[str, Any]:
    time = now - timedelta(milliseconds=chance.randrange(3_600_000))
    return {
        "type": "track",
        "event": chance.choice(EVENTS),
        "userId": f"user-{chance.randrange(PEOPLE):07d}",
        "messageId": f"{NUMBER_MARK}-0000-4000-8000-{place:012x}",
        "timestamp": time.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "properties": {
            "campaign": chance.choice(("spring", "summer", "autumn", "winter")),
            "page": f"/p/{chance.randrange(300)}",
            "plan": chance.choice(("free", "plus", "pro")),
            "product_id": f"sku-{chance.randrange(5_000)}",
            "price": round(chance.gammavariate(2.0, 30.0), 2),
            "quantity": chance.randrange(1, 6),
        },
        "context": {"library": {"name": "analytics-python", "version": "2.4.0"}},
        "integrations": {},
    }
