"""Exposures: the log learns who was shown a variant of an experiment, each person and variant once."""

from __future__ import annotations

import threading
import time
import uuid
from collections import OrderedDict

from bihuan.analytics import ProjectContext
from bihuan.analytics.query import EventSelector, PropertyRef, TextFilter
from bihuan.analytics.sql import EventsSource
from bihuan.experiments.flags.evaluation import Shown
from bihuan.experiments.measuring import EXPOSED
from bihuan.warehouse import Batch, GroupWriter, ProjectStore
from bihuan.warehouse.writing.rows import EventRow, event_row

SOURCE = "bihuan"
_NAMESPACE = uuid.UUID("5c1f8e0a-6d0c-5f0e-9a51-3f1d1f7f2b11")
MOST_REMEMBERED = 200_000


def exposure_row(
    project_id: str, flag: str, shown: Shown, *, person: int, distinct_id: str, at_ms: int
) -> EventRow:
    """The event that somebody was shown a variant; its id tells experiment, person and variant."""
    name = f"{project_id}/{shown.experiment_id}/{person}/{shown.variant}"
    return event_row(
        event_id=uuid.uuid5(_NAMESPACE, name),
        event=EXPOSED,
        time_ms=at_ms,
        received_ms=at_ms,
        distinct_id=distinct_id,
        source=SOURCE,
        person_id=person,
        properties={"$experiment_id": shown.experiment_id, "$variant": shown.variant, "$flag": flag},
    )


class Exposures:
    """Writes exposures, and remembers which it has written. Thread-safe."""

    def __init__(self, writer: GroupWriter, *, most: int = MOST_REMEMBERED) -> None:
        self._writer = writer
        self._most = most
        self._written: OrderedDict[tuple[str, int, str], None] = OrderedDict()
        self._first: OrderedDict[tuple[str, int], str] = OrderedDict()
        self._lock = threading.Lock()

    def record(
        self, store: ProjectStore, project_id: str, flag: str, shown: Shown, person: int, distinct_id: str
    ) -> None:
        """Have an exposure stored; returns once it is. Raises ``Overloaded``, ``EngineUnavailable``."""
        key = (shown.experiment_id or "", person, shown.variant)
        with self._lock:
            if key in self._written:
                return
        at_ms = time.time_ns() // 1_000_000
        row = exposure_row(project_id, flag, shown, person=person, distinct_id=distinct_id, at_ms=at_ms)
        self._writer.submit(store, Batch(events=[row])).result()
        with self._lock:
            self._written[key] = None
            self._first.setdefault(key[:2], shown.variant)
            for remembered in (self._written, self._first):
                while len(remembered) > self._most:
                    remembered.popitem(last=False)

    def first_variant(
        self, store: ProjectStore, ctx: ProjectContext, experiment_id: str, person: int
    ) -> str | None:
        """The variant that somebody was shown first, from the log: for weights that change meanwhile."""
        with self._lock:
            known = self._first.get((experiment_id, person))
        if known is not None:
            return known
        of_it = TextFilter(
            property=PropertyRef(name="$experiment_id"), operator="is", values=(experiment_id,)
        )
        rows = EventsSource(ctx).selecting([EventSelector(events=(EXPOSED,), filter=of_it)])
        rows.column("variant", f"toString(ifNull({rows.text(PropertyRef(name='$variant'))}, ''))")
        rows.column("at", "e.time").where(f"{rows.person} = {person}")
        found = store.engine.rows(f"{rows.sql()}\nORDER BY at, variant LIMIT 1")
        if not found:
            return None
        with self._lock:
            self._first[experiment_id, person] = found[0][0]
        return str(found[0][0])
