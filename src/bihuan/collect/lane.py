"""Work that concurrent requests bring in small pieces, done together: while one runs, the rest gather."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

Piece = TypeVar("Piece")
Done = TypeVar("Done")


class Lane(Generic[Piece, Done]):
    """Runs ``work`` in a thread on all pieces that wait, one run at a time; for one event loop.

    Args:
        work: takes the pieces of several requests; what it returns or raises goes to each of them.
    """

    def __init__(self, work: Callable[[list[Piece]], Done]) -> None:
        self._work = work
        self._waiting: list[tuple[list[Piece], asyncio.Future[Done]]] = []
        self._running: asyncio.Task[None] | None = None

    async def do(self, pieces: list[Piece]) -> Done:
        """Have ``pieces`` worked on together with those of other requests."""
        future: asyncio.Future[Done] = asyncio.get_running_loop().create_future()
        self._waiting.append((pieces, future))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run())
        return await future

    async def _run(self) -> None:
        while self._waiting:
            taken, self._waiting = self._waiting, []
            try:
                done = await asyncio.to_thread(self._work, [piece for pieces, _ in taken for piece in pieces])
            except Exception as failure:
                for _, future in taken:
                    if not future.done():
                        future.set_exception(failure)
            else:
                for _, future in taken:
                    if not future.done():
                        future.set_result(done)
