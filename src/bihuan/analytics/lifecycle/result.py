"""People by stage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.lifecycle.query import LifecycleQuery
from bihuan.analytics.lifecycle.sql import lifecycle_units
from bihuan.analytics.query import BreakdownValue
from bihuan.analytics.registry import Row
from bihuan.analytics.result import Result, heading
from bihuan.analytics.sql.groups import GroupKeys, group_values, ranked
from bihuan.analytics.sql.units import Units


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


class LifecycleGroup(BaseModel):
    """The people of one group, one entry a unit, in order; without breakdowns everybody."""

    model_config = ConfigDict(frozen=True)

    breakdown: tuple[BreakdownValue, ...] = ()
    units: tuple[LifecycleUnit, ...]

    @property
    def size(self) -> int:
        """How many people were active, counted in each unit."""
        return sum(unit.active for unit in self.units)


class LifecycleResult(Result):
    """Groups that have anybody in any stage, the greatest first, others last."""

    kind: Literal["lifecycle"] = "lifecycle"
    interval: Literal["day", "week", "month"]
    groups: tuple[LifecycleGroup, ...]

    @property
    def units(self) -> tuple[LifecycleUnit, ...]:
        """Those of the first group: without breakdowns everybody's."""
        return self.groups[0].units


def read_lifecycle(ctx: ProjectContext, query: LifecycleQuery, rows: Sequence[Row]) -> LifecycleResult:
    """The result of the statement's rows."""
    units = lifecycle_units(ctx, query)
    groups: dict[GroupKeys, LifecycleGroup] = {}
    for new, returning, resurrected, dormant, *keys in rows:
        stages = (new, returning, resurrected, dormant)
        if not keys or any(any(people[1:]) for people in stages):
            groups[tuple(keys)] = _group(units, keys, stages)
    shown = ranked(groups, lambda group: group.size)
    return LifecycleResult(**heading(ctx, query), interval=query.interval, groups=shown)


def _group(units: Units, keys: Sequence[str], stages: Sequence[Sequence[int]]) -> LifecycleGroup:
    new, returning, resurrected, dormant = stages
    found = [
        LifecycleUnit(
            bucket=units.label(unit),
            new=new[unit],
            returning=returning[unit],
            resurrected=resurrected[unit],
            dormant=dormant[unit],
            complete=unit < units.running(),
        )
        for unit in range(1, units.count)
    ]
    return LifecycleGroup(breakdown=group_values(keys), units=tuple(found))
