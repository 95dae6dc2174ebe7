"""Sending what is due on every channel, and settling what workers that died left."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable, Iterable

from sqlalchemy import select

from bihuan.database import Database, new_id
from bihuan.messages.channels.models import MessageChannel
from bihuan.messages.channels.opening import OpenChannels
from bihuan.messages.outbox import claims
from bihuan.messages.outbox.lane import Crew, Lane, OutboxLimits
from bihuan.messages.outbox.policies.kept import policy_of
from bihuan.messages.outbox.ports import Permission, Renderer, SendingProject
from bihuan.messages.outbox.preparing import Place, Preparation
from bihuan.messages.outbox.telling import tell

_log = logging.getLogger(__name__)


def system_clock() -> int:
    """This moment in Unix milliseconds."""
    return time.time_ns() // 1_000_000


class Outbox:
    """One worker on the outbox. Belongs to one event loop.

    Args:
        project: opens a project by its id.
        channels: opens what is configured.
        permission: whom messages may go to.
        renderer: what they say.
        now_ms: the clock.
        dead: told of addresses that a channel calls dead: project, medium, person, address, reason.
    """

    def __init__(
        self,
        database: Database,
        project: Callable[[str], SendingProject],
        channels: OpenChannels,
        *,
        permission: Permission,
        renderer: Renderer,
        limits: OutboxLimits | None = None,
        now_ms: Callable[[], int] = system_clock,
        dead: Callable[[str, str, int, str, str], None] = lambda *_: None,
    ) -> None:
        self.worker = f"{os.getpid()}-{new_id()}"
        self._database = database
        self._project = project
        self._channels = channels
        self._now_ms = now_ms
        self._stopping = False
        self._crew = Crew(
            name=self.worker,
            database=database,
            preparation=Preparation(database, permission, renderer),
            limits=limits or OutboxLimits(),
            now_ms=now_ms,
            dead=dead,
            stopping=lambda: self._stopping,
        )

    def stop(self) -> None:
        """Give nothing more away; what is on its way is finished, the rest goes back into the queue."""
        self._stopping = True

    async def send_due(self) -> int:
        """Send until nothing is due; returns how many messages were given to channels."""
        sent = 0
        while not self._stopping:
            rows = await asyncio.to_thread(self._waiting)
            lanes = await asyncio.gather(*(self._drain(row) for row in rows), return_exceptions=True)
            begun = 0
            for row, each in zip(rows, lanes, strict=True):
                if isinstance(each, BaseException):
                    _log.warning("messages of channel %s wait", row.id, exc_info=each)
                else:
                    begun, sent = begun + each.batches, sent + each.sent
            if not begun:
                break
        return sent

    def recover(self, *, everybody: bool = False) -> tuple[int, int]:
        """Settle what dead workers left; returns how many are queued again, and how many are uncertain."""
        with self._database.session() as session:
            return claims.recover(session, self._now_ms(), everybody=everybody)

    def tell_all(self, project_ids: Iterable[str]) -> int:
        """Tell the event log what it has not been told of, as after a crash."""
        told = 0
        for each in project_ids:
            while count := tell(self._database, self._project(each), now_ms=self._now_ms()):
                told += count
        return told

    async def close(self) -> None:
        """Close every channel."""
        await self._channels.close()

    async def _drain(self, row: MessageChannel) -> Lane:
        channel = await self._channels.get(row)
        lane = Lane(self._crew, await asyncio.to_thread(self._place, row), channel)
        await lane.run()
        return lane

    def _waiting(self) -> list[MessageChannel]:
        with self._database.read_session() as session:
            rows = list(session.scalars(select(MessageChannel).where(MessageChannel.enabled)))
            found = set(claims.waiting(session, [row.id for row in rows], self._now_ms()))
            session.expunge_all()
        return [row for row in rows if row.id in found]

    def _place(self, row: MessageChannel) -> Place:
        with self._database.read_session() as session:
            others = session.scalars(
                select(MessageChannel.id).where(MessageChannel.project_id == row.project_id)
            )
            return Place(
                self._project(row.project_id),
                row,
                frozenset(others) - {row.id},
                policy_of(session, row.project_id),
            )


__all__ = ["Outbox", "OutboxLimits", "system_clock"]
