"""Who a plan is for, as SQL over the people in audiences."""

from __future__ import annotations

from bihuan.campaigns.models import Campaign
from bihuan.campaigns.plan.schemas import Plan, Target
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.assignments import values_sql


def people_sql(store: ProjectStore, target: Target) -> str:
    """SELECT of ``person``, each once: in one of the audiences and in none of those left out."""
    if not target.audience_ids:
        return "SELECT toUInt64(0) AS person WHERE false"
    wanted = f"SELECT DISTINCT person FROM ({values_sql(store.table, target.audience_ids)})"
    if not target.exclude_audience_ids:
        return wanted
    left_out = f"SELECT person FROM ({values_sql(store.table, target.exclude_audience_ids)})"
    return f"SELECT person FROM ({wanted}) WHERE person NOT IN ({left_out})"


def size_of(store: ProjectStore, target: Target) -> int:
    """How many people it is for, now."""
    return int(store.engine.rows(f"SELECT count() FROM ({people_sql(store, target)})")[0][0])


def size_of_row(store: ProjectStore, row: Campaign) -> int:
    """How many people a campaign is for, now."""
    return size_of(store, Plan.model_validate(row.plan).target)
