"""Histograms of active units."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.registry import Row
from bihuan.analytics.result import Result, heading
from bihuan.analytics.stickiness.query import StickinessQuery
from bihuan.analytics.stickiness.spans import spans


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


class StickinessResult(Result):
    """One histogram for each span, in order."""

    kind: Literal["stickiness"] = "stickiness"
    interval: Literal["day", "week", "month"]
    spans: tuple[StickinessSpan, ...]


def read_stickiness(ctx: ProjectContext, query: StickinessQuery, rows: Sequence[Row]) -> StickinessResult:
    """The result of the statement's rows."""
    units, found = spans(ctx, query)
    people = {(span, size): number for span, size, number in rows}
    histograms = []
    for index, span in enumerate(found):
        exactly = [people.get((index, size), 0) for size in range(1, span.units + 1)]
        at_least = list(accumulate(reversed(exactly)))[::-1]
        mean = sum(at_least) / at_least[0] if at_least[0] else None
        histograms.append(
            StickinessSpan(
                bucket=span.bucket,
                units=span.units,
                exactly=tuple(exactly),
                at_least=tuple(at_least),
                mean_units=mean,
                ratio=None if mean is None else mean / span.units,
                complete=span.last < units.running(),
            )
        )
    return StickinessResult(**heading(ctx, query), interval=query.interval, spans=tuple(histograms))
