"""People by stage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.lifecycle.query import LifecycleQuery
from bihuan.analytics.lifecycle.sql import lifecycle_units
from bihuan.analytics.registry import Row
from bihuan.analytics.result import Result, heading


class LifecycleUnit(BaseModel):
    """The people of one unit; ``complete`` when it has ended, before that dormant people may yet come."""

    model_config = ConfigDict(frozen=True)

    bucket: str
    new: int
    returning: int
    resurrected: int
    dormant: int
    complete: bool

    @property
    def active(self) -> int:
        """How many people were active."""
        return self.new + self.returning + self.resurrected


class LifecycleResult(Result):
    """One entry a unit, in order."""

    kind: Literal["lifecycle"] = "lifecycle"
    interval: Literal["day", "week", "month"]
    units: tuple[LifecycleUnit, ...]


def read_lifecycle(ctx: ProjectContext, query: LifecycleQuery, rows: Sequence[Row]) -> LifecycleResult:
    """The result of the statement's row."""
    units = lifecycle_units(ctx, query)
    found = [
        LifecycleUnit(
            bucket=units.label(unit),
            new=rows[0][0][unit],
            returning=rows[0][1][unit],
            resurrected=rows[0][2][unit],
            dormant=rows[0][3][unit],
            complete=unit < units.running(),
        )
        for unit in range(1, units.count)
    ]
    return LifecycleResult(**heading(ctx, query), interval=query.interval, units=tuple(found))
