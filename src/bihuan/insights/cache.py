"""Answers kept in memory, by the content of the query and the version of the data."""

from __future__ import annotations

import threading
from collections import OrderedDict


class AnswerCache:
    """Least recently used answers go first. Thread-safe.

    Args:
        limit_bytes: most bytes of encoded answers kept; 0 keeps none.
    """

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._answers: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: str) -> bytes | None:
        """The encoded answer, or None."""
        with self._lock:
            answer = self._answers.get(key)
            if answer is not None:
                self._answers.move_to_end(key)
            return answer

    def put(self, key: str, answer: bytes) -> None:
        """Keep an answer; one larger than a quarter of the cache is not kept."""
        if len(answer) > self._limit_bytes // 4:
            return
        with self._lock:
            self._bytes += len(answer) - len(self._answers.pop(key, b""))
            self._answers[key] = answer
            while self._bytes > self._limit_bytes:
                self._bytes -= len(self._answers.popitem(last=False)[1])
