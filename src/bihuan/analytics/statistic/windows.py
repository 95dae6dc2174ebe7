"""The end of a window."""

from __future__ import annotations

from bihuan.analytics.conditions import AnyWindow, instants
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.sql import local_date
from bihuan.warehouse.sql import time_ms


def last_day_sql(ctx: ProjectContext, window: AnyWindow) -> str:
    """SQL Date: the last day of a window on the project's calendar, today at the latest."""
    _, end_ms = instants(window, ctx)
    return local_date(ctx, time_ms(end_ms - 1))
