"""The effect as it was at earlier moments: looks over time, whose intervals hold all together."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import BaseModel

from bihuan.access import Project
from bihuan.analytics import ProjectContext
from bihuan.analytics.sql import EventsSource
from bihuan.audiences.subjects import log_until_now
from bihuan.campaigns.judging.measuring import Window, assigned_sql
from bihuan.campaigns.judging.report import Ran
from bihuan.campaigns.judging.schemas import Interval
from bihuan.campaigns.plan.schemas import HOLDOUT, Outcome
from bihuan.stats.experiments import Inference, compare, proportion_arm
from bihuan.warehouse import ProjectStore

_HOUR_MS = 3_600_000
_STEPS = tuple(hours * _HOUR_MS for hours in (1, 3, 6, 12, 24, 48, 96, 168, 336))
MOST = 40


class Look(BaseModel):
    """What was known at a moment: shares who had converted by then, and their difference."""

    at: datetime
    treated: float
    held_out: float
    difference: Interval | None


def looks_of(project: Project, store: ProjectStore, of: Ran) -> list[Look]:
    """The effect on conversion at up to 40 moments since the start, the oldest first; none without a holdout.

    Everybody of an arm counts at every look, so that what grows is what they did. The intervals hold all
    together, however often one looks.
    """
    ctx = log_until_now(project, store)
    window = Window.of(of.at_ms, of.outcome, ctx.now_ms)
    length = window.to_ms - window.from_ms
    step = next((each for each in _STEPS if length <= each * MOST), _STEPS[-1])
    names = {each.name for each in of.plan.variants}
    assigned = assigned_sql(ctx, of.row.id)
    sizes: dict[str, int] = dict(store.engine.rows(f"SELECT arm, count() FROM (\n{assigned}\n) GROUP BY arm"))
    held_out, treated = sizes.get(HOLDOUT, 0), sum(sizes.get(name, 0) for name in names)
    if not held_out or not treated:
        return []
    firsts = _firsts_sql(ctx, of.outcome, window)
    rows = store.engine.rows(
        f"SELECT a.arm, intDiv(f.first - {window.from_ms}, {step}) AS slot, count() FROM (\n{firsts}\n) AS f "
        f"INNER JOIN (\n{assigned}\n) AS a ON a.person = f.person GROUP BY a.arm, slot"
    )
    how = Inference(looks="any_time", expected_people=held_out + treated)
    found = []
    for slot in range(min(-(-length // step), MOST)):
        below = sum(people for arm, at, people in rows if arm == HOLDOUT and at <= slot)
        above = sum(people for arm, at, people in rows if arm in names and at <= slot)
        effect = compare(proportion_arm(below, held_out), proportion_arm(above, treated), how)
        at_ms = min(window.from_ms + (slot + 1) * step, window.to_ms)
        found.append(
            Look(
                at=datetime.fromtimestamp(at_ms / 1000, UTC),
                treated=above / treated,
                held_out=below / held_out,
                difference=Interval.of_stats(effect.difference),
            )
        )
    return found


def _firsts_sql(ctx: ProjectContext, outcome: Outcome, window: Window) -> str:
    """SELECT of ``person, first``: when they first did what counts, in milliseconds."""
    rows = EventsSource(ctx).between(window.from_ms, window.to_ms).selecting([outcome.selector])
    rows.column("person", rows.person).column("at", "toUnixTimestamp64Milli(e.time)")
    return f"SELECT person, min(at) AS first FROM (\n{rows.sql()}\n) GROUP BY person"
