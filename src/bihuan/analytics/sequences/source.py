"""The sequences of each project as the queries of one state of its log see them."""

from __future__ import annotations

import threading
from datetime import date
from typing import TYPE_CHECKING

from bihuan.analytics.sequences.view import months_between
from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.sequences import MANIFEST, Kept, kept

if TYPE_CHECKING:
    from bihuan.analytics.context import ProjectContext
    from bihuan.analytics.sequences.view import View

MOST_MONTHS = 240


class SequencesOf:
    """A project's sequences in one state of its log. Thread-safe.

    Args:
        kept: what an earlier state had read from the files, which may be the same.
    """

    def __init__(self, store: ProjectStore, kept: Kept | None = None) -> None:
        self.kept = kept
        self._store = store
        self._views: dict[tuple[date, ...], View | None] = {}
        self._lock = threading.Lock()

    @property
    def are_there(self) -> bool:
        """Whether any are kept."""
        directory = self._store.sequences
        return directory is not None and (directory / MANIFEST).exists()

    def view(self, ctx: ProjectContext, start_ms: int, end_ms: int) -> View | None:
        """Everybody's events of the months that have instants of ``[start_ms, end_ms)``.

        None where the log serves better.
        """
        from bihuan.analytics.sequences.changes import view_of  # noqa: PLC0415 loads the compiler

        directory = self._store.sequences
        if directory is None:
            return None
        months = months_between(start_ms, end_ms)
        if len(months) > MOST_MONTHS:
            return None
        with self._lock:
            before, self.kept = self.kept, kept(directory, self.kept)
            if self.kept is not before:
                self._views.clear()
            if self.kept is not None and months not in self._views:
                self._views[months] = view_of(self._store, ctx, self.kept, months)
            return self._views.get(months)
