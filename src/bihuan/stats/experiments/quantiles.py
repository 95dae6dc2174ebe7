"""Quantiles of an arm from a few order statistics, without resampling."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from bihuan.stats.experiments.arms import Arm

_REACH = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class QuantileRanks:
    """Which of the sorted values (1 is the least) a query must give for ``quantile_arm``."""

    low: int
    middle: int
    high: int


def quantile_ranks(values: int, quantile: float, *, share_error: float | None = None) -> QuantileRanks | None:
    """The ranks of a quantile and of its 95 % interval; None where there are too few values for it.

    The number of values below the quantile is binomial, so the two ranks enclose it whatever the values'
    distribution. ``share_error`` replaces the binomial's standard error of the share of values below the
    quantile where one person has several values: take it from ``ratio_arm`` with y the person's values below
    the quantile and d all of them.
    """
    if not 0 < quantile < 1:
        raise ValueError("a quantile lies between 0 and 1")
    error = sqrt(quantile * (1 - quantile) / values) if values and share_error is None else share_error or 0.0
    low = floor(values * (quantile - _REACH * error))
    high = ceil(values * (quantile + _REACH * error)) + 1
    if low < 1 or high > values:
        return None
    return QuantileRanks(low, min(values, max(1, ceil(values * quantile))), high)


def quantile_arm(people: int, low: float, middle: float, high: float) -> Arm:
    """An arm whose value is a quantile, from the values at ``quantile_ranks``.

    The distance of the two outer ones, divided by 2 · 1.96, estimates the standard error without a density;
    see A. Deng, U. Knoblich, J. Lu (KDD 2018), section 4. Values with many ties (whole numbers) give 0 or one
    step: use a proportion there.
    """
    if not low <= middle <= high:
        raise ValueError("order statistics rise")
    error = (high - low) / (2 * _REACH)
    return Arm(people, middle, error**2 * people)


def quantile_of(values: ArrayLike, quantile: float) -> Arm:
    """The same from all values of an arm, one a person."""
    ordered = np.sort(np.asarray(values, dtype=float))
    ranks = quantile_ranks(len(ordered), quantile)
    if ranks is None:
        return Arm(len(ordered), None, 0.0, reason="too_few_people" if len(ordered) else "no_people")
    low, middle, high = (float(ordered[rank - 1]) for rank in (ranks.low, ranks.middle, ranks.high))
    return quantile_arm(len(ordered), low, middle, high)
