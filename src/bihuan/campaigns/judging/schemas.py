"""Reports on the wire."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from bihuan.campaigns.findings import Sentence
from bihuan.campaigns.plan.schemas import Hypothesis
from bihuan.stats import proportions

Cause = Literal["execution", "plan", "market"]


class Interval(BaseModel):
    """A figure and its 95 % interval; an open end is null."""

    value: float
    low: float | None
    high: float | None

    @classmethod
    def of(cls, value: float, low: float, high: float) -> Interval:
        """From numbers; ends that are no numbers are open."""
        return cls(value=value, low=_finite(low), high=_finite(high))

    @classmethod
    def of_stats(cls, given: proportions.Interval | None) -> Interval | None:
        """From the interval of a statistic."""
        return None if given is None else cls.of(given.value, given.low, given.high)


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None


class ArmFigures(BaseModel):
    """What one arm's people did. ``reached``: a message was sent to them."""

    name: str
    label: str
    people: int
    reached: int
    converted: int
    rate: Interval | None
    value: float
    value_per_person: Interval | None
    steps: dict[str, int] = Field(description="People at each step of delivery.")


class EffectFigures(BaseModel):
    """An arm against the holdout, everybody counted whether or not they were reached (intention to treat).

    ``verdict``: the interval lies above 0, below it, or neither: then nothing can be said.
    """

    arm: str
    measure: Literal["conversion", "value"]
    difference: Interval | None
    relative: Interval | None
    p_value: float | None
    looks: Literal["once", "any_time"]
    adjusted: bool = Field(description="Freed of differences that were there before (CUPED).")
    verdict: Literal["better", "worse", "unclear", "none"]
    reason: str | None


class CheckFigures(BaseModel):
    """Something that stops a verdict where it failed."""

    code: Literal["sample_ratio", "before", "several_arms"]
    failed: bool
    p_value: float | None
    message: Sentence


class Costs(BaseModel):
    """Money. ``offer`` and ``messages`` are 0 where there are actual lines of that category.

    ``offer``: what the offers of all who converted cost.
    """

    currency: str
    planned: float
    actual: float
    offer: float
    messages: float = Field(
        default=0.0, description="Messages that went out, by the prices of their channels."
    )
    total: float
    per_conversion: Interval | None = Field(description="Cost of one conversion that would not have been.")
    roi: Interval | None = Field(description="(value gained - cost) ÷ cost.")


class Factor(BaseModel):
    """Planned and actual of one of reach, effect and value."""

    planned: float | None
    actual: Interval | None


class Part(BaseModel):
    """How much of the difference to the plan one cause explains; below 0 is a shortfall."""

    cause: Cause
    factor: Literal["reach", "effect", "value"]
    amount: Interval


class Split(BaseModel):
    """Actual minus planned result, and what explains it."""

    planned: float
    actual: Interval
    difference: Interval
    parts: list[Part]
    main: Cause | None = Field(description="The cause of most of it; null where that cannot be told.")


class GoalFigures(BaseModel):
    """The metric that was to be moved, over the campaign's days."""

    metric_id: str
    name: str
    target: float | None
    value: float | None


class Report(BaseModel):
    """What a campaign did. ``final``: everybody's window is over.

    A PDF or a picture of it is made by the browser from the page: the server has no renderer of its own.
    """

    campaign_id: str
    name: str
    at: datetime
    from_time: datetime
    to_time: datetime
    final: bool
    arms: list[ArmFigures]
    effects: list[EffectFigures]
    checks: list[CheckFigures]
    stopped: bool = Field(description="A check failed: the effects must not be read.")
    conversions: Interval | None = Field(description="Conversions that would not have been without it.")
    value: Interval | None = Field(description="Value that would not have been without it.")
    costs: Costs
    reach: Factor
    effect: Factor
    conversion_value: Factor
    split: Split | None
    goal: GoalFigures | None
    messages: dict[str, int] = Field(description="Messages by state.")
    can_say: list[Sentence]
    cannot_say: list[Sentence]
    next_hypothesis: Hypothesis
