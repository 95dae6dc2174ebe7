"""From when to when a log has something to learn from."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bihuan.analytics import ProjectContext
from bihuan.analytics.calendar import day_start_ms, local_date
from bihuan.analytics.query import EventSelector
from bihuan.analytics.sql import events_source
from bihuan.stats.errors import DataInsufficient
from bihuan.warehouse import ProjectStore

LIMITS: dict[str, Any] = {
    "max_execution_time": 1_800,
    "max_bytes_before_external_group_by": 2 << 30,
    "max_bytes_before_external_sort": 2 << 30,
}


def span_of(ctx: ProjectContext, store: ProjectStore, selector: EventSelector) -> tuple[date, date]:
    """The first day with such an event, and the day after the last one with any event, today at the latest.

    Days that nothing was recorded of, be it that recording broke, are not taken for silence of everybody.

    Raises:
        DataInsufficient: there is no such event.
    """
    source = events_source(ctx, selectors=[selector]).between(None, ctx.now_ms + 1)
    first = _bounds(store, source.sql(), "min")
    last = _bounds(store, events_source(ctx).between(None, ctx.now_ms + 1).sql(), "max")
    if first is None or last is None:
        raise DataInsufficient(
            model_en="a forecast", model_zh="预测", what_en="such events", what_zh="此类事件", have=0, need=1
        )
    today = local_date(ctx.now_ms, ctx.zone)
    as_of = min(today, local_date(last, ctx.zone) + timedelta(days=1))
    return local_date(first, ctx.zone), as_of


def people_between(ctx: ProjectContext, store: ProjectStore, since: date, until: date) -> int:
    """About how many people did something."""
    source = events_source(ctx).between(day_start_ms(since, ctx.zone), day_start_ms(until, ctx.zone))
    return int(store.engine.rows(f"SELECT uniq(person) FROM (\n{source.sql()}\n)", settings=LIMITS)[0][0])


def _bounds(store: ProjectStore, rows: str, aggregate: str) -> int | None:
    sql = f"SELECT toUnixTimestamp64Milli({aggregate}(time)), count() FROM (\n{rows}\n)"
    found = store.engine.rows(sql, settings=LIMITS)[0]
    return found[0] if found[1] else None
