"""One channel's messages on their way: claimed and prepared by the batch, given away by the share."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from bihuan.database import Database
from bihuan.delivery import Channel, Outgoing, Result, results_of
from bihuan.kernel.errors import BihuanError
from bihuan.messages.channels.models import MessageChannel
from bihuan.messages.outbox import claims
from bihuan.messages.outbox.admission import admit
from bihuan.messages.outbox.claims import Outcome
from bihuan.messages.outbox.policies.rate import room
from bihuan.messages.outbox.preparing import Place, Preparation, Prepared
from bihuan.messages.outbox.results import outcome_of
from bihuan.messages.outbox.telling import tell

_log = logging.getLogger(__name__)
# While one share's results are written, another is on its way, so that connections are never idle.
SHARES_AT_ONCE = 2


@dataclass(frozen=True)
class OutboxLimits:
    """``batch``: messages that one worker claims and prepares at once.

    They are given to a channel in shares of its own ``Limits.batch``, and at most ``SHARES_AT_ONCE`` of those
    are without an answer at any moment: a crash leaves no more uncertain.
    ``lease_seconds``: after so long without a sign a worker counts as dead.
    """

    batch: int = 500
    lease_seconds: float = 60.0


@dataclass(frozen=True)
class Crew:
    """What all lanes of a worker share.

    ``name``: the worker's. ``dead``: told of addresses that a channel calls dead. ``stopping``: whether
    nothing more is to be given away.
    """

    name: str
    database: Database
    preparation: Preparation
    limits: OutboxLimits
    now_ms: Callable[[], int]
    dead: Callable[[str, str, int, str, str], None]
    stopping: Callable[[], bool]
    _turns: threading.Lock = field(default_factory=threading.Lock)

    @contextlib.contextmanager
    def session(self) -> Iterator[Session]:
        """A transaction. On SQLite the worker's threads wait for each other here.

        Who waits for the file itself looks again only after up to a tenth of a second.
        """
        alone = self.database.is_sqlite
        turn: AbstractContextManager[Any] = self._turns if alone else contextlib.nullcontext()
        with turn, self.database.session() as session:
            yield session

    def until_ms(self, now_ms: int) -> int:
        """When a lease that is taken now ends."""
        return now_ms + round(self.limits.lease_seconds * 1000)


@dataclass(eq=False)
class _Share:
    """Part of a batch on its way, then the channel's answers; ``settled`` when those are written down."""

    part: Prepared
    results: list[tuple[Outgoing, Result]] = field(default_factory=list)
    settled: asyncio.Event = field(default_factory=asyncio.Event)


class Lane:
    """Sends what is due on one channel; ``batches`` were begun, ``sent`` messages given to the channel."""

    def __init__(self, crew: Crew, place: Place, channel: Channel) -> None:
        self._crew, self._place, self._channel = crew, place, channel
        given = place.channel.per_second
        self._rate = channel.limits.per_second if given is None else given
        self._share = max(1, min(crew.limits.batch, channel.limits.batch))
        self._held: set[int] = set()
        self.batches = self.sent = 0

    async def run(self) -> None:
        """Go on until nothing is due. Raises what the control database raises."""
        alive = asyncio.create_task(self._keep_alive())
        try:
            await self._run()
        finally:
            alive.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await alive

    async def _run(self) -> None:
        under_way: deque[asyncio.Task[_Share]] = deque()
        tellings: deque[asyncio.Task[None]] = deque()
        prepared = await self._next()
        try:
            while prepared is not None:
                self.batches += 1
                following = asyncio.create_task(self._next())
                shares = [_Share(each) for each in prepared.shares(self._share)]
                for share in shares:
                    done = await under_way.popleft() if len(under_way) == SHARES_AT_ONCE else None
                    going = await self._turn(done, share)
                    under_way.append(asyncio.create_task(self._give(share, going)))
                tellings.append(asyncio.create_task(self._tell_after(shares, prepared)))
                # All but the last two shares are settled, so what was before the last batch can be told.
                while len(tellings) > SHARES_AT_ONCE:
                    await tellings.popleft()
                prepared = await following
            while under_way:
                await self._turn(await under_way.popleft(), None)
            await asyncio.gather(*tellings)
        finally:
            for telling in tellings:
                telling.cancel()
            for each in await asyncio.gather(*under_way, return_exceptions=True):
                if isinstance(each, _Share):
                    await self._turn(each, None)

    async def _next(self) -> Prepared | None:
        found = await asyncio.to_thread(self._prepare)
        self._held.update(found.messages if found else ())
        return found

    def _prepare(self) -> Prepared | None:
        crew, place = self._crew, self._place
        if crew.stopping():
            return None
        now_ms = crew.now_ms()
        with crew.session() as session:
            row = session.get(MessageChannel, place.channel.id)
            if row is None or not row.enabled or row.version != place.channel.version:
                return None
            allowed = room(row.free_ms, self._rate, now_ms)
            limit = crew.limits.batch if allowed < 0 else min(crew.limits.batch, allowed)
            until_ms = crew.until_ms(now_ms)
            found = claims.claim(session, row.id, crew.name, now_ms=now_ms, until_ms=until_ms, limit=limit)
        return crew.preparation.prepare(place, found, now_ms) if found else None

    async def _turn(self, done: _Share | None, share: _Share | None) -> set[int]:
        """In one transaction write down the answers to one share, and let out the next."""
        try:
            going = await asyncio.to_thread(self._settle_and_admit, done, share)
        except Exception:
            # What was answered is known, even if nothing more can be let out.
            if done is not None and share is not None:
                await self._turn(done, None)
            raise
        if done is not None:
            self._held.difference_update(done.part.messages)
            done.settled.set()
        return going

    def _settle_and_admit(self, done: _Share | None, share: _Share | None) -> set[int]:
        crew = self._crew
        now_ms = crew.now_ms()
        outcomes = {} if done is None else self._outcomes(done, now_ms)
        if share is not None and crew.stopping():
            share.part.give_back()
        with crew.session() as session:
            if done is not None:
                claims.settle(session, crew.name, outcomes, done.part.messages, now_ms=now_ms)
            if share is None:
                return set()
            return admit(
                session,
                self._place,
                share.part,
                crew.name,
                rate=self._rate,
                now_ms=now_ms,
                until_ms=crew.until_ms(now_ms),
            )

    async def _give(self, share: _Share, going: set[int]) -> _Share:
        batch = [each for key, each in share.part.outgoing.items() if key in going]
        if batch:
            self.sent += len(batch)
            share.results = list(zip(batch, await results_of(self._channel, batch), strict=True))
        return share

    def _outcomes(self, done: _Share, now_ms: int) -> dict[int, Outcome]:
        outcomes = {}
        for outgoing, result in done.results:
            message = done.part.messages[int(outgoing.message_id)]
            outcomes[message.id] = outcome_of(self._place, message, outgoing.content, result, now_ms)
            if getattr(result, "address_is_dead", False):
                person = done.part.recipients[message.person_id].person_id
                self._report_dead(person, outgoing.address, outcomes[message.id].reason or "")
        return outcomes

    def _report_dead(self, person: int, address: str, reason: str) -> None:
        channel = self._place.channel
        try:
            self._crew.dead(channel.project_id, channel.medium, person, address, reason)
        except Exception:
            _log.warning("a dead address was not noted", exc_info=True)

    async def _tell_after(self, shares: Sequence[_Share], prepared: Prepared) -> None:
        for each in shares:
            await each.settled.wait()
        await asyncio.to_thread(self._tell, prepared)

    def _tell(self, prepared: Prepared) -> None:
        crew, ids = self._crew, list(prepared.messages)
        try:
            tell(
                crew.database,
                self._place.project,
                now_ms=crew.now_ms(),
                ids=ids,
                recipients=prepared.recipients,
            )
        except BihuanError:
            # What is untold is told later.
            _log.warning("the event log was not told of %d messages", len(ids), exc_info=True)

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(self._crew.limits.lease_seconds / 3)
            try:
                await asyncio.to_thread(self._keep_lease, list(self._held))
            except Exception:
                _log.warning("a lease could not be kept", exc_info=True)

    def _keep_lease(self, ids: Sequence[int]) -> None:
        crew = self._crew
        with crew.session() as session:
            claims.keep_lease(session, crew.name, ids, crew.until_ms(crew.now_ms()))
