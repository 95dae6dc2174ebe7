"""Large requests of many connections one after the other, with everybody else's work between them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable


class Turns:
    """Begins what waits one at a time, each in a turn of the event loop of its own.

    A batch takes milliseconds to read. Of sixteen that arrived together, whoever asks something would wait
    for all sixteen, every time that the question needs the loop.
    """

    def __init__(self) -> None:
        self._waiting: deque[Callable[[], None]] = deque()

    def take(self, loop: asyncio.AbstractEventLoop, begin: Callable[[], None]) -> None:
        """Call ``begin`` when it is its turn."""
        self._waiting.append(begin)
        if len(self._waiting) == 1:
            loop.call_soon(self._next, loop)

    def _next(self, loop: asyncio.AbstractEventLoop) -> None:
        begin = self._waiting.popleft()
        if self._waiting:
            loop.call_soon(self._next, loop)
        begin()
