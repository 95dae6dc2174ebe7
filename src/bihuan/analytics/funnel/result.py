"""A funnel's numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.funnel.conversion_time import bin_starts_ms, spans
from bihuan.analytics.funnel.query import FunnelQuery
from bihuan.analytics.query import BreakdownValue, Interval, resolve
from bihuan.analytics.registry import Row
from bihuan.analytics.result import Result, heading
from bihuan.analytics.sql import breakdown_value, bucket_label, bucket_starts
from bihuan.stats import ProportionDifference, adjusted_p_values, proportion_difference


class _Figures(BaseModel):
    model_config = ConfigDict(frozen=True)


class FunnelStepFigures(_Figures):
    """One step: how many people reached it.

    ``conversion`` is their share of those who entered, ``step_conversion`` of those who reached the required
    step before, and ``dropped`` are the others of these. Shares of nobody are None.
    """

    step: int
    name: str
    optional: bool
    people: int
    dropped: int
    conversion: float | None
    step_conversion: float | None


class TimeBin(_Figures):
    """People who took from ``from_seconds`` to just under ``to_seconds`` (None: or longer)."""

    from_seconds: float
    to_seconds: float | None
    people: int


class StepTime(_Figures):
    """How long the people who got to ``to_step`` took from ``from_step``, in seconds; None without people.

    Of a person the chain counts that first reached the person's last step, begun as late as possible.
    """

    from_step: int
    to_step: int
    people: int
    mean_seconds: float | None
    median_seconds: float | None
    percentiles: tuple[tuple[float, float | None], ...]
    bins: tuple[TimeBin, ...]


class FunnelBucket(_Figures):
    """People with a chain that begins in the bucket, by how many required steps the best such chain has.

    ``people[k]`` got to required step k + 1 at least; ``conversion`` is the last divided by the first.
    """

    bucket: str
    people: tuple[int, ...]
    conversion: float | None


class SegmentDifference(_Figures):
    """A segment's conversion minus that of everybody else, with a 95 % interval.

    ``adjusted_p_value`` allows for the number of segments (Benjamini and Hochberg). None with a ``reason``
    where there is nobody to compare.
    """

    difference: float | None
    low: float | None
    high: float | None
    p_value: float | None
    adjusted_p_value: float | None
    reason: str | None


class FunnelGroup(_Figures):
    """The funnel of everybody (``breakdown`` None) or of one segment."""

    breakdown: BreakdownValue | None = None
    steps: tuple[FunnelStepFigures, ...]
    times: tuple[StepTime, ...] = ()
    over_time: tuple[FunnelBucket, ...] = ()
    difference: SegmentDifference | None = None


class FunnelResult(Result):
    """``overall`` counts each person once; it is None with the touch ``every``, where people are in several
    segments. ``segments`` are by people entered, "other" last."""

    kind: Literal["funnel"] = "funnel"
    interval: Interval | None = None
    overall: FunnelGroup | None
    segments: tuple[FunnelGroup, ...] = ()


def read_funnel(ctx: ProjectContext, query: FunnelQuery, rows: Sequence[Row]) -> FunnelResult:
    """The result of the statement's rows."""
    totals: dict[str | None, Row] = {}
    buckets: dict[str | None, dict[int, Sequence[int]]] = {}
    for row in rows:
        is_overall, key, is_total, bucket, reached = row[:5]
        if sum(reached) == 0 and query.breakdown is not None:
            continue
        group = None if is_overall else key
        if is_total:
            totals[group] = row
        else:
            buckets.setdefault(group, {})[bucket] = reached
    groups = {group: _group(ctx, query, group, row, buckets.get(group, {})) for group, row in totals.items()}
    keys = sorted(
        (key for key in groups if key is not None),
        key=lambda key: (key == "o", -groups[key].steps[0].people, key),
    )
    overall = None
    if query.breakdown is None or query.breakdown.touch != "every":
        overall = groups.get(None) or _group(ctx, query, None, None, {})
    segments = [groups[key] for key in keys]
    if overall is not None:
        segments = _with_differences(overall, segments)
    return FunnelResult(
        **heading(ctx, query), interval=query.over_time, overall=overall, segments=tuple(segments)
    )


def _group(
    ctx: ProjectContext,
    query: FunnelQuery,
    key: str | None,
    row: Row | None,
    buckets: dict[int, Sequence[int]],
) -> FunnelGroup:
    reached = list(row[4]) if row is not None else [0] * len(query.required)
    optional = list(row[5]) if row is not None else [0] * (len(query.steps) - len(query.required))
    return FunnelGroup(
        breakdown=None if key is None else breakdown_value(key),
        steps=tuple(_steps(query, reached, optional)),
        times=tuple(_times(query, row[6] if row is not None else [])),
        over_time=tuple(_over_time(ctx, query, buckets)),
    )


def _steps(query: FunnelQuery, reached: list[int], optional: list[int]) -> list[FunnelStepFigures]:
    figures, before = [], reached[0]
    required, skippable = iter(reached), iter(optional)
    for index, step in enumerate(query.steps):
        people = next(skippable) if step.optional else next(required)
        figures.append(
            FunnelStepFigures(
                step=index + 1, name=step.selector.name, optional=step.optional, people=people,
                dropped=before - people,
                conversion=_share(people, reached[0]), step_conversion=_share(people, before),
            )
        )  # fmt: skip
        before = before if step.optional else people
    return figures


def _times(query: FunnelQuery, figures: Sequence[Any]) -> list[StepTime]:
    wanted = query.conversion_time
    if wanted is None:
        return []
    starts = [start / 1000 for start in bin_starts_ms(query, wanted)]
    ends = [*starts[1:], None]
    nobody = (0, None, [None] * (1 + len(wanted.percentiles)), [0] * len(starts))
    rows = figures or [nobody] * len(spans(query))
    times = []
    for (first, last), (people, mean, percentiles, held) in zip(spans(query), rows, strict=True):
        median, *others = [_seconds(figure) for figure in percentiles]
        times.append(
            StepTime(
                from_step=query.required[first - 1] + 1, to_step=query.required[last - 1] + 1, people=people,
                mean_seconds=_seconds(mean), median_seconds=median,
                percentiles=tuple(zip(wanted.percentiles, others, strict=True)),
                bins=tuple(
                    TimeBin(from_seconds=start, to_seconds=end, people=count)
                    for start, end, count in zip(starts, ends, held, strict=True)
                ),
            )
        )  # fmt: skip
    return times


def _over_time(
    ctx: ProjectContext, query: FunnelQuery, buckets: dict[int, Sequence[int]]
) -> list[FunnelBucket]:
    if query.over_time is None:
        return []
    found = []
    for name in bucket_starts(ctx, query.over_time, resolve(query.period, ctx)):
        people = tuple(buckets.get(name, [0] * len(query.required)))
        label = bucket_label(ctx, query.over_time, name)
        found.append(FunnelBucket(bucket=label, people=people, conversion=_share(people[-1], people[0])))
    return found


def _with_differences(overall: FunnelGroup, segments: list[FunnelGroup]) -> list[FunnelGroup]:
    differences = [_against_the_rest(overall, segment) for segment in segments]
    adjusted = adjusted_p_values([found.p_value for found in differences])
    return [
        segment.model_copy(
            update={
                "difference": SegmentDifference(
                    difference=found.difference, low=found.low, high=found.high, p_value=found.p_value,
                    adjusted_p_value=p_value, reason=found.reason,
                )
            }
        )
        for segment, found, p_value in zip(segments, differences, adjusted, strict=True)
    ]  # fmt: skip


def _against_the_rest(overall: FunnelGroup, segment: FunnelGroup) -> ProportionDifference:
    entered, everyone = segment.steps[0].people, overall.steps[0].people
    converted, all_converted = (
        [step for step in group.steps if not step.optional][-1].people for group in (segment, overall)
    )
    return proportion_difference(converted, entered, all_converted - converted, everyone - entered)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _seconds(milliseconds: float | None) -> float | None:
    return None if milliseconds is None or math.isnan(milliseconds) else milliseconds / 1000
