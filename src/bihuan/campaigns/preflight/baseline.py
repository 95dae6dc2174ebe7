"""How many of a campaign's people convert anyway."""

from __future__ import annotations

from bihuan.analytics import ProjectContext
from bihuan.analytics.sql import EventsSource
from bihuan.campaigns.plan.people import people_sql
from bihuan.campaigns.plan.schemas import Outcome, Target
from bihuan.warehouse import ProjectStore

_DAY_MS = 86_400_000


def baseline_of(ctx: ProjectContext, store: ProjectStore, target: Target, outcome: Outcome) -> float:
    """The share of the people who did what counts in the last as many days as it will count; 0 of nobody."""
    rows = EventsSource(ctx).between(ctx.now_ms - outcome.window_days * _DAY_MS, ctx.now_ms + 1)
    rows.selecting([outcome.selector]).column("person", rows.person)
    people = people_sql(store, target)
    sql = f"SELECT count(), countIf(person IN (SELECT person FROM (\n{rows.sql()}\n))) FROM ({people})"
    everyone, converted = store.engine.rows(sql)[0]
    return converted / everyone if everyone else 0.0
