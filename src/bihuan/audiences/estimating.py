"""How many people a condition has, quickly enough to be asked while it is written."""

from __future__ import annotations

import math
import time

from bihuan.access import Project
from bihuan.analytics import ProjectContext
from bihuan.analytics.conditions import everyone_sql, people_sql
from bihuan.audiences.schemas import Estimate, EstimateInput
from bihuan.audiences.subjects import check_definition, log_context
from bihuan.database import Database
from bihuan.stats.proportions import proportion
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.version import data_version

# So many events are counted in full; of more, the people who have about so many of them.
EVENTS_AT_ONCE = 3_000_000
LEAST_SAMPLE = 0.01
_MINUTE_MS = 60_000


def estimate(database: Database, project: Project, store: ProjectStore, given: EstimateInput) -> Estimate:
    """How many people a condition has now, and how many there are.

    Raises:
        what ``check_definition`` raises; QueryTimeLimit.
    """
    begun = time.monotonic()
    subject_id = given.audience_id or "new"
    with database.read_session() as session:
        check_definition(session, project, store, subject_id, given.condition, "condition")
    ctx = log_context(project, store)
    sample = _sample(store)
    found = _count(store, people_sql(ctx, given.condition, sample=sample))
    everyone = _everyone(project.id, store, ctx, sample)
    low, high = (found, found)
    if sample is not None and everyone:
        share, whole = proportion(found, everyone), everyone / sample
        low, high = math.floor((share.low or 0) * whole), math.ceil((share.high or 0) * whole)
        found, everyone = round(found / sample), round(whole)
    return Estimate(
        people=found,
        everyone=everyone,
        low=low,
        high=high,
        sample=sample or 1,
        milliseconds=round((time.monotonic() - begun) * 1000),
    )


def _sample(store: ProjectStore) -> float | None:
    events = store.engine.rows(f"SELECT count() FROM {store.table('events')}")[0][0]
    return None if events <= EVENTS_AT_ONCE else max(LEAST_SAMPLE, EVENTS_AT_ONCE / events)


# How many people there are, by project: it is asked again and again while a condition is written.
_counted: dict[str, tuple[str, int]] = {}


def _everyone(project_id: str, store: ProjectStore, ctx: ProjectContext, sample: float | None) -> int:
    state = f"{data_version(store).whole} {sample} {ctx.now_ms // _MINUTE_MS}"
    held = _counted.get(project_id)
    if held is None or held[0] != state:
        held = _counted[project_id] = (state, _count(store, everyone_sql(ctx, sample=sample)))
    return held[1]


def _count(store: ProjectStore, sql: str) -> int:
    limits = {"max_execution_time": 20.0}
    return int(store.engine.rows(f"SELECT count() FROM ({sql})", settings=limits)[0][0])
