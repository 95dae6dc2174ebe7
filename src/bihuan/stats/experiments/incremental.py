"""What a campaign brought beyond what would have happened anyway, what that cost, and what it earned."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from bihuan.stats.experiments.arms import Arm
from bihuan.stats.experiments.effects import Effect, compare
from bihuan.stats.experiments.inference import ONCE, Inference
from bihuan.stats.experiments.moments import Moments
from bihuan.stats.experiments.ratios import Quotient, quotient
from bihuan.stats.proportions import Interval


@dataclass(frozen=True)
class UnitCost:
    """The cost of one incremental conversion.

    Attributes:
        value: None where nothing, or less than nothing, was gained.
        low: the least it can be; None where no gain is possible at all (the whole interval is below 0).
        high: infinite where a gain is not certain: the interval of what was gained includes 0.
    """

    value: float | None
    low: float | None
    high: float


def incremental(effect: Effect, treated_people: int | None = None) -> Interval | None:
    """The effect times the treated people: conversions or revenue that would not have been without.

    ``treated_people`` defaults to those measured. This is the total over everybody assigned to be treated,
    reached or not.
    """
    if effect.difference is None:
        return None
    count = effect.people[1] if treated_people is None else treated_people
    difference = effect.difference
    return Interval(difference.value * count, difference.low * count, difference.high * count)


def cost_per_incremental(gained: Interval, cost: float) -> UnitCost:
    """Cost ÷ what was gained, for a cost that is known; the interval's ends swap and may be infinite."""
    value = cost / gained.value if gained.value > 0 else None
    low = cost / gained.high if gained.high > 0 else None
    return UnitCost(value, low, cost / gained.low if gained.low > 0 else inf)


def return_on_investment(gained: Interval, cost: float, *, margin: float = 1.0) -> Interval | None:
    """(gained revenue × margin - cost) ÷ cost, for a cost that is known; None without a cost.

    Args:
        margin: what is left of one unit of revenue, such as 0.35.
    """
    if cost <= 0:
        return None
    value, low, high = (each * margin / cost - 1 for each in (gained.value, gained.low, gained.high))
    return Interval(value, low, high)


def return_on_varying_cost(
    control: Moments, treated: Moments, *, fixed_cost: float = 0.0, margin: float = 1.0, how: Inference = ONCE
) -> Quotient | None:
    """ROI where the cost varies by person (coupons redeemed, discounts given): a quotient of two estimates.

    ``y`` is a person's revenue and ``d`` a person's cost in both arms (people in the control may cost
    something too); ``fixed_cost`` is spent once. Fieller's set with the covariance of revenue and cost; it is
    not ``bounded`` where the additional cost cannot be told from 0. None without people.
    """
    if min(control.people, treated.people) < 2:
        return None
    revenue = compare(_mean(control, "y"), _mean(treated, "y"), how)
    cost = compare(_mean(control, "d"), _mean(treated, "d"), how)
    if revenue.difference is None or cost.difference is None:
        return None
    together = sum(arm.spread(arm.yd, arm.y, arm.d) / arm.people for arm in (control, treated))
    found = quotient(
        revenue.difference.value * margin,
        cost.difference.value + fixed_cost / treated.people,
        (revenue.standard_error or 0.0) ** 2 * margin**2,
        (cost.standard_error or 0.0) ** 2,
        covariance=together * margin,
        reach=how.reach(control.people + treated.people),
    )
    gap = None if found.gap is None else (found.gap[0] - 1, found.gap[1] - 1)
    return Quotient(found.value - 1, found.low - 1, found.high - 1, found.bounded, gap)


def _mean(moments: Moments, which: str) -> Arm:
    total, square = (moments.y, moments.yy) if which == "y" else (moments.d, moments.dd)
    variance = max(0.0, moments.spread(square, total, total))
    return Arm(moments.people, total / moments.people, variance)
