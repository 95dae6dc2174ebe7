"""What the global holdout shows: people held out against all others."""

from __future__ import annotations

from datetime import datetime, timedelta

from bihuan.access import Project
from bihuan.analytics import ProjectContext
from bihuan.analytics.conditions import people_sql
from bihuan.analytics.sql import EventsSource
from bihuan.audiences.subjects import log_context, log_until_now
from bihuan.database import utc_now
from bihuan.experiments.holdouts.membership import HeldOut, round_of
from bihuan.experiments.holdouts.models import GlobalHoldout
from bihuan.experiments.holdouts.schemas import HoldoutQuestion
from bihuan.experiments.measuring import HOLDOUT, TREATED, OfSelect
from bihuan.experiments.reading import measure_holdout
from bihuan.experiments.readings.schemas import Reading
from bihuan.stats.experiments import Inference
from bihuan.warehouse import ProjectStore


def shown_since(
    project: Project, store: ProjectStore, row: GlobalHoldout, question: HoldoutQuestion
) -> tuple[datetime, Reading]:
    """Since when, and what is seen of everybody who is not excluded, newcomers from their first event on.

    Nobody is left out for what they did, or did not do, since. Raises what the engine raises.
    """
    now = utc_now()
    since = counts_since(row, now)
    from_ms = round(since.timestamp() * 1000)
    ctx = log_until_now(project, store)
    drawn = _drawn_sql(ctx, log_context(project, store), HeldOut.at(row, now), from_ms)
    reading = measure_holdout(
        store,
        ctx,
        OfSelect(sql=drawn),
        question.metrics,
        subject_id=row.project_id,
        from_ms=from_ms,
        to_ms=ctx.now_ms + 1,
        shares={HOLDOUT: row.percent / 100, TREATED: 1 - row.percent / 100},
        pre_days=question.pre_days,
        how=Inference(looks="any_time", expected_people=100_000),
    )
    return since, reading


def counts_since(row: GlobalHoldout, at: datetime) -> datetime:
    """When others were drawn, or when the holdout was last changed."""
    drawn_at = row.started_at + timedelta(days=row.rotation_days or 0) * round_of(row, at)
    return max(drawn_at, row.updated_at)


def _drawn_sql(ctx: ProjectContext, asked: ProjectContext, held: HeldOut, from_ms: int) -> str:
    """``asked``: the log as the exclusion counts back in it, which is as at the time of drawing."""
    rows = EventsSource(ctx).between(None, ctx.now_ms + 1)
    rows.column("person", rows.person).column("at", "toUnixTimestamp64Milli(e.time)")
    only = "" if held.excluded is None else f" WHERE person NOT IN ({people_sql(asked, held.excluded)})"
    return (
        f"SELECT person, if({HeldOut(held.salt, held.parts).sql(ctx)}, '{HOLDOUT}', '{TREATED}') AS variant, "
        f"greatest(min(at), {from_ms}) AS since\nFROM (\n{rows.sql()}\n){only} GROUP BY person"
    )
