"""Several workers on one outbox at the same moment, on both databases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from bihuan.warehouse import Engine
from tests.messages.sending import Sender, sender
from tests.ready import ready_dsn, ready_postgres, ready_sqlite

__all__ = ["ready_dsn", "ready_postgres", "ready_sqlite"]

WORKERS = 3


@pytest.fixture
def shop(engine: Engine, tmp_path: Path, ready_dsn: str) -> Iterator[Sender]:
    with sender(engine, tmp_path, ready_dsn) as made:
        made.channel("app")
        yield made


def send_together(shop: Sender, batch: int) -> list[int]:
    """What each of the workers gave to channels, all begun at once."""
    line = Barrier(WORKERS)

    def work(_number: int) -> int:
        line.wait(20)
        return shop.send(batch=batch)

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(work, range(WORKERS)))


def test_workers_share_the_messages_and_send_each_once(shop: Sender) -> None:
    everybody = list(shop.people({f"p{number}": {"x": 1} for number in range(120)}).values())
    shop.queue(everybody, "app")
    sent = send_together(shop, 7)
    assert sum(sent) == 120
    assert Counter(row.person_id for row in shop.inbox()) == dict.fromkeys(everybody, 1)
    assert shop.states() == {("sent", None): 120}
    assert len(shop.told("$message_sent")) == 120


def test_two_workers_cannot_both_use_the_last_place_under_a_cap(shop: Sender) -> None:
    shop.rules(caps=[{"count": 1, "hours": 24}])
    everybody = list(shop.people({f"p{number}": {"x": 1} for number in range(12)}).values())
    # The messages of a person lie beside each other, so that workers get them at the same moment.
    for person in everybody:
        for step in "abcd":
            shop.queue([person], "app", step=step)
    assert sum(send_together(shop, 2)) == 12
    assert Counter(row.person_id for row in shop.inbox()) == dict.fromkeys(everybody, 1)
    assert shop.states() == {("sent", None): 12, ("suppressed", "cap_reached"): 36}


def test_workers_together_keep_the_rate_of_a_channel(shop: Sender) -> None:
    shop.channel("slow", per_second=10)
    everybody = list(shop.people({f"p{number}": {"x": 1} for number in range(30)}).values())
    shop.queue(everybody, "slow")
    # The clock stands still: a burst of a second, whoever sends it.
    assert sum(send_together(shop, 4)) == 10
    shop.now_ms += 500
    assert sum(send_together(shop, 4)) == 5
