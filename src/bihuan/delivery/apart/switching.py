"""A channel that hands its work to another process while there is much of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from bihuan.delivery.apart.process import OtherProcess
from bihuan.delivery.kinds import open_channel
from bihuan.delivery.port import Channel, Outgoing, Result

# A mailing, not a message now and then.
MUCH = 500
REST_SECONDS = 60.0


class Switching:
    """Sends in this process at first, in another from the ``much``-th message on, until it has had a rest.

    Talking to mail servers takes the interpreter about as long as rendering mails and keeping them: in two
    processes they go on side by side. Nothing waits for the other one to be ready.
    """

    def __init__(
        self,
        kind: str,
        settings: Mapping[str, Any],
        secrets: Mapping[str, Any],
        *,
        private: bool = False,
        much: int = MUCH,
        rest_seconds: float = REST_SECONDS,
    ) -> None:
        self._near: Channel = open_channel(kind, settings, secrets, private=private)
        self.limits = self._near.limits
        self._other = OtherProcess(kind, settings, secrets, self.limits, private=private)
        self._much, self._rest_seconds = much, rest_seconds
        self._given = self._at_work = 0
        self._beginning: asyncio.Task[bool] | None = None
        self._resting: asyncio.Task[None] | None = None

    async def send(self, batch: Sequence[Outgoing]) -> list[Result]:
        """One result for each message, in order."""
        if self._resting is not None:
            self._resting.cancel()
        self._given += len(batch)
        self._at_work += 1
        try:
            return await (self._other if await self._switched() else self._near).send(batch)
        finally:
            self._at_work -= 1
            if not self._at_work:
                self._resting = asyncio.create_task(self._rest())

    async def close(self) -> None:
        """End the other process, and the connections of both."""
        if self._resting is not None:
            self._resting.cancel()
        await self._back()
        await self._near.close()

    async def _switched(self) -> bool:
        if self._beginning is None and self._given >= self._much:
            self._beginning = asyncio.create_task(self._other.begin())
        if self._beginning is None or not self._beginning.done():
            return False
        if self._beginning.exception() is not None or not self._beginning.result():
            # It is tried again after as many messages.
            self._beginning, self._given = None, 0
            return False
        await self._near.close()
        return True

    async def _rest(self) -> None:
        await asyncio.sleep(self._rest_seconds)
        await self._back()

    async def _back(self) -> None:
        beginning, self._beginning, self._given = self._beginning, None, 0
        if beginning is not None:
            await asyncio.wait([beginning])
            await self._other.close()
