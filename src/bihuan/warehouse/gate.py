"""A moment without inserts: what a snapshot of several tables needs to be of one moment."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class InsertGate:
    """Inserts pass side by side; who closes the gate waits for those under way and keeps others out."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside = 0
        self._closed = False

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Around an insert; waits while the gate is closed."""
        with self._changed:
            while self._closed:
                self._changed.wait()
            self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    @contextmanager
    def closed(self) -> Iterator[None]:
        """No insert is under way inside the block. One caller at a time; others wait."""
        with self._changed:
            while self._closed:
                self._changed.wait()
            self._closed = True
            while self._inside:
                self._changed.wait()
        try:
            yield
        finally:
            with self._changed:
                self._closed = False
                self._changed.notify_all()
