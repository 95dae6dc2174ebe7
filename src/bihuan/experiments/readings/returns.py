"""What variants brought beyond the control, and what that cost."""

from __future__ import annotations

from math import isfinite
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from bihuan.analytics.query.base import Value
from bihuan.experiments.measuring.metrics import Key, Metric
from bihuan.experiments.readings.schemas import EffectOutput, MetricReading, Range, Reading
from bihuan.stats.experiments.incremental import cost_per_incremental, return_on_investment
from bihuan.stats.proportions import Interval


class Costs(Value):
    """What the treatment costs, in the money of the metric ``revenue``.

    ``fixed`` is spent once and shared by the treated variants by their people; ``per_person`` by variant.
    ``margin``: what is left of one unit of revenue.
    """

    fixed: float = Field(default=0, ge=0, le=1e12)
    per_person: dict[str, float] = Field(default_factory=dict, max_length=20)
    margin: float = Field(default=1, gt=0, le=1)
    revenue: Key | None = None

    def fits(self, variants: set[str], metrics: tuple[Metric, ...]) -> Self:
        """Itself. Raises ``ValueError`` where it names what is not there."""
        if not set(self.per_person) <= variants:
            raise ValueError("a cost per person names a variant that is not there")
        if any(not 0 <= cost <= 1e9 for cost in self.per_person.values()):
            raise ValueError("a cost per person lies between 0 and 1,000,000,000")
        kinds = {each.key: each.measure.kind for each in metrics}
        if self.revenue is not None and kinds.get(self.revenue) != "mean":
            raise ValueError("the revenue is a metric per person")
        return self


class ReturnOutput(BaseModel):
    """A variant's return.

    ``gained``: of the first primary metric that adds up over people, beyond what the control did;
    ``cost_each``: of one of these, an end or the value is null where there may be no gain. ``earned``: of the
    revenue, ``roi``: (earned · margin - cost) ÷ cost.
    """

    model_config = ConfigDict(frozen=True)

    variant: str
    cost: float
    metric: str | None
    gained: Range | None
    cost_each: float | None
    cost_each_low: float | None
    cost_each_high: float | None
    earned: Range | None
    roi: Range | None


def returns_of(reading: Reading, costs: Costs) -> list[ReturnOutput]:
    """The returns of every treated variant, by the figures of a reading."""
    primary = [each for each in reading.metrics if each.role == "primary" and _adds_up(each)]
    leading = primary[0] if primary else None
    revenue = next((each for each in reading.metrics if each.key == costs.revenue), None)
    treated = {each.variant: each.people for each in reading.groups if each.variant != reading.control}
    return [_of(variant, treated, costs, leading, revenue) for variant in treated]


def _of(
    variant: str,
    treated: dict[str, int],
    costs: Costs,
    leading: MetricReading | None,
    revenue: MetricReading | None,
) -> ReturnOutput:
    share = treated[variant] / (sum(treated.values()) or 1)

    def cost_of(metric: MetricReading | None) -> float:
        people = treated[variant] if metric is None else _people(metric, variant)
        return costs.fixed * share + costs.per_person.get(variant, 0.0) * people

    gained, earned = _gained(leading, variant), _gained(revenue, variant)
    each = None if gained is None else cost_per_incremental(_interval(gained), cost_of(leading))
    roi = None
    if earned is not None:
        found = return_on_investment(_interval(earned), cost_of(revenue), margin=costs.margin)
        roi = None if found is None else Range(value=found.value, low=_end(found.low), high=_end(found.high))
    return ReturnOutput(
        variant=variant,
        cost=cost_of(leading),
        metric=leading.key if leading else None,
        gained=gained,
        cost_each=each.value if each else None,
        cost_each_low=each.low if each else None,
        cost_each_high=_end(each.high) if each else None,
        earned=earned,
        roi=roi,
    )


def _adds_up(metric: MetricReading) -> bool:
    return metric.kind not in ("ratio", "quantile")


def _people(metric: MetricReading, variant: str) -> int:
    return next((each.people for each in metric.figures if each.variant == variant), 0)


def _effect(metric: MetricReading | None, variant: str) -> EffectOutput | None:
    effects = metric.effects if metric else []
    return next((each for each in effects if each.variant == variant), None)


def _gained(metric: MetricReading | None, variant: str) -> Range | None:
    effect = _effect(metric, variant)
    return effect.incremental if effect else None


def _interval(given: Range) -> Interval:
    low = float("-inf") if given.low is None else given.low
    return Interval(given.value, low, float("inf") if given.high is None else given.high)


def _end(value: float) -> float | None:
    return value if isfinite(value) else None
