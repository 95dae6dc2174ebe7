"""Have what queries of kept sequences need compiled before somebody waits for it."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np

from bihuan.analytics import Limits, ProjectContext
from bihuan.analytics.funnel import ConversionTime, FunnelBreakdown, FunnelQuery, FunnelStep
from bihuan.analytics.paths import PathsQuery
from bihuan.analytics.query import Dates, EventSelector, PropertyRef
from bihuan.analytics.rfm import RfmQuery
from bihuan.analytics.sequences.view import View
from bihuan.warehouse.sequences import Amounts, Part

_DAY = Dates(from_date=date(2020, 1, 1), to_date=date(2020, 1, 1))
_PROPERTY = PropertyRef(name="from")
_FIRST_MS = 1_577_836_800_000  # that day's midnight UTC


class _OneVisit:
    """Somebody who came and left, in the files and in the log."""

    are_there = True

    def view(self, ctx: ProjectContext, start_ms: int, end_ms: int) -> View:
        """The same for all months."""
        parts = [
            Part(
                start_ms=_FIRST_MS,
                numbers=np.zeros(1, np.uint32),
                ends=np.full(1, 2, np.int64),
                times=np.arange(2).astype(kind),
                events=np.arange(2).astype(np.uint16),
                keys={_PROPERTY.name: np.zeros(2, np.uint16)},
                amounts={_PROPERTY.name: Amounts(np.zeros(1, np.uint32), np.zeros(1))},
            )
            for kind in (np.uint32, np.uint64)
        ]
        persons, nobody = np.zeros(1, np.uint64), np.zeros(1, np.bool_)
        keys, numbers = {_PROPERTY.name: ("n",)}, (_PROPERTY.name,)
        return View(("came", "left"), keys, numbers, persons, (parts[0],), parts[1], nobody)

    def totals(self, start_ms: int, end_ms: int) -> None:
        """Not kept."""


@cache
def compile_loops() -> None:
    """Answer a funnel of each order, a path and an RFM. Takes some seconds the first time on a machine."""
    from bihuan.analytics.funnel import sequenced as funnels  # noqa: PLC0415 loads the compiler
    from bihuan.analytics.paths import sequenced as paths  # noqa: PLC0415
    from bihuan.analytics.rfm import sequenced as buyers  # noqa: PLC0415

    ctx = ProjectContext(table=str, now_ms=_FIRST_MS, time_zone="UTC", sequences=_OneVisit())
    steps = tuple(FunnelStep(selector=EventSelector(events=(name,))) for name in ("came", "left"))
    touched = FunnelBreakdown(property=_PROPERTY)
    seconds = Limits().time_seconds
    asked = FunnelQuery(steps=steps, period=_DAY, breakdown=touched, conversion_time=ConversionTime())
    funnels.sequenced_rows(ctx, asked, seconds)
    funnels.sequenced_rows(ctx, FunnelQuery(steps=steps, period=_DAY, order="strict"), seconds)
    paths.sequenced_rows(ctx, PathsQuery(period=_DAY), seconds)
    bought = RfmQuery(event=EventSelector(events=("came",)), revenue=_PROPERTY, window=_DAY)
    buyers.sequenced_rows(ctx, bought, seconds)
