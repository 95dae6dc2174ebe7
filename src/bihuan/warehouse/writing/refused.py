"""Rows that were refused although the engine has them, and their removal."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from bihuan.warehouse.deletion import delete_rows
from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.writing.seen import IDS_PER_LOOKUP, id_list


class RefusedRows:
    """What a disk did not take: nobody is to count it, nor to hold it for stored later. Thread-safe."""

    def __init__(self, store: ProjectStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._ids: list[bytes] = []

    def add(self, ids: Sequence[bytes]) -> None:
        """The rows with these ids were refused, and are seen by queries."""
        with self._lock:
            self._ids += ids

    def take_back(self) -> None:
        """Remove them, before anything else is stored. Raises the engine's errors, and tries again then."""
        if not self._ids:
            return
        with self._lock:
            for start in range(0, len(self._ids), IDS_PER_LOOKUP):
                listed = id_list(self._ids[start : start + IDS_PER_LOOKUP])
                delete_rows(self._store, "events", f"event_id IN ({listed})")
            self._ids.clear()
