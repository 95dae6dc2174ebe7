"""Watching what arrives: one look a second for all who watch the same."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bihuan.access import ProjectNotFound
from bihuan.insights.live import repository
from bihuan.insights.live.repository import Arrived, Wanted
from bihuan.people import People

_log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
MOST_A_LOOK = 200
# A row is seen up to this long after it was received: writing takes a moment, and clocks differ.
BACK_MS = 20_000
# Looked at beyond what is shown, to find rows that came late among those that are known.
_LOOKED_AT = 1_000
# Looks that may wait for a slow reader; older ones go first.
_WAITING = 10

Look = Callable[[int], Sequence[Arrived]]
Batches = asyncio.Queue[list[Arrived] | None]


@dataclass
class _Watch:
    """One filter of one project, with those who watch it."""

    look: Look
    listeners: set[Batches] = field(default_factory=set)
    task: asyncio.Task[None] | None = None
    _seen: dict[uuid.UUID, int] = field(default_factory=dict)

    async def run(self) -> None:
        """Look until nobody listens."""
        began_ms = _now_ms()
        while self.listeners:
            started = time.monotonic()
            since_ms = max(_now_ms() - BACK_MS, began_ms - BACK_MS // 2)
            try:
                found = await asyncio.to_thread(self.look, since_ms)
            except ProjectNotFound:
                self.end()
                return
            except Exception:
                _log.warning("live events were not read", exc_info=True)
                found = []
            self._hand_out(found)
            await asyncio.sleep(max(0.0, LOOK_SECONDS - (time.monotonic() - started)))

    def end(self) -> None:
        """Tell those who listen that there is no more."""
        for listener in self.listeners:
            if listener.full():
                listener.get_nowait()
            listener.put_nowait(None)

    def _hand_out(self, found: Sequence[Arrived]) -> None:
        fresh = [each for each in found if each.event_id not in self._seen][:MOST_A_LOOK]
        self._seen |= {each.event_id: each.received_ms for each in found}
        forgotten_ms = _now_ms() - 3 * BACK_MS
        self._seen = {each: at for each, at in self._seen.items() if at >= forgotten_ms}
        for listener in self.listeners if fresh else ():
            if listener.full():
                listener.get_nowait()
            listener.put_nowait(fresh)


class LiveEvents:
    """Everybody in this process who watches events arrive. Used from one event loop."""

    def __init__(self) -> None:
        self._watches: dict[tuple[str, Wanted], _Watch] = {}
        self._ended = False

    @asynccontextmanager
    async def listening(
        self, project_id: str, people: Callable[[str], People], wanted: Wanted
    ) -> AsyncIterator[Batches]:
        """A queue of what arrives, the latest first in each batch; None is its end.

        Args:
            people: gives the people of a project, each time anew: it may have been opened again.
        """
        key = (project_id, wanted)
        watch = self._watches.get(key)
        if watch is None:
            watch = self._watches[key] = _Watch(
                lambda since_ms: repository.arrived(
                    people(project_id), wanted, since_ms=since_ms, limit=_LOOKED_AT
                )
            )
        listener: Batches = asyncio.Queue(_WAITING)
        watch.listeners.add(listener)
        if self._ended:
            listener.put_nowait(None)
        if watch.task is None or watch.task.done():
            watch.task = asyncio.create_task(watch.run())
        try:
            yield listener
        finally:
            watch.listeners.discard(listener)
            if not watch.listeners:
                self._watches.pop(key, None)

    def watching(self) -> int:
        """How many filters are looked for now."""
        return len(self._watches)

    def end(self) -> None:
        """Tell everybody that it is over: the server ends."""
        self._ended = True
        for watch in self._watches.values():
            watch.end()


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
