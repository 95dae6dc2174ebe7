"""Have what queries of kept sequences need compiled before somebody waits for it."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import numpy as np

from bihuan.analytics import Limits, ProjectContext
from bihuan.analytics.funnel import ConversionTime, FunnelBreakdown, FunnelQuery, FunnelStep
from bihuan.analytics.paths import PathsQuery
from bihuan.analytics.query import Dates, EventSelector, PropertyRef
from bihuan.analytics.rfm import RfmQuery
from bihuan.analytics.sequences.view import View
from bihuan.kernel.arrays import Array, fixed
from bihuan.warehouse.sequences import QUARTERS_A_MONTH, Amounts, Part

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
                numbers=_kept([0], np.uint32),
                ends=_kept([2], np.int64),
                times=_kept([0, 1], kind),
                events=_kept([0, 1], np.uint16),
                keys={_PROPERTY.name: _kept([0, 0], np.uint16)},
                amounts={_PROPERTY.name: Amounts(_kept([0], np.uint32), _kept([0], np.float64))},
            )
            for kind in (np.uint32, np.uint64)
        ]
        persons, nobody = np.zeros(1, np.uint64), np.zeros(1, np.bool_)
        keys, numbers = {_PROPERTY.name: ("n",)}, (_PROPERTY.name,)
        return View(("came", "left"), keys, numbers, persons, (parts[0],), parts[1], nobody)

    def totals(self, start_ms: int, end_ms: int) -> None:
        """Not kept."""


def _kept(values: list[int], kind: Any) -> Array:
    """As the columns of files are."""
    return fixed(np.array(values, kind))


@cache
def compile_loops() -> None:
    """Answer a funnel of each order, a path and RFMs. Takes some seconds the first time on a machine."""
    from bihuan.analytics.funnel import sequenced as funnels  # noqa: PLC0415 loads the compiler
    from bihuan.analytics.paths import sequenced as paths  # noqa: PLC0415
    from bihuan.analytics.rfm import sequenced as buyers  # noqa: PLC0415
    from bihuan.analytics.sequences.loops import mark_people_of  # noqa: PLC0415

    ctx = ProjectContext(table=str, now_ms=_FIRST_MS, time_zone="UTC", sequences=_OneVisit())
    steps = tuple(FunnelStep(selector=EventSelector(events=(name,))) for name in ("came", "left"))
    touched = FunnelBreakdown(property=_PROPERTY)
    seconds = Limits().time_seconds
    asked = FunnelQuery(steps=steps, period=_DAY, breakdown=touched, conversion_time=ConversionTime())
    funnels.sequenced_rows(ctx, asked, seconds)
    funnels.sequenced_rows(ctx, FunnelQuery(steps=steps, period=_DAY, order="strict"), seconds)
    paths.sequenced_rows(ctx, PathsQuery(period=_DAY), seconds)
    bought = RfmQuery(event=EventSelector(events=("came",)), revenue=_PROPERTY, window=_DAY)
    for frequency in ("count", "days"):
        buyers.sequenced_rows(ctx, bought.model_copy(update={"frequency": frequency}), seconds)
    view = _OneVisit().view(ctx, 0, 0)
    (part,), nothing = view.months, np.zeros((2, QUARTERS_A_MONTH), np.bool_)
    mark_people_of(part.numbers, part.ends, part.times, part.events, nothing, view.replaced)
