"""Who gets what: the people of a campaign split by hash, once and for all."""

from __future__ import annotations

from collections.abc import Iterator

from bihuan.campaigns.plan.people import people_sql
from bihuan.campaigns.plan.schemas import GLOBAL, HOLDOUT, Plan
from bihuan.experiments import record_groups_sql, split_sql
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.assignments import sizes, value_sql
from bihuan.warehouse.sql import literal, tuple_of

# What fixing people may use: millions are grouped on disk rather than refused.
_SETTINGS = {"max_execution_time": 1_800, "max_bytes_before_external_group_by": 2 << 30}


def shares_of(plan: Plan) -> dict[str, float]:
    """Each arm and its share of the people; the holdout first, so that it stays when variants change.

    >>> two = [{"name": "a"}, {"name": "b"}]
    >>> shares_of(Plan.model_validate({"holdout": {"share": 0.2}, "variants": two}))
    {'holdout': 0.2, 'a': 0.4, 'b': 0.4}
    """
    weights = sum(each.weight for each in plan.variants)
    treated = 1 - plan.holdout.share
    shares = {HOLDOUT: plan.holdout.share} if plan.holdout.share else {}
    return shares | {each.name: treated * each.weight / weights for each in plan.variants}


def arms_sql(
    store: ProjectStore, project_id: str, campaign_id: str, plan: Plan, held_out_sql: str | None
) -> str:
    """SELECT of ``person, value``: everybody a plan is for, and their arm.

    Args:
        held_out_sql: Bool over a column ``person``: in the project's global holdout; None without one.
    """
    shares = shares_of(plan)
    last = list(shares)[-1]
    # Shares that do not add up to 1 in floating point leave a draw over: it is the last variant's.
    split = split_sql(project_id, salt_of(campaign_id), shares, "person")
    drawn = f"coalesce(nullIf({split}, ''), {literal(last)})"
    people = people_sql(store, plan.target)
    if held_out_sql is None:
        return f"SELECT person, {drawn} AS value FROM ({people})"
    arm = f"if({held_out_sql}, {literal(GLOBAL)}, {drawn})"
    return f"SELECT person, {arm} AS value FROM ({people})"


def salt_of(campaign_id: str) -> str:
    """What a campaign's people are drawn with."""
    return f"campaign/{campaign_id}"


def fix(store: ProjectStore, campaign_id: str, arms: str, at_ms: int) -> dict[str, int]:
    """Write down everybody's arm as of a moment; returns people by arm.

    Done again after a crash it keeps those who have an arm and adds those who were not reached.
    """
    record_groups_sql(store, campaign_id, arms, at_ms=at_ms, settings=_SETTINGS)
    return dict(sizes(store, [campaign_id])[campaign_id].values)


def people_of(
    store: ProjectStore, campaign_id: str, arms: list[str], *, after: int | None, limit: int
) -> list[tuple[int, str]]:
    """The next persons of some arms and their arm, by ascending id."""
    if not arms:
        return []
    beyond = "" if after is None else f" AND person > {after}"
    held = value_sql(store.table, campaign_id)
    rows = store.engine.rows(
        f"SELECT person, value FROM ({held}) WHERE value IN {tuple_of(arms)}{beyond} "
        f"ORDER BY person LIMIT {limit}"
    )
    return [(row[0], row[1]) for row in rows]


def pages_of(
    store: ProjectStore, campaign_id: str, arms: list[str], *, after: int | None, limit: int
) -> Iterator[list[tuple[int, str]]]:
    """The persons of some arms in pages, from after a person on."""
    while page := people_of(store, campaign_id, arms, after=after, limit=limit):
        yield page
        after = page[-1][0]
