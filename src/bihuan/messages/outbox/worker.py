"""The outbox at work: a thread with an event loop of its own that sends what is due, and sleeps."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable

import uvloop

from bihuan.database import Database
from bihuan.messages.outbox.enqueueing import Queued
from bihuan.messages.outbox.outbox import Outbox

_log = logging.getLogger(__name__)

# A message goes out within a second of being due.
TICK_SECONDS = 0.4
# What dead workers left, and what the log was not told, is looked for so often.
RECOVER_SECONDS = 10.0


class OutboxWorker:
    """Runs an outbox until it is stopped; what is being sent then is finished first.

    Args:
        outbox: makes it, in the thread, because channels belong to its loop.
        project_ids: every project.
        regularly: what else is to be done now and then, of each project.
    """

    def __init__(
        self,
        database: Database,
        outbox: Callable[[], Outbox],
        project_ids: Callable[[], list[str]],
        regularly: Callable[[str], object] = lambda _: None,
    ) -> None:
        self._database = database
        self._make = outbox
        self._project_ids = project_ids
        self._regularly = regularly
        self._outbox: Outbox | None = None
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)
        database.signals.connect(Queued, lambda _signal: self._wake.set())

    def start(self) -> None:
        """Begin, in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """End after the batches that are being sent, and wait for that."""
        self._stop.set()
        self._wake.set()
        if self._outbox is not None:
            self._outbox.stop()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        try:
            uvloop.run(self._work())
        except Exception:
            _log.exception("the outbox stands still")

    async def _work(self) -> None:
        outbox = self._outbox = self._make()
        # On SQLite one process works: whatever is under way was left by one that died.
        await self._recover(outbox, everybody=self._database.is_sqlite)
        recovered = time.monotonic()
        try:
            while not self._stop.is_set():
                try:
                    await outbox.send_due()
                    if time.monotonic() - recovered > RECOVER_SECONDS:
                        await self._recover(outbox)
                        await asyncio.to_thread(self._look_after)
                        recovered = time.monotonic()
                except Exception:
                    _log.warning("the outbox could not be looked at", exc_info=True)
                await asyncio.to_thread(self._wake.wait, TICK_SECONDS)
                self._wake.clear()
        finally:
            await outbox.close()

    async def _recover(self, outbox: Outbox, *, everybody: bool = False) -> None:
        queued, uncertain = await asyncio.to_thread(outbox.recover, everybody=everybody)
        if queued or uncertain:
            _log.warning("of a worker that died %d messages wait again, %d are uncertain", queued, uncertain)
        await asyncio.to_thread(outbox.tell_all, self._project_ids())

    def _look_after(self) -> None:
        for project_id in self._project_ids():
            try:
                self._regularly(project_id)
            except Exception:
                _log.warning("the messages of %s are looked after later", project_id, exc_info=True)
