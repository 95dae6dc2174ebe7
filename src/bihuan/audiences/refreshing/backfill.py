"""The history of a definition, as it would have been: found out as of past days, in order."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bihuan.analytics.calendar import DateUnit, day_start_ms, local_date, shift_units, unit_start
from bihuan.audiences.refreshing.models import Run
from bihuan.audiences.refreshing.service import SETTINGS, count_changes
from bihuan.database import Database
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.assignments import assign, forget

# Each is a statement over the whole log.
MOST_STEPS = 400
HISTORY = "history"


def steps_ms(first: date, unit: DateUnit, now_ms: int, zone: ZoneInfo, first_weekday: int) -> list[int]:
    """The last instants of the days, weeks or months from the one ``first`` is in until now, at most 400."""
    return list(_ends(first, unit, now_ms, zone, first_weekday))[-MOST_STEPS:]


def backfill(
    database: Database,
    store: ProjectStore,
    of: tuple[str, str, int],
    values_at: Callable[[int], str],
    times_ms: list[int],
    progress: Callable[[int, int], None],
) -> int:
    """Replace a subject's history by what its definition gives as of each time; returns how many there are.

    Args:
        of: project id, subject id and version.
        values_at: a SELECT of ``person, value`` as of a time. Profiles, tags and audiences in it are those of
            now: only what people did is known of the past.
        times_ms: ascending.
        progress: told how many are done, of how many.
    """
    project_id, subject_id, version = of
    forget(store, subject_id)
    for index, at_ms in enumerate(times_ms):
        begun = time.monotonic()
        assign(store, subject_id, values_at(at_ms), at_ms=at_ms, cause=HISTORY, settings=SETTINGS)
        run = Run(
            subject_id=subject_id,
            project_id=project_id,
            version=version,
            cause=HISTORY,
            at=datetime.fromtimestamp(at_ms / 1000, UTC),
        )
        count_changes(store, run, at_ms)
        run.milliseconds = round((time.monotonic() - begun) * 1000)
        with database.session() as session:
            session.add(run)
        progress(index + 1, len(times_ms))
    return len(times_ms)


def _ends(first: date, unit: DateUnit, now_ms: int, zone: ZoneInfo, first_weekday: int) -> Iterator[int]:
    start = unit_start(first, unit, first_weekday)
    today = local_date(now_ms, zone)
    while start <= today:
        start = shift_units(start, unit, 1)
        yield min(now_ms, day_start_ms(start, zone) - 1)
