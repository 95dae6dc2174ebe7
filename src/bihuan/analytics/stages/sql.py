"""The SQL of lifecycle stages: from everyone's history up to now, which may be a day in the past."""

from __future__ import annotations

from bihuan.analytics.conditions import Ago, Ever
from bihuan.analytics.conditions.figures import Figures
from bihuan.analytics.conditions.windows import instants
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.sql import events_source, local_date
from bihuan.analytics.stages.query import ReturnsQuery, StageDefinition
from bihuan.analytics.statistic import last_day_sql
from bihuan.warehouse.sql import literal


def values_sql(ctx: ProjectContext, stages: StageDefinition, *, among: str | None = None) -> str:
    """SELECT of ``person, value``: the stage at ``ctx.now_ms`` of everyone who was active by then.

    ``among``: a SELECT of the only persons in question.
    """
    figures = Figures(events_source(ctx))
    window = Ago(from_days=stages.window_days - 1, to_days=0)
    activity = figures.number(stages.of or stages.active, window, stages.activity)
    times = figures.over(stages.active, Ever(), "countIf({row})")
    first = figures.over(stages.active, Ever(), "minIf(time, {row})")
    last = figures.over(stages.active, Ever(), "maxIf(time, {row})")
    today = last_day_sql(ctx, Ever())
    columns = (
        f"{times} AS times, {today} - {local_date(ctx, first)} AS age, "
        f"{today} - {local_date(ctx, last)} AS away, round({activity}, 6) AS activity"
    )
    grows = f"activity >= {literal(stages.growing_from)} OR age >= {stages.new_days}"
    stage = (
        f"multiIf(away >= {stages.lost_after_days}, 'lost', away >= {stages.dormant_after_days}, 'dormant', "
        f"activity >= {literal(stages.mature_from)}, 'mature', {grows}, 'growing', 'onboarding')"
    )
    return f"SELECT person, {stage} AS value\nFROM (\n{figures.sql(columns, among)}\n)\nWHERE times > 0"


def sizes_sql(ctx: ProjectContext, stages: StageDefinition, *, among: str | None = None) -> str:
    """SELECT of ``value, people``: how many are in each stage."""
    values = values_sql(ctx, stages, among=among)
    return f"SELECT value, count() AS people\nFROM (\n{values}\n)\nGROUP BY value"


def returns_sql(ctx: ProjectContext, query: ReturnsQuery) -> str:
    """SELECT of ``kind, days, people, times``.

    ``ended``: absences of so many days that ended with a return, and how many people had one; ``open``:
    people whose last activity is so many days before the window's last day; ``active``: people active on so
    many of the last ``window_days`` days.
    """
    source = events_source(ctx, selectors=[query.active]).between(*instants(query.window, ctx))
    today = f"toInt32({last_day_sql(ctx, query.window)})"
    days = f"arraySort(groupUniqArray(toInt32({local_date(ctx, 'time')})))"
    people = f"SELECT {days} AS days, {today} AS today\nFROM (\n{source.sql()}\n)\nGROUP BY person"
    gaps = "arraySlice(arrayDifference(days), 2)"
    ended = f"arrayMap(gap -> ('ended', toInt32(gap), countEqual({gaps}, gap)), arrayDistinct({gaps}))"
    recent = f"arrayCount(day -> day > today - {query.window_days}, days)"
    rest = f"[('open', toInt32(today - days[-1]), 1), ('active', toInt32({recent}), 1)]"
    items = f"arrayJoin(arrayConcat({ended}, {rest}))"
    return (
        f"SELECT item.1 AS kind, item.2 AS days, count() AS people, sum(item.3) AS times\n"
        f"FROM (\nSELECT {items} AS item\nFROM (\n{people}\n)\n)\nGROUP BY kind, days\nORDER BY kind, days"
    )
