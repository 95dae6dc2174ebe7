"""The sequences of a project as queries of one state of its log see them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from bihuan.analytics.sequences.totals import Totals, totals_of
from bihuan.analytics.sequences.view import months_between
from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.sequences import MANIFEST, Kept, kept
from bihuan.warehouse.version import DataVersion

if TYPE_CHECKING:
    from bihuan.analytics.context import ProjectContext
    from bihuan.analytics.sequences.view import View

MOST_MONTHS = 240
# Of different periods; then the oldest is forgotten.
MOST_VIEWS = 6
# The quarters of an hour that cells are of are 32-bit times of the engine.
FIRST_MONTH, LAST_MONTH = date(1970, 1, 1), date(2105, 12, 1)
Months = tuple[date, ...]
T = TypeVar("T")
# The generation, the identities, the months and what the log had of each.
_Key = tuple[int, int, tuple[tuple[date, int], ...]]


@dataclass
class Views:
    """What was found out of a project's sequences: it holds while the same months have the same rows."""

    kept: Kept | None = None
    views: dict[_Key, View | None] = field(default_factory=dict)
    totals: dict[_Key, Totals | None] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


class SequencesOf:
    """A project's sequences in one state of its log. Thread-safe.

    Args:
        views: what was found out before, to be used and added to.
    """

    def __init__(self, store: ProjectStore, version: DataVersion, views: Views) -> None:
        self._store, self._version, self._views = store, version, views

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

        return self._found(
            self._views.views,
            months_between(start_ms, end_ms),
            lambda kept, months: view_of(self._store, ctx, kept, months),
        )

    def totals(self, start_ms: int, end_ms: int) -> Totals | None:
        """How many events these months have of each name and quarter of an hour.

        None where the log serves better.
        """
        return self._found(
            self._views.totals,
            months_between(start_ms, end_ms),
            lambda kept, months: totals_of(self._store, kept, months),
        )

    def _found(
        self, known: dict[_Key, T | None], months: Months, find: Callable[[Kept, Months], T | None]
    ) -> T | None:
        directory = self._store.sequences
        if directory is None or len(months) > MOST_MONTHS:
            return None
        if months[0] < FIRST_MONTH or months[-1] > LAST_MONTH:
            return None
        views = self._views
        with views.lock:
            views.kept = kept(directory, views.kept)
            if views.kept is None:
                return None
            rows = tuple((month, self._version.months.get(f"{month:%Y%m}", 0)) for month in months)
            key = (views.kept.generation, self._version.identities, rows)
            if key not in known:
                if len(known) >= MOST_VIEWS:
                    del known[next(iter(known))]
                known[key] = find(views.kept, months)
            return known[key]
