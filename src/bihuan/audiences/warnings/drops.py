"""Who of the valuable people dropped in a span of time."""

from __future__ import annotations

from dataclasses import replace

from bihuan.analytics import ProjectContext
from bihuan.analytics.conditions import people_sql
from bihuan.audiences.subjects import condition_adapter
from bihuan.audiences.warnings.models import WarningRule
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.assignments import value_sql
from bihuan.warehouse.sql import array

Span = tuple[int, int]


def watched_sql(ctx: ProjectContext, rule: WarningRule, span: Span) -> str:
    """SELECT of ``person, dropped``: who could drop in ``[start, end)`` and mattered as it began; who did.

    Somebody has dropped whose value at the end is a worse one; without a value nothing is said. What
    profiles, tags and audiences say of who matters is of now.
    """
    start_ms, end_ms = span
    ranks = f"{array(rule.order)}, range(1, {len(rule.order) + 1}), 0)"
    before = (
        f"SELECT person, toInt64(transform(value, {ranks}) AS place "
        f"FROM ({value_sql(ctx.table, rule.tag_id, at_ms=start_ms - 1)})"
    )
    after = (
        f"SELECT person, toInt64(transform(value, {ranks}) AS place "
        f"FROM ({value_sql(ctx.table, rule.tag_id, at_ms=end_ms - 1)})"
    )
    held = f"SELECT person, place FROM ({before}) WHERE place BETWEEN 1 AND {len(rule.order) - 1}"
    if rule.valuable is not None:
        wanted = condition_adapter.validate_python(rule.valuable)
        matters = people_sql(replace(ctx, now_ms=start_ms - 1), wanted)
        held += f" AND person IN ({matters})"
    return (
        "SELECT b.person AS person, a.place > b.place AS dropped "
        f"FROM ({held}) AS b LEFT ANY JOIN ({after}) AS a ON a.person = b.person"
    )


def count(store: ProjectStore, ctx: ProjectContext, rule: WarningRule, span: Span) -> tuple[int, int]:
    """How many dropped, of how many."""
    rows = store.engine.rows(f"SELECT countIf(dropped), count() FROM ({watched_sql(ctx, rule, span)})")
    return int(rows[0][0]), int(rows[0][1])


def page_of(
    store: ProjectStore,
    ctx: ProjectContext,
    rule: WarningRule,
    span: Span,
    *,
    after: int | None,
    limit: int,
) -> list[int]:
    """The next persons who dropped, ascending."""
    beyond = "" if after is None else f" AND person > {after}"
    watched = watched_sql(ctx, rule, span)
    rows = store.engine.rows(
        f"SELECT person FROM ({watched}) WHERE dropped{beyond} ORDER BY person LIMIT {limit}"
    )
    return [row[0] for row in rows]
