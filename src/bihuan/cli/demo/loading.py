"""The study into a project of its own, once."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from bihuan.access import ProjectExists, ProjectInput, create_project, create_source, get_project
from bihuan.app import Installation
from bihuan.cli.demo.dataset import CURRENCY, STUDY_END, TIME_ZONE, Study, batches
from bihuan.collect import Parsed
from bihuan.projects import OpenProject

PROJECT_ID = "complete_journey"
SOURCE = "complete-journey"
EVENTS = 1_633_846
# One batch is prepared while the one before it is being stored.
_BATCHES_AT_ONCE = 2
_SUNDAY = 7


def open_demo(installation: Installation) -> OpenProject:
    """The demo's project, made at the first call."""
    with installation.database.session() as session:
        try:
            given = ProjectInput(
                id=PROJECT_ID,
                name="Complete Journey",
                time_zone=TIME_ZONE,
                first_weekday=_SUNDAY,
                currency=CURRENCY,
                settings={"as_of": STUDY_END},
            )
            create_project(session, given)
            create_source(session, PROJECT_ID, SOURCE)
        except ProjectExists:
            # Of an older version, which knew no such setting.
            held = get_project(session, PROJECT_ID)
            if "as_of" not in held.settings:
                held.settings = {**held.settings, "as_of": STUDY_END}
    return installation.project(PROJECT_ID)


def stored_events(project: OpenProject) -> int:
    """How many events the project holds."""
    return int(project.store.engine.scalar(f"SELECT count() FROM {project.store.table('events')}"))


def load(project: OpenProject, study: Study, progress: Callable[[int, int], None]) -> None:
    """Store the study; what is stored already is recognised and not stored again.

    Args:
        progress: called with the items done and their total.
    """
    total, done = study.item_count, 0

    def take(items: list[object]) -> int:
        parsed = Parsed(items=items)  # type: ignore[arg-type]
        received_ms = time.time_ns() // 1_000_000
        project.intake.take_blocking(parsed, source=SOURCE, protocol="import", received_ms=received_ms)
        return len(items)

    progress(0, total)
    under_way: deque[Future[int]] = deque()
    with ThreadPoolExecutor(_BATCHES_AT_ONCE, thread_name_prefix="demo") as pool:
        for items in batches(study):
            under_way.append(pool.submit(take, list(items)))
            if len(under_way) > _BATCHES_AT_ONCE:
                done += under_way.popleft().result()
                progress(done, total)
        while under_way:
            done += under_way.popleft().result()
            progress(done, total)
