"""From sums to effects: estimates, intervals, corrections, guard rails, segments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite

from bihuan.experiments.measuring.metrics import Metric, Quantile, Ratio
from bihuan.experiments.readings.schemas import (
    DifferenceOfSegments,
    EffectOutput,
    GuardRailOutput,
    MetricReading,
    Range,
    SegmentOutput,
    VariantFigure,
)
from bihuan.experiments.readings.ways import Ways, ways_of
from bihuan.stats.experiments import (
    Arm,
    Correction,
    Effect,
    Inference,
    Moments,
    adjusted_arms,
    compare,
    corrected,
    estimate,
    guard_rail,
    heterogeneity,
    mean_arm,
    proportion_arm,
    ratio_arm,
)
from bihuan.stats.experiments.bandit import bandit_effect
from bihuan.stats.experiments.incremental import incremental
from bihuan.stats.experiments.quantiles import quantile_arm, quantile_ranks
from bihuan.stats.proportions import Interval

ByVariant = Mapping[str, Moments]
MOST_SEGMENT_VALUES = 20
NO_WAYS = Ways()


@dataclass(frozen=True)
class MetricSums:
    """What the statement of a metric gave, by variant: of everybody, by segment and value, by period.

    ``values``: for quantiles, how many people have each value.
    """

    metric: Metric
    everybody: ByVariant
    segments: Mapping[tuple[int, str], ByVariant] = field(default_factory=dict)
    periods: Sequence[ByVariant] = ()
    sql: str = ""
    values: Mapping[str, Sequence[tuple[float, int]]] | None = None


@dataclass(frozen=True)
class Comparing:
    """How variants are compared: each of ``treated`` with ``control``."""

    control: str
    treated: tuple[str, ...]
    how: Inference
    correction: Correction = "holm"
    segments: tuple[str, ...] = ()
    with_covariate: bool = False

    @property
    def variants(self) -> tuple[str, ...]:
        """The control first."""
        return (self.control, *self.treated)


def assess(sums: Sequence[MetricSums], comparing: Comparing) -> list[MetricReading]:
    """The readings of all metrics, their p-values corrected.

    Primary metrics are one family and secondary ones another, so that declaring more of the latter costs the
    former nothing. Guard rails are held against their margin, each alone.
    """
    readings = [_of_metric(each, comparing) for each in sums]
    for role in ("primary", "secondary"):
        places = [
            (index, place)
            for index, reading in enumerate(readings)
            if reading.role == role
            for place in range(len(reading.effects))
        ]
        p_values = [readings[index].effects[place].p_value for index, place in places]
        for (index, place), p_value in zip(places, corrected(p_values, comparing.correction), strict=True):
            effects = list(readings[index].effects)
            effects[place] = effects[place].model_copy(update={"p_corrected": p_value})
            readings[index] = readings[index].model_copy(update={"effects": effects})
    return readings


def arms_of(metric: Metric, by_variant: ByVariant, comparing: Comparing) -> dict[str, Arm]:
    """The arms that are compared; with the covariate, where it says anything."""
    moments = [by_variant.get(each, Moments(0)) for each in comparing.variants]
    is_ratio = isinstance(metric.measure, Ratio)
    if comparing.with_covariate and any(each.variance_of_x > 0 for each in moments):
        arms = adjusted_arms(moments, ratio=is_ratio)
    else:
        arms = [plain_arm(metric, each) for each in moments]
    return dict(zip(comparing.variants, arms, strict=True))


def quantile_arms(sums: MetricSums, variants: Sequence[str]) -> dict[str, Arm]:
    """The arms of a quantile, from how many people have each value."""
    measure = sums.metric.measure
    assert isinstance(measure, Quantile)
    found = {}
    for variant in variants:
        values = list((sums.values or {}).get(variant, ()))
        people = sum(count for _, count in values)
        ranks = quantile_ranks(people, measure.percentile / 100)
        if ranks is None:
            found[variant] = Arm(people, None, 0.0, reason="too_few_people" if people else "no_people")
            continue
        low, middle, high = (_of_rank(values, rank) for rank in (ranks.low, ranks.middle, ranks.high))
        found[variant] = quantile_arm(people, low, middle, high)
    return found


def _of_rank(values: Sequence[tuple[float, int]], rank: int) -> float:
    for value, count in values:
        rank -= count
        if rank <= 0:
            return value
    raise ValueError("the rank is beyond the values")


def plain_arm(metric: Metric, moments: Moments) -> Arm:
    """A variant's estimate as it is."""
    if metric.is_share:
        return proportion_arm(round(moments.y), moments.people)
    return ratio_arm(moments) if isinstance(metric.measure, Ratio) else mean_arm(moments)


def range_of(interval: Interval | None) -> Range | None:
    """An interval on the wire."""
    if interval is None or not isfinite(interval.value):
        return None
    low, high = (end if isfinite(end) else None for end in (interval.low, interval.high))
    return Range(value=interval.value, low=low, high=high)


def effect_of(metric: Metric, variant: str, effect: Effect, ways: Ways = NO_WAYS) -> EffectOutput:
    """An effect on the wire."""
    # Neither ratios nor quantiles add up over people.
    adds_up = not isinstance(metric.measure, Ratio | Quantile)
    guard = None
    if metric.role == "guard_rail":
        judged = guard_rail(effect, margin=metric.margin, better=metric.better)
        worst = judged.worst if judged.worst is not None and isfinite(judged.worst) else None
        guard = GuardRailOutput(verdict=judged.verdict, worst=worst, margin=judged.margin)
    return EffectOutput(
        variant=variant,
        difference=range_of(effect.difference),
        relative=range_of(effect.relative),
        p_value=effect.p_value,
        p_corrected=effect.p_value,
        kept=effect.kept,
        reason=effect.reason,
        incremental=range_of(incremental(effect)) if adds_up else None,
        chance_better=ways.chance,
        once=range_of(ways.once),
        any_time=range_of(ways.any_time),
        believed=range_of(ways.believed),
        loss=ways.loss,
        guard_rail=guard,
    )


def _of_metric(sums: MetricSums, comparing: Comparing) -> MetricReading:
    metric = sums.metric
    is_quantile = isinstance(metric.measure, Quantile)
    figures = _figures(metric, sums.everybody, comparing)
    if is_quantile:
        arms = quantile_arms(sums, comparing.variants)
        shown = {each: range_of(estimate(arm, comparing.how)) for each, arm in arms.items()}
        figures = [each.model_copy(update={"estimate": shown[each.variant]}) for each in figures]
    else:
        arms = arms_of(metric, sums.everybody, comparing)
    effects = _effects(arms, comparing)
    control = arms[comparing.control]
    ways = {each: ways_of(control, arms[each], comparing.how, metric.better) for each in effects}
    if len(sums.periods) > 1 and not isinstance(metric.measure, Ratio | Quantile):
        effects, ways = {each: _by_period(sums, comparing, each) for each in effects}, {}
    segments, differences = ([], []) if is_quantile else _segments(sums, comparing)
    return MetricReading(
        key=metric.key,
        name=metric.name,
        role=metric.role,
        better=metric.better,
        kind=metric.measure.kind,
        figures=figures,
        effects=[
            effect_of(metric, each, effect, ways.get(each, NO_WAYS)) for each, effect in effects.items()
        ],
        segments=segments,
        segment_differences=differences,
        sql=sums.sql,
    )


def _by_period(sums: MetricSums, comparing: Comparing, variant: str) -> Effect:
    """While weights follow the results, only people of one period are comparable."""
    nobody = Moments(0)
    pairs = [(each.get(comparing.control, nobody), each.get(variant, nobody)) for each in sums.periods]
    return bandit_effect(pairs, comparing.how)


def _effects(arms: Mapping[str, Arm], comparing: Comparing) -> dict[str, Effect]:
    control = arms[comparing.control]
    return {each: compare(control, arms[each], comparing.how) for each in comparing.treated}


def _figures(metric: Metric, by_variant: ByVariant, comparing: Comparing) -> list[VariantFigure]:
    found = []
    for variant in comparing.variants:
        moments = by_variant.get(variant, Moments(0))
        shown = range_of(estimate(plain_arm(metric, moments), comparing.how))
        found.append(VariantFigure(variant=variant, people=moments.people, total=moments.y, estimate=shown))
    return found


def _segments(
    sums: MetricSums, comparing: Comparing
) -> tuple[list[SegmentOutput], list[DifferenceOfSegments]]:
    outputs: list[SegmentOutput] = []
    differences: list[DifferenceOfSegments] = []
    # Of one look: whether segments differ is asked once, beside the intervals of any time.
    once = Inference(confidence=comparing.how.confidence)
    for index, name in enumerate(comparing.segments):
        mine = {value: each for (place, value), each in sums.segments.items() if place == index}
        largest = sorted(mine, key=lambda value: (-sum(m.people for m in mine[value].values()), value))
        of_variant: dict[str, list[Effect]] = {each: [] for each in comparing.treated}
        for value in largest[:MOST_SEGMENT_VALUES]:
            arms = arms_of(sums.metric, mine[value], comparing)
            effects = _effects(arms, comparing)
            for variant in comparing.treated:
                of_variant[variant].append(compare(arms[comparing.control], arms[variant], once))
            outputs.append(
                SegmentOutput(
                    segment=name,
                    value=value,
                    figures=_figures(sums.metric, mine[value], comparing),
                    effects=[effect_of(sums.metric, each, effect) for each, effect in effects.items()],
                )
            )
        for variant, found in of_variant.items():
            told = heterogeneity(found, once)
            differences.append(
                DifferenceOfSegments(
                    segment=name, variant=variant, p_value=told.p_value, inconsistency=told.inconsistency
                )
            )
    return outputs, differences
