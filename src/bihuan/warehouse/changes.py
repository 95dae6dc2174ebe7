"""Which statements that may change rows are under way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Changes:
    """How many of them this process waits for. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0

    @property
    def under_way(self) -> bool:
        """Whether there are any at this moment."""
        return self._count > 0

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Around such a statement."""
        with self._lock:
            self._count += 1
        try:
            yield
        finally:
            with self._lock:
                self._count -= 1
