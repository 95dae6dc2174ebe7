"""Something done again and again in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Repeating:
    """Calls ``turn`` every so many seconds, beginning after the first wait, until it is stopped.

    ``turn`` raises nothing: whatever does it knows what to say of a failure. It may look at ``stopping``.
    """

    def __init__(self, name: str, seconds: float, turn: Callable[[], object]) -> None:
        self._seconds = seconds
        self._turn = turn
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def stopping(self) -> bool:
        """Whether it was told to end."""
        return self._stop.is_set()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> bool:
        """End after the turn under way, and wait for that; whether it had begun."""
        self._stop.set()
        begun = self._thread.is_alive()
        if begun:
            self._thread.join()
        return begun

    def _run(self) -> None:
        while not self._stop.wait(self._seconds):
            self._turn()
