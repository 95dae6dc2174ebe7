"""Messages that are held: what is being sent goes out, nothing else does, and released ones go once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from bihuan.delivery import Limits, Outgoing, Result, Retry
from bihuan.messages.channels.opening import OpenChannels
from bihuan.messages.inbox.channel import InAppChannel
from bihuan.messages.outbox.service import cancel, hold, release
from bihuan.warehouse import Engine
from tests.messages.sending import Sender, sender
from tests.postgres import control_dsn, postgres_dsn

__all__ = ["control_dsn", "postgres_dsn"]


@pytest.fixture
def shop(engine: Engine, tmp_path: Path, control_dsn: str) -> Iterator[Sender]:
    with sender(engine, tmp_path, control_dsn) as made:
        made.channel("app")
        yield made


class Interrupted(InAppChannel):
    """Puts messages into the app, and has something happen while it does so for the first time."""

    limits = Limits(0, 2, 1)
    happens: Callable[[], object] | None = None

    async def send(self, batch: Sequence[Outgoing]) -> list[Result]:
        if self.happens is None:
            return await super().send(batch)
        happens, self.happens = self.happens, None
        happens()
        first, *others = batch
        return [*await super().send([first]), *(Retry("busy") for _ in others)]


def _hold(shop: Sender, occurrence: str) -> int:
    with shop.installation.database.session() as session:
        return hold(session, shop.id, occurrence)


def _release(shop: Sender, occurrence: str) -> int:
    with shop.installation.database.session() as session:
        return release(session, shop.id, occurrence)


def test_what_is_being_sent_goes_out_and_the_rest_waits_for_its_release(shop: Sender) -> None:
    everybody = list(shop.people({f"p{number}": {"name": f"P{number}"} for number in range(7)}).values())
    shop.queue(everybody[:6], "app", occurrence="sale")
    database = shop.installation.database
    channel = Interrupted(database, shop.id)
    channel.happens = lambda: _hold(shop, "sale")
    channels = OpenChannels(database, lambda _: channel)
    assert shop.send(batch=2, channels=channels) == 2
    states = Counter(row.state for row in shop.rows())
    # One answered that it was busy, and comes back into the queue; batches that were prepared did not go.
    assert (states["sent"], states["held"] + states["queued"]) == (1, 5)
    assert states["queued"] <= 1
    assert {row.worker for row in shop.rows(state="held")} == {None}
    shop.now_ms += 3_600_000
    shop.queue(everybody[6:], "app", occurrence="sale")
    shop.queue(everybody[:1], "app", occurrence="other")
    assert shop.send(channels=channels) == 1
    assert Counter((row.occurrence, row.state) for row in shop.rows()) == {
        ("sale", "sent"): 1,
        ("sale", "held"): 6,
        ("other", "sent"): 1,
    }
    assert _hold(shop, "sale") == 0
    assert (_release(shop, "sale"), _release(shop, "sale")) == (6, 0)
    assert shop.send(channels=channels) == 6
    assert shop.send(channels=channels) == 0
    assert Counter(row.person_id for row in shop.inbox()) == {
        **dict.fromkeys(everybody[1:], 1),
        everybody[0]: 2,
    }
    assert len(shop.told("$message_sent")) == 8


def test_what_is_held_can_be_cancelled(shop: Sender) -> None:
    everybody = list(shop.people({f"p{number}": {} for number in range(3)}).values())
    shop.queue(everybody, "app", occurrence="sale")
    assert _hold(shop, "sale") == 3
    with shop.installation.database.session() as session:
        assert cancel(session, shop.id, occurrence="sale") == 3
    assert (shop.send(), _release(shop, "sale")) == (0, 0)
    assert shop.states() == {("cancelled", "cancelled"): 3}
