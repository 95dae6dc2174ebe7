"""The bounded queue of one project's requests, and how groups are cut from it."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from dataclasses import dataclass

from bihuan.kernel.errors import Overloaded
from bihuan.warehouse.writing.requests import Claims, Group, Request


@dataclass(frozen=True, slots=True)
class WriteLimits:
    """Bounds of the write path; a request beyond the queue's bounds is refused with ``Overloaded``.

    ``linger_seconds`` is the longest that an inserter waits for more requests when several are usually
    under way; a lone request never waits, and ``linger_rows`` that are there are enough. While one inserter
    is at work, another begins only with that many.
    """

    queue_rows: int = 200_000
    queue_bytes: int = 256 * 1024 * 1024
    insert_rows: int = 10_000
    insert_bytes: int = 16 * 1024 * 1024
    linger_seconds: float = 0.005
    # Here an insert takes about twice the time of one row: waiting for more brings less than reading the
    # requests that come next while this one runs.
    linger_rows: int = 500
    inserters: int = 2


class Budget:
    """Rows and bytes that are queued or being stored, over all projects. Thread-safe."""

    def __init__(self, limits: WriteLimits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._rows = 0
        self._bytes = 0
        self._rate = 1_000.0  # rows a second lately; a modest start

    def take(self, request: Request) -> None:
        """Account for a request; raises ``Overloaded`` when it does not fit. An empty queue takes any."""
        with self._lock:
            rows, size = self._rows + request.rows, self._bytes + request.size_bytes
            full = rows > self._limits.queue_rows or size > self._limits.queue_bytes
            if full and self._rows:
                raise Overloaded(retry_after_seconds=min(60, math.ceil(self._rows / self._rate)))
            self._rows, self._bytes = rows, size

    def forget(self, request: Request) -> None:
        """A request that was accounted for was not queued after all."""
        with self._lock:
            self._rows -= request.rows
            self._bytes -= request.size_bytes

    def give_back(self, group: Group, seconds: float) -> None:
        """A group is done after ``seconds``."""
        with self._lock:
            self._rows -= group.rows
            self._bytes -= group.size_bytes
            self._rate += 0.2 * (group.rows / max(seconds, 0.001) - self._rate)
            self._rate = max(self._rate, 1.0)

    @property
    def rows(self) -> int:
        """Rows queued or being stored now."""
        with self._lock:
            return self._rows


class RequestQueue:
    """Requests of one project in order of arrival. Thread-safe."""

    def __init__(self, limits: WriteLimits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        # Apart, so that nobody is woken in vain: an inserter that waits for a group to begin with, and one
        # that lets its group grow.
        self._work = threading.Condition(self._lock)
        self._growth = threading.Condition(self._lock)
        self._waiting: deque[Request] = deque()
        self._waiting_rows = 0
        self._claims = Claims()
        self._closing = False
        self._at_work = 0  # groups taken and not finished
        self._is_cutting = False  # whether an inserter is about to take a group
        self._expected = 1  # requests worth waiting for
        self._wanted = 1

    def put(self, request: Request) -> bool:
        """Queue a request; False when the queue is closing."""
        with self._lock:
            if self._closing:
                return False
            self._waiting.append(request)
            self._waiting_rows += request.rows
            if self._is_cutting and not self._lacking(self._wanted):
                self._growth.notify()
            elif self._may_cut():
                self._work.notify()
            return True

    def take(self) -> Group | None:
        """The next group, its event ids claimed; waits for one. None once closed and drained.

        Who finishes a group takes the next one itself, so nobody is told of it.
        """
        with self._lock:
            while True:
                while not self._may_cut():
                    if self._closing and not self._waiting and not self._at_work:
                        return None
                    self._work.wait()
                self._is_cutting = True
                if not self._closing:
                    self._linger()
                group = self._cut()
                self._is_cutting = False
                if group.requests:
                    self._at_work += 1
                    if self._may_cut():
                        self._work.notify()
                    return group

    def finish(self, group: Group) -> None:
        """A group is done: release its ids and look at its followers again, before younger requests."""
        with self._lock:
            self._claims.release(group)
            self._waiting.extendleft(reversed(group.followers))
            self._waiting_rows += sum(request.rows for request in group.followers)
            self._at_work -= 1
            # Who was answered now will likely send again, beside those that wait already.
            self._expected = len(group.requests) + len(self._waiting)
            if self._closing:
                self._work.notify_all()

    def close(self) -> None:
        """Take no more requests; ``take`` hands out what is queued and then None."""
        with self._lock:
            self._closing = True
            self._work.notify_all()
            self._growth.notify_all()

    def _may_cut(self) -> bool:
        if not self._waiting or self._is_cutting:
            return False
        # A small insert costs as much as one of some hundred rows: better let the group grow.
        return not self._at_work or self._has_enough() or self._closing

    def _has_enough(self) -> bool:
        return self._waiting_rows >= self._limits.linger_rows

    def _linger(self) -> None:
        # Small inserts cost about the same whatever their size, so that alternating halves of the senders
        # would halve the rate.
        wanted = self._expected - self._expected // 8
        deadline = time.monotonic() + self._limits.linger_seconds
        while self._lacking(wanted):
            left = deadline - time.monotonic()
            if left <= 0:
                break
            self._wait_for(wanted, left)
        self._expected = 1

    def _lacking(self, wanted: int) -> bool:
        few = len(self._waiting) < wanted and not self._has_enough()
        return few and self._expected > 1 and not self._closing

    def _wait_for(self, wanted: int, seconds: float | None) -> None:
        self._wanted = wanted
        self._growth.wait(seconds)
        self._wanted = 1

    def _cut(self) -> Group:
        group, limits = Group(), self._limits
        while self._waiting:
            request = self._waiting[0]
            full = (
                group.rows + request.rows > limits.insert_rows
                or group.size_bytes + request.size_bytes > limits.insert_bytes
            )
            if full and group.requests:
                break
            self._waiting.popleft()
            self._waiting_rows -= request.rows
            owner = self._claims.claim(request, group)
            if owner is None:
                group.add(request)
            else:
                owner.followers.append(request)
        return group
