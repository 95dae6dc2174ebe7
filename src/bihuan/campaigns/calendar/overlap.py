"""How many people two campaigns share: those they are for, or those they were fixed to when they began."""

from __future__ import annotations

from collections.abc import Sequence

from bihuan.campaigns.models import Campaign
from bihuan.campaigns.plan.people import people_sql
from bihuan.campaigns.plan.schemas import Plan
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.assignments import value_sql
from bihuan.warehouse.sql import literal


def campaign_people_sql(store: ProjectStore, row: Campaign) -> str:
    """SELECT of ``person``, each once: whom a campaign is for; fixed once it began."""
    if row.started_at is not None:
        return f"SELECT person FROM ({value_sql(store.table, row.id)})"
    return people_sql(store, Plan.model_validate(row.plan).target)


def sizes_of(store: ProjectStore, rows: Sequence[Campaign]) -> dict[str, int]:
    """How many people each campaign is for."""
    sizes = {row.id: 0 for row in rows}
    if rows:
        sql = f"SELECT campaign, count() FROM (\n{_all(store, rows)}\n) GROUP BY campaign"
        sizes.update(dict(store.engine.rows(sql)))
    return sizes


def shared_people(store: ProjectStore, rows: Sequence[Campaign]) -> dict[tuple[str, str], int]:
    """How many people each two campaigns share, by their ids in order; pairs without any are left out."""
    if len(rows) < 2:
        return {}
    several = (
        f"SELECT arraySort(groupUniqArray(campaign)) AS campaigns FROM (\n{_all(store, rows)}\n) "
        "GROUP BY person HAVING length(campaigns) > 1"
    )
    # Few sets of campaigns, many people: pairs are made of the sets.
    sets = f"SELECT campaigns, count() AS people FROM ({several}) GROUP BY campaigns"
    shared: dict[tuple[str, str], int] = {}
    for campaigns, people in store.engine.rows(sets):
        for place, one in enumerate(campaigns):
            for two in campaigns[place + 1 :]:
                shared[one, two] = shared.get((one, two), 0) + people
    return shared


def _all(store: ProjectStore, rows: Sequence[Campaign]) -> str:
    return "\nUNION ALL\n".join(
        f"SELECT {literal(row.id)} AS campaign, person FROM ({campaign_people_sql(store, row)})"
        for row in rows
    )
