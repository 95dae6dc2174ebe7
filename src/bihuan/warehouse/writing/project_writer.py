"""One project's writer: takes groups from the queue, keeps event ids unique, stores, answers."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Sequence

from bihuan.kernel.errors import BihuanError
from bihuan.warehouse.errors import QueryFailed
from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.writing.columns import events_table, other_table
from bihuan.warehouse.writing.duplicates import remove_duplicates
from bihuan.warehouse.writing.insertion import NotOnDisk, insert, unavailable
from bihuan.warehouse.writing.queue import Budget, RequestQueue, WriteLimits
from bihuan.warehouse.writing.refused import RefusedRows
from bihuan.warehouse.writing.requests import Group, Request, Result, resolve
from bihuan.warehouse.writing.rows import EventRow, WriteOutcome
from bihuan.warehouse.writing.seen import SeenIds

_NICE = 5
_LOG = logging.getLogger(__name__)


class ProjectWriter:
    """Threads that store one project's requests in groups."""

    def __init__(
        self, store: ProjectStore, limits: WriteLimits, budget: Budget, *, memory_bytes: int
    ) -> None:
        self.queue = RequestQueue(limits)
        self.seen = SeenIds(store, memory_bytes=memory_bytes)
        self._store = store
        self._refused = RefusedRows(store)
        self._budget = budget
        self._writer = int.from_bytes(os.urandom(4))
        self._threads = [
            threading.Thread(target=self._run, name=f"write-{store.layout.database}-{number}", daemon=True)
            for number in range(limits.inserters)
        ]

    def start(self) -> None:
        """Start the threads."""
        self.seen.start()
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Store what is queued, then stop."""
        self.queue.close()
        for thread in self._threads:
            thread.join()
        self.seen.close()

    def _run(self) -> None:
        _yield_to_queries()
        while (group := self.queue.take()) is not None:
            started = time.monotonic()
            try:
                results = self._store_group(group)
            except Exception as failure:  # a defect must not leave senders waiting
                _LOG.exception("A group of %d rows could not be stored", group.rows)
                error = unavailable(failure)
                results = [(request, error) for request in group.requests]
            self._budget.give_back(group, time.monotonic() - started)
            self.queue.finish(group)
            resolve(results)

    def _store_group(self, group: Group) -> list[tuple[Request, Result]]:
        try:
            self._store_rows(group)
        except QueryFailed as failure:
            return self._store_singly(group, failure)
        except BihuanError as failure:
            error = unavailable(failure)
            return [(request, error) for request in group.requests]
        return [(request, _outcome(request)) for request in group.requests]

    def _store_singly(self, group: Group, failure: QueryFailed) -> list[tuple[Request, Result]]:
        """One request's rows were refused: find out whose, so that the others are stored."""
        if len(group.requests) == 1:
            return [(group.requests[0], failure)]
        results: list[tuple[Request, Result]] = []
        for request in group.requests:
            alone = Group()
            alone.add(request)
            results += self._store_group(alone)
        return results

    def _store_rows(self, group: Group) -> None:
        self._refused.take_back()
        for table, rows in group.others().items():
            insert(self._store, table, other_table(table, rows))
        first = group.first_events()
        if not first:
            return
        stored = self.seen.stored(list(first))
        if stored:
            _count_stored(group, stored)
        new = [row for event_id, row in first.items() if event_id not in stored]
        if new:
            self._insert_events(new)

    def _insert_events(self, rows: Sequence[EventRow]) -> None:
        ids = [row.event_id for row in rows]
        try:
            insert(self._store, "events", events_table(rows, writer=self._writer))
        except NotOnDisk:
            self._refused.add(ids)
            raise
        finally:
            # After a failure too: some months of a refused group may have been stored.
            self.seen.add(ids)
        if not self._store.engine.embedded:
            remove_duplicates(self._store, ids)


def _yield_to_queries() -> None:
    # On Linux a thread has a priority of its own. Senders wait a little longer while somebody's question is
    # answered; without questions nothing changes.
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)


def _count_stored(group: Group, stored: set[bytes]) -> None:
    counted: set[bytes] = set()
    for request in group.requests:
        for row in request.batch.events:
            if row.event_id in stored and row.event_id not in counted:
                counted.add(row.event_id)
                request.duplicates += 1


def _outcome(request: Request) -> WriteOutcome:
    return WriteOutcome(stored=len(request.batch.events) - request.duplicates, duplicates=request.duplicates)
