"""Large requests of many connections one after the other, with everybody else's work between them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# Whoever sends a batch may wait so long for somebody who waits at a screen, and no longer.
MOST_WAIT_SECONDS = 0.2
# What takes longer is no longer waited for.
QUESTION_SECONDS = 0.1
# Whoever asks again at once is not kept waiting by what began between.
PAUSE_SECONDS = 0.004
# So long after a question the next one is expected. Without any, turns would only cost.
QUIET_SECONDS = 1.0
_LOOK_AGAIN_SECONDS = 0.002


class Turns:
    """Begins what waits one at a time, each in a turn of the event loop of its own, after new questions.

    A batch takes milliseconds to read. Of sixteen that arrived together, whoever asks something would wait
    for all sixteen, every time that the question needs the loop or the interpreter.
    """

    def __init__(self) -> None:
        self._waiting: deque[tuple[float, Callable[[], None]]] = deque()
        self._asked: dict[object, float] = {}  # in order of time
        self._last_asked = float("-inf")

    def take(self, loop: asyncio.AbstractEventLoop, begin: Callable[[], None]) -> None:
        """Call ``begin`` when it is its turn: at once where nobody asks anything."""
        now = loop.time()
        if not self._waiting and not self._asked and now - self._last_asked > QUIET_SECONDS:
            begin()
            return
        self._waiting.append((now, begin))
        if len(self._waiting) == 1:
            loop.call_soon(self._next, loop)

    @contextmanager
    def question(self, loop: asyncio.AbstractEventLoop) -> Iterator[Callable[[], None]]:
        """Around a question, which goes first until what it gives is called, or it is left."""
        token = object()
        self._asked[token] = loop.time()

        def answered() -> None:
            if self._asked.pop(token, None) is not None:
                self._last_asked = loop.time()

        try:
            yield answered
        finally:
            answered()

    def _next(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        since, begin = self._waiting[0]
        if now - since < MOST_WAIT_SECONDS and self._is_asked(now):
            loop.call_later(_LOOK_AGAIN_SECONDS, self._next, loop)
            return
        self._waiting.popleft()
        if self._waiting:
            loop.call_soon(self._next, loop)
        begin()

    def _is_asked(self, now: float) -> bool:
        last = next(reversed(self._asked.values()), None)
        if last is None:
            return now - self._last_asked < PAUSE_SECONDS
        return now - last < QUESTION_SECONDS
