"""The Bayesian reading: how likely each arm is the best, and what choosing it may cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import scipy.special

from bihuan.kernel.arrays import Array
from bihuan.stats.experiments.arms import Arm
from bihuan.stats.proportions import Interval

_POINTS, _COARSE = 2001, 401


class Posterior(Protocol):
    """What is believed of one arm's true value."""

    def mean(self) -> float:
        """The expected value."""

    def cdf(self, values: Array) -> Array:
        """The chance to be at most each value."""

    def quantile(self, shares: Array) -> Array:
        """The value below which the truth lies with each chance."""


@dataclass(frozen=True)
class BetaPosterior:
    """Of a proportion: ``prior`` successes and failures (1, 1: every share alike) plus those seen."""

    successes: int
    failures: int
    prior: tuple[float, float] = (1.0, 1.0)

    def mean(self) -> float:
        """The expected share."""
        a, b = self._shape
        return a / (a + b)

    def cdf(self, values: Array) -> Array:
        """The chance to be at most each share."""
        found: Array = scipy.special.betainc(*self._shape, np.clip(values, 0, 1))
        return found

    def quantile(self, shares: Array) -> Array:
        """The share below which the truth lies with each chance."""
        found: Array = scipy.special.betaincinv(*self._shape, shares)
        return found

    @property
    def _shape(self) -> tuple[float, float]:
        return self.successes + self.prior[0], self.failures + self.prior[1]


@dataclass(frozen=True)
class NormalPosterior:
    """Of a mean, ratio or quantile: estimate and standard error, after a normal prior if one is given."""

    value: float
    error: float

    def mean(self) -> float:
        """The expected value."""
        return self.value

    def cdf(self, values: Array) -> Array:
        """The chance to be at most each value."""
        found: Array = scipy.special.ndtr((values - self.value) / self.error)
        return found

    def quantile(self, shares: Array) -> Array:
        """The value below which the truth lies with each chance."""
        found: Array = self.value + self.error * scipy.special.ndtri(shares)
        return found


@dataclass(frozen=True)
class Belief:
    """One arm's posterior in figures.

    Attributes:
        value: expected value with the interval that has ``confidence`` of the belief.
        best: the chance that this arm is the best of all.
        loss: how much, on average, the best arm is better than this: what choosing this one costs, in the
            metric's unit.
    """

    value: Interval
    best: float
    loss: float


def posterior(
    arm: Arm, *, prior: tuple[float, float] | None = None
) -> BetaPosterior | NormalPosterior | None:
    """An arm's posterior; None where there is no estimate or it does not vary.

    ``prior``: for a proportion successes and failures in advance; for others mean and standard deviation of
    what arms' true values are like. Without, a flat one.
    """
    if arm.value is None or arm.reason:
        return None
    if arm.successes is not None:
        return BetaPosterior(arm.successes, arm.people - arm.successes, prior or (1.0, 1.0))
    error = arm.standard_error or 0.0
    if error == 0:
        return None
    if prior is None:
        return NormalPosterior(arm.value, error)
    weights = 1 / error**2, 1 / prior[1] ** 2
    mean = (weights[0] * arm.value + weights[1] * prior[0]) / sum(weights)
    return NormalPosterior(mean, sum(weights) ** -0.5)


def beliefs(
    posteriors: Sequence[Posterior], *, higher_is_better: bool = True, confidence: float = 0.95
) -> list[Belief]:
    """Chances to be the best and expected losses of independent arms, by quadrature (no random draws).

    Chance: ∫ Π Fⱼ(x) dFᵢ(x) over the other arms j. Loss: E[max] - E[arm i] = ∫ Fᵢ(1 - Π Fⱼ) dx; see C.
    Stucchio, "Bayesian A/B Testing at VWO" (2015). Looking often does not invalidate a belief, but stopping
    at the first high one makes false calls more frequent than its figure: decide by ``any_time`` intervals.
    """
    edges = np.array([(1 - confidence) / 2, (1 + confidence) / 2])
    # A grid of equal shares whose tails reach far beyond them.
    outer = np.logspace(-12, -4, 33)
    tails = np.concatenate([outer, _shares(_POINTS), 1 - outer[::-1]])
    values = np.unique(np.concatenate([each.quantile(tails) for each in posteriors]))
    below = np.array([each.cdf(values) for each in posteriors])
    if not higher_is_better:
        below = 1 - below
    chances = chances_to_be_best(posteriors, higher_is_better=higher_is_better)
    found = []
    for index, each in enumerate(posteriors):
        rest = np.prod(np.delete(below, index, axis=0), axis=0)
        loss = float(np.trapezoid(below[index] * (1 - rest), values)) if len(posteriors) > 1 else 0.0
        low, high = (float(end) for end in each.quantile(edges))
        found.append(Belief(Interval(each.mean(), low, high), chances[index], loss))
    return found


def believed_difference(control: Posterior, treated: Posterior, *, confidence: float = 0.95) -> Interval:
    """What is believed of treated minus control, two independent arms: expected value and central interval.

    By all pairs of equal shares of the two posteriors (no random draws), which is within 1 % of the width.
    """
    shares = _shares(_COARSE)
    pairs = np.subtract.outer(treated.quantile(shares), control.quantile(shares)).ravel()
    low, high = np.quantile(pairs, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Interval(treated.mean() - control.mean(), float(low), float(high))


def chances_to_be_best(posteriors: Sequence[Posterior], *, higher_is_better: bool = True) -> list[float]:
    """The chance of each of several independent arms to be the best; they add up to 1 (within 10⁻³)."""
    found = []
    for index, each in enumerate(posteriors):
        own = each.quantile(_shares(_COARSE))
        others = [other.cdf(own) for place, other in enumerate(posteriors) if place != index]
        beaten = [other if higher_is_better else 1 - other for other in others]
        found.append(float(np.prod(beaten, axis=0).mean()) if others else 1.0)
    return found


def _shares(count: int) -> Array:
    """The midpoints of so many equal parts of 0 to 1."""
    shares: Array = (np.arange(count) + 0.5) / count
    return shares
