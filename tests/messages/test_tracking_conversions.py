"""Orders after messages, told as conversions of the last message before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bihuan.collect import IncomingEvent
from bihuan.messages.tracking.conversions import tell_conversions
from bihuan.warehouse import Engine
from tests.messages.sending import Sender, sender

HOUR_MS = 3_600_000


@pytest.fixture
def shop(engine: Engine, tmp_path: Path) -> Iterator[Sender]:
    with sender(engine, tmp_path) as made:
        made.channel("app")
        yield made


def order(shop: Sender, who: str, **properties: object) -> None:
    event = IncomingEvent(event="Order", distinct_id=who, time_ms=shop.now_ms, properties=dict(properties))
    shop.events([event])


def test_an_order_counts_for_the_last_message_before_it(shop: Sender) -> None:
    persons = shop.people({name: {"name": name} for name in ("ann", "bob", "cai")})
    shop.rules(conversion_events=["Order"], conversion_hours=24)
    order(shop, "ann")
    for step in ("one", "two"):
        shop.now_ms += HOUR_MS
        origin = {"$campaign_id": step}
        shop.queue([persons["ann"], persons["bob"]], "app", step=step, origin=origin)
        shop.send()
    shop.now_ms += HOUR_MS
    database = shop.installation.database
    tell_conversions(database, shop.project, now_ms=shop.now_ms)
    order(shop, "ann", **{"$revenue": 12.5})
    order(shop, "cai")
    shop.now_ms += 24 * HOUR_MS
    order(shop, "bob")
    shop.now_ms += HOUR_MS
    assert tell_conversions(database, shop.project, now_ms=shop.now_ms) == 1
    assert tell_conversions(database, shop.project, now_ms=shop.now_ms) == 0
    (told,) = shop.told("$message_converted")
    assert (told["distinct_id"], told["$campaign_id"], told["$event"]) == ("ann", "two", "Order")
    assert told["$conversion_value"] == 12.5
    assert "$revenue" not in told
    message = next(row for row in shop.rows(step="two") if row.person_id == persons["ann"])
    assert told["$message_id"] == str(message.id)
