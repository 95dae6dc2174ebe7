"""Requests waiting to be stored, and the groups that one insert makes of them."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bihuan.warehouse.writing.rows import Batch, EventRow, WriteOutcome

if TYPE_CHECKING:
    from collections.abc import Iterable

Result = WriteOutcome | BaseException
Waiter = Future[WriteOutcome] | asyncio.Future[WriteOutcome]


@dataclass(eq=False, slots=True)
class Request:
    """A batch and who waits for it."""

    batch: Batch
    waiter: Waiter
    rows: int
    size_bytes: int
    duplicates: int = 0


@dataclass(eq=False, slots=True)
class Group:
    """Requests that are stored together.

    ``followers`` carry an event id that this group is storing; they are looked at again once it is known
    whether it was stored.
    """

    requests: list[Request] = field(default_factory=list)
    followers: list[Request] = field(default_factory=list)
    rows: int = 0
    size_bytes: int = 0

    def add(self, request: Request) -> None:
        """Take a request into the group."""
        self.requests.append(request)
        self.rows += request.rows
        self.size_bytes += request.size_bytes

    def first_events(self) -> dict[bytes, EventRow]:
        """The first row of each event id; counts the others as duplicates of their requests."""
        first: dict[bytes, EventRow] = {}
        for request in self.requests:
            before = len(first)
            for row in request.batch.events:
                first.setdefault(row.event_id, row)
            request.duplicates = len(request.batch.events) - (len(first) - before)
        return first

    def others(self) -> dict[str, list[dict[str, object]]]:
        """The rows of other tables, table by table."""
        tables: dict[str, list[dict[str, object]]] = {}
        for request in self.requests:
            for table, rows in request.batch.others.items():
                if rows:
                    tables.setdefault(table, []).extend(rows)
        return tables


class Claims:
    """The event ids that groups are storing at this moment. The caller holds the project's writer's lock."""

    def __init__(self) -> None:
        self._owner: dict[bytes, Group] = {}

    def claim(self, request: Request, group: Group) -> Group | None:
        """Claim the request's ids for ``group``, or return another group that is storing one of them."""
        owner = self._owner
        events = request.batch.events
        for row in events:
            other = owner.get(row.event_id)
            if other is not None and other is not group:
                return other
        for row in events:
            owner[row.event_id] = group
        return None

    def release(self, group: Group) -> None:
        """Give back everything that ``group`` claimed."""
        for request in group.requests:
            for row in request.batch.events:
                self._owner.pop(row.event_id, None)


def resolve(results: Iterable[tuple[Request, Result]]) -> None:
    """Tell every waiter; one wake-up for all waiters of an event loop."""
    loops: dict[asyncio.AbstractEventLoop, list[tuple[Waiter, Result]]] = {}
    for request, result in results:
        waiter = request.waiter
        if isinstance(waiter, asyncio.Future):
            loops.setdefault(waiter.get_loop(), []).append((waiter, result))
        elif waiter.set_running_or_notify_cancel():
            _settle(waiter, result)
    for loop, waiters in loops.items():
        # A loop that was closed has nobody left to tell.
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle_all, waiters)


def _settle_all(waiters: list[tuple[Waiter, Result]]) -> None:
    for waiter, result in waiters:
        if not waiter.done():
            _settle(waiter, result)


def _settle(waiter: Waiter, result: Result) -> None:
    if isinstance(result, BaseException):
        waiter.set_exception(result)
    else:
        waiter.set_result(result)
