"""Messages that are held: what is being sent goes out, nothing else does, and released ones go once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from bihuan.delivery import Limits, Outgoing, Result, Retry
from bihuan.messages.channels.opening import OpenChannels
from bihuan.messages.inbox.channel import InAppChannel
from bihuan.messages.outbox.service import cancel, end, hold, release
from bihuan.warehouse import Engine
from tests.delivery.servers.smtp import Mailboxes, mail_server
from tests.messages.sending import Sender, sender
from tests.ready import ready_dsn, ready_postgres, ready_sqlite

__all__ = ["ready_dsn", "ready_postgres", "ready_sqlite"]

HOUR_MS = 3_600_000


@pytest.fixture
def shop(engine: Engine, tmp_path: Path, ready_dsn: str) -> Iterator[Sender]:
    with sender(engine, tmp_path, ready_dsn) as made:
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


@dataclass
class Busy(Mailboxes):
    """Answers that it is busy, before which something happens the first time, until it takes everything."""

    busy: bool = True
    happens: Callable[[], object] | None = None

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not self.busy:
            return await super().handle_RCPT(server, session, envelope, address, options)
        happens, self.happens = self.happens, None
        if happens is not None:
            await asyncio.to_thread(happens)
        return "451 4.7.1 come back later"


@contextmanager
def _mailing(shop: Sender) -> Iterator[tuple[Busy, list[int]]]:
    """A server that is busy, and two people with a mail to each in the queue."""
    with mail_server(boxes=(boxes := Busy())):
        servers = [{"host": "127.0.0.1", "port": boxes.port, "security": "none"}]
        settings = {"servers": servers, "sender": "Shop <shop@example.com>"}
        shop.channel("mail", "smtp", settings=settings)
        people = {f"p{number}": {"email": f"p{number}@example.com"} for number in range(2)}
        everybody = list(shop.people(people).values())
        shop.queue(everybody, "mail", occurrence="sale")
        yield boxes, everybody


def _end(shop: Sender) -> int:
    with shop.installation.database.session() as session:
        return end(session, shop.id, "sale")


def test_of_what_has_ended_nothing_is_tried_again(shop: Sender) -> None:
    with _mailing(shop) as (boxes, everybody):
        assert shop.send() == 2
        assert {(row.state, row.attempts) for row in shop.rows()} == {("queued", 1)}
        # As a campaign that is paused and then finished.
        assert (_hold(shop, "sale"), _end(shop)) == (2, 2)
        boxes.busy = False
        shop.now_ms += HOUR_MS
        shop.queue(everybody, "mail", occurrence="sale", step="s2")
        assert shop.send() == 0
        assert _release(shop, "sale") == 0
        assert (shop.send(), len(boxes.taken)) == (0, 0)
        assert shop.states() == {("cancelled", "finished"): 4}


def test_what_is_on_its_way_when_it_ends_is_not_tried_again(shop: Sender) -> None:
    with _mailing(shop) as (boxes, _):
        boxes.happens = lambda: _end(shop)
        assert shop.send() == 2
        boxes.busy = False
        shop.now_ms += HOUR_MS
        assert (shop.send(), len(boxes.taken)) == (0, 0)
        assert {(row.state, row.reason, row.sent_ms) for row in shop.rows()} == {
            ("cancelled", "finished", None)
        }
        assert all("come back later" in (row.detail or "") for row in shop.rows())
