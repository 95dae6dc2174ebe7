"""The spans within which units are counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bihuan.analytics.calendar import unit_start
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query import resolve
from bihuan.analytics.sql.units import Units, units_of
from bihuan.analytics.stickiness.query import StickinessQuery


@dataclass(frozen=True)
class Span:
    """Units ``first`` to ``last``; ``bucket`` is its first day (None: the whole period)."""

    bucket: str | None
    first: int
    last: int

    @property
    def units(self) -> int:
        """How many."""
        return self.last - self.first + 1


def spans(ctx: ProjectContext, query: StickinessQuery) -> tuple[Units, list[Span]]:
    """The period's units and the spans they make up."""
    units = units_of(ctx, query.interval, resolve(query.period, ctx))
    if query.per is None:
        return units, [Span(None, 0, units.count - 1)]
    found: dict[str, list[int]] = {}
    for index in range(units.count):
        day = unit_start(date.fromisoformat(units.label(index)), query.per, ctx.first_weekday)
        found.setdefault(day.isoformat(), []).append(index)
    return units, [Span(bucket, indexes[0], indexes[-1]) for bucket, indexes in found.items()]
