"""Histograms of active units."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query import BreakdownValue
from bihuan.analytics.registry import Row
from bihuan.analytics.result import Result, heading
from bihuan.analytics.sql.groups import GroupKeys, group_values, ranked
from bihuan.analytics.stickiness.query import StickinessQuery
from bihuan.analytics.stickiness.spans import Span, spans


class StickinessSpan(BaseModel):
    """The histogram of one span of ``units`` units.

    ``exactly[k - 1]`` people were active in k units, ``at_least[k - 1]`` in k or more, so
    ``at_least[0]`` are all active people. ``mean_units`` is the mean of the active people, ``ratio`` its
    share of ``units``: mean daily actives over actives of the span (DAU/MAU for the days of a month). Both
    are null without people. ``complete`` when the span has ended.
    """

    model_config = ConfigDict(frozen=True)

    bucket: str | None
    units: int
    exactly: tuple[int, ...]
    at_least: tuple[int, ...]
    mean_units: float | None
    ratio: float | None
    complete: bool


class StickinessGroup(BaseModel):
    """The people of one group, one histogram for each span, in order; without breakdowns everybody."""

    model_config = ConfigDict(frozen=True)

    breakdown: tuple[BreakdownValue, ...] = ()
    spans: tuple[StickinessSpan, ...]

    @property
    def size(self) -> int:
        """How many people were active, counted in each span."""
        return sum(span.at_least[0] for span in self.spans)


class StickinessResult(Result):
    """Groups that have anybody, the greatest first, others last."""

    kind: Literal["stickiness"] = "stickiness"
    interval: Literal["day", "week", "month"]
    groups: tuple[StickinessGroup, ...]

    @property
    def spans(self) -> tuple[StickinessSpan, ...]:
        """Those of the first group: without breakdowns everybody's."""
        return self.groups[0].spans


def read_stickiness(ctx: ProjectContext, query: StickinessQuery, rows: Sequence[Row]) -> StickinessResult:
    """The result of the statement's rows."""
    units, found = spans(ctx, query)
    people: dict[GroupKeys, dict[tuple[int, int], int]] = {} if query.breakdowns else {(): {}}
    for span, size, number, *keys in rows:
        people.setdefault(tuple(keys), {})[span, size] = number
    groups = {
        keys: StickinessGroup(
            breakdown=group_values(keys),
            spans=tuple(
                _histogram(
                    span,
                    [numbers.get((index, size), 0) for size in range(1, span.units + 1)],
                    complete=span.last < units.running(),
                )
                for index, span in enumerate(found)
            ),
        )
        for keys, numbers in people.items()
    }
    shown = ranked(groups, lambda group: group.size)
    return StickinessResult(**heading(ctx, query), interval=query.interval, groups=shown)


def _histogram(span: Span, exactly: Sequence[int], *, complete: bool) -> StickinessSpan:
    at_least = list(accumulate(reversed(exactly)))[::-1]
    mean = sum(at_least) / at_least[0] if at_least[0] else None
    return StickinessSpan(
        bucket=span.bucket,
        units=span.units,
        exactly=tuple(exactly),
        at_least=tuple(at_least),
        mean_units=mean,
        ratio=None if mean is None else mean / span.units,
        complete=complete,
    )
