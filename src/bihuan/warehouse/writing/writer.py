"""The way into the event log: many requests, one insert."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future

from bihuan.warehouse.errors import EngineUnavailable
from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.writing.insertion import RETRY_AFTER_SECONDS
from bihuan.warehouse.writing.project_writer import ProjectWriter
from bihuan.warehouse.writing.queue import Budget, WriteLimits
from bihuan.warehouse.writing.requests import Request, Waiter
from bihuan.warehouse.writing.rows import Batch, WriteOutcome
from bihuan.warehouse.writing.seen import DEFAULT_MEMORY_BYTES


class GroupWriter:
    """Stores batches of any number of projects; concurrent requests share inserts. Thread-safe.

    What is guaranteed:

    * An outcome is given only after the engine has every row of the batch, on disk (fsync) unless the
      project's tables were made with ``durable=False``. A query sees them from then on.
    * An error (``EngineUnavailable``, ``QueryFailed``) means "not acknowledged": none, some or all of the
      rows may be stored, and sending the batch again stores exactly the missing ones.
    * Events are stored once per ``event_id``, however often, however late and with whatever other content
      the id comes again: the first stored row stays. This holds within a batch, between concurrent
      batches (the later waits for the outcome of the earlier) and over the whole history.
    * Embedded engine: the above is exact at every moment, and after a crash at any moment.
    * Servers, several processes: two processes that store one new id at the same moment can both insert
      it. The later of them finds it right after its insert and removes one row before it answers. When a
      process dies in between, or an insert goes on after its connection was lost, or a replica lags, the
      second row stays until ``sweep_duplicates`` runs over that time. Which row is kept is the same
      whoever removes.
    * Rows of other tables are written before the batch's events, each time the batch is sent; their
      tables keep one row per key.

    Args:
        limits: bounds of queue and inserts, over all projects.
        seen_memory_bytes: most memory for each project's filter of known event ids (embedded engine); a
            log too large for it costs more look-ups, not exactness.
    """

    def __init__(
        self, limits: WriteLimits | None = None, *, seen_memory_bytes: int = DEFAULT_MEMORY_BYTES
    ) -> None:
        self._limits = limits or WriteLimits()
        self._seen_memory_bytes = seen_memory_bytes
        self._budget = Budget(self._limits)
        self._lock = threading.Lock()
        self._writers: dict[tuple[str, str], ProjectWriter] = {}
        self._closed = False

    def submit(self, store: ProjectStore, batch: Batch) -> Future[WriteOutcome]:
        """Queue a batch; the future gets its outcome or the error.

        Raises ``Overloaded`` when the queue is full and ``EngineUnavailable`` after ``close``; then nothing
        was queued.
        """
        future: Future[WriteOutcome] = Future()
        self._enqueue(store, batch, future)
        return future

    async def write(self, store: ProjectStore, batch: Batch) -> WriteOutcome:
        """Store a batch and return its outcome; raises what ``submit`` and its future raise.

        Cancelling the caller does not take the batch back.
        """
        future: asyncio.Future[WriteOutcome] = asyncio.get_running_loop().create_future()
        self._enqueue(store, batch, future)
        return await future

    def open(self, store: ProjectStore) -> None:
        """Start the project's threads and the fill of its filter before the first batch."""
        self._writer_of(store)

    def ready(self, store: ProjectStore) -> bool:
        """Whether new event ids of the project need no look-up (always False on servers)."""
        return self._writer_of(store).seen.complete

    def queued_rows(self) -> int:
        """Rows that are queued or being stored, for gauges."""
        return self._budget.rows

    def close(self) -> None:
        """Refuse new batches, store and answer those that are queued, stop."""
        with self._lock:
            self._closed = True
            writers = list(self._writers.values())
        for writer in writers:
            writer.close()

    def _enqueue(self, store: ProjectStore, batch: Batch, waiter: Waiter) -> None:
        request = Request(batch, waiter, batch.row_count(), batch.size_bytes())
        writer = self._writer_of(store)
        self._budget.take(request)
        if not writer.queue.put(request):
            self._budget.forget(request)
            raise _closing()

    def _writer_of(self, store: ProjectStore) -> ProjectWriter:
        key = (store.engine.dsn, store.layout.database)
        with self._lock:
            writer = self._writers.get(key)
            if writer is None:
                if self._closed:
                    raise _closing()
                writer = ProjectWriter(
                    store, self._limits, self._budget, memory_bytes=self._seen_memory_bytes
                )
                self._writers[key] = writer
                writer.start()
            return writer


def _closing() -> EngineUnavailable:
    return EngineUnavailable(reason="the writer is shutting down", retry_after_seconds=RETRY_AFTER_SECONDS)
