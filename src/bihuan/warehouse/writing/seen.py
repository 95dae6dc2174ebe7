"""Which event ids the log already holds: exact, over its whole history."""

from __future__ import annotations

import itertools
import logging
import threading
import uuid
from collections.abc import Sequence
from io import RawIOBase
from typing import cast

from bihuan.kernel.errors import BihuanError
from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.writing.idfilter import IdFilter, hashes_of, hashes_of_engine

_LOG = logging.getLogger(__name__)

UUID_BYTES = 16
READ_BYTES = UUID_BYTES * 65_536
# 40 bytes an id keep the statement under the engine's 256 KiB.
IDS_PER_LOOKUP = 4_000
DEFAULT_MEMORY_BYTES = 256 * 1024 * 1024


class SeenIds:
    """Answers which of some ids are stored. Thread-safe.

    The embedded engine has one writing process, so a filter in memory can hold every id of the log; what
    it does not know is surely new. It is filled in the background when ``fill`` runs; until then, and on
    servers (where other processes write too), every id is looked up in the engine.
    """

    def __init__(self, store: ProjectStore, *, memory_bytes: int = DEFAULT_MEMORY_BYTES) -> None:
        self._store = store
        self._memory_bytes = memory_bytes
        self._lock = threading.Lock()
        self._filter: IdFilter | None = None
        self._complete = False
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to fill the filter in a thread of its own; does nothing on servers."""
        if self._store.engine.embedded and self._thread is None:
            self._thread = threading.Thread(target=self.fill, name="seen-ids", daemon=True)
            self._thread.start()

    def fill(self) -> None:
        """Read every id of the log into the filter, in constant memory."""
        try:
            table = self._store.table("events")
            expected = int(self._store.engine.scalar(f"SELECT count() FROM {table}"))
            with self._lock:
                # Ids stored from here on are added by ``add``; the scan below covers those before.
                self._filter = IdFilter(memory_bytes=self._memory_bytes, expected=expected)
            with self._store.engine.client() as client:
                stream = client.raw_stream(f"SELECT event_id FROM {table}", fmt="RowBinary")
                with cast(RawIOBase, stream) as ids:
                    finished = self._read(ids)
            with self._lock:
                self._complete = finished
        except BihuanError as failure:
            with self._lock:
                self._filter = None
            _LOG.warning("The filter of event ids was not filled; ids are looked up instead: %s", failure)

    def stored(self, ids: Sequence[bytes]) -> set[bytes]:
        """Those of ``ids`` that the log holds. Raises the engine's errors."""
        candidates = self._candidates(ids)
        return lookup(self._store, candidates) if candidates else set()

    def add(self, ids: Sequence[bytes]) -> None:
        """Remember ids whose insert was tried, whether it succeeded or not."""
        if ids:
            with self._lock:
                if self._filter is not None:
                    self._filter.add(hashes_of(ids))

    def close(self) -> None:
        """Stop filling."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    @property
    def complete(self) -> bool:
        """Whether the filter holds the whole log, so that new ids need no look-up."""
        with self._lock:
            return self._complete

    def _candidates(self, ids: Sequence[bytes]) -> Sequence[bytes]:
        if not ids:
            return ids
        hashes = hashes_of(ids)
        with self._lock:
            if self._filter is None or not self._complete:
                return ids
            maybe = self._filter.contains(hashes)
        return list(itertools.compress(ids, maybe.tolist()))

    def _read(self, stream: RawIOBase) -> bool:
        rest = b""
        while not self._stop.is_set():
            piece = stream.read(READ_BYTES)
            if not piece:
                return True
            rest += piece
            whole = len(rest) - len(rest) % UUID_BYTES
            hashes = hashes_of_engine(rest[:whole])
            rest = rest[whole:]
            with self._lock:
                if self._filter is not None:
                    self._filter.add(hashes)
        return False


def lookup(store: ProjectStore, ids: Sequence[bytes]) -> set[bytes]:
    """Those of ``ids`` that the engine holds now, through the projection ordered by id."""
    found: set[bytes] = set()
    for start in range(0, len(ids), IDS_PER_LOOKUP):
        wanted = id_list(ids[start : start + IDS_PER_LOOKUP])
        rows = store.engine.rows(
            f"SELECT event_id FROM {store.table('events')} WHERE event_id IN ({wanted})",
            # No two look-ups are alike; remembering them would push out what queries need.
            settings={"use_query_condition_cache": 0},
        )
        found.update(row[0].bytes for row in rows)
    return found


def id_list(ids: Sequence[bytes]) -> str:
    """Ids as literals for ``IN``."""
    return ",".join([f"'{uuid.UUID(bytes=event_id)}'" for event_id in ids])
