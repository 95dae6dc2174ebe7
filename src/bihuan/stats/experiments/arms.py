"""One arm of an experiment: an estimate and how much one person's value varies around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from bihuan.stats.experiments.moments import Moments


@dataclass(frozen=True)
class Arm:
    """An estimate that is, or behaves like, a mean over people.

    Attributes:
        people: people in the arm, whether or not anything was seen of them (intention to treat).
        value: the estimate; None, with a reason, where it is not defined.
        variance: of one person's (linearised) value; ``variance / people`` is the estimate's own.
        successes: people with the outcome, for a proportion whose interval can be had from counts.
        kept: for an arm adjusted by CUPED, the share of the variance that is left (0.6: 40 % taken away).
        reason: ``no_people``, ``too_few_people`` (one) or ``no_denominator``.
    """

    people: int
    value: float | None
    variance: float
    successes: int | None = None
    kept: float | None = None
    reason: str | None = None

    @property
    def standard_error(self) -> float | None:
        """Of the estimate; None where there is none."""
        return None if self.value is None else sqrt(self.variance / self.people)


def proportion_arm(successes: int, people: int) -> Arm:
    """People with an outcome among all: conversion, retention on a day, a step of a funnel."""
    if not 0 <= successes <= people:
        raise ValueError("successes must lie between 0 and the number of people")
    if people == 0:
        return Arm(0, None, 0.0, reason="no_people")
    share = successes / people
    return Arm(people, share, share * (1 - share), successes)


def mean_arm(moments: Moments) -> Arm:
    """The mean of ``y`` over all people."""
    return _arm(moments, moments.y / moments.people if moments.people else None, moments.variance_of_y)


def ratio_arm(moments: Moments) -> Arm:
    """Σy ÷ Σd, both summed over people: order value (revenue ÷ orders), clicks ÷ messages.

    People are what is drawn, so the events of one person may depend on each other. The variance is that of
    the linearised value (y - R·d) ÷ mean d: the delta method, see A. Deng, U. Knoblich, J. Lu, "Applying the
    Delta Method in Metric Analytics" (KDD 2018).
    """
    if moments.people and moments.d == 0:
        return Arm(moments.people, None, 0.0, reason="no_denominator")
    if not moments.people:
        return Arm(0, None, 0.0, reason="no_people")
    value = moments.y / moments.d
    return _arm(moments, value, _linearised_variance(moments, value))


def adjusted_arms(arms: Sequence[Moments], *, ratio: bool = False) -> list[Arm]:
    """Means (or ratios) of several arms, freed of what the covariate ``x`` already explained: CUPED.

    A. Deng, Y. Xu, R. Kohavi, T. Walker, "Improving the Sensitivity of Online Controlled Experiments by
    Utilizing Pre-Experiment Data" (WSDM 2013): value - θ (mean x of the arm - mean x of all arms), with one θ
    for all arms, the regression of the metric on x within the arms. ``x`` must be known before anybody was
    assigned; with a covariate that says nothing the arms stay as they are.
    """
    plain = [ratio_arm(each) if ratio else mean_arm(each) for each in arms]
    joint = [_with_covariate(each, ratio) for each in arms]
    degrees = [max(0, each.people - 1) for each in arms]
    within_x = sum(m.variance_of_x * n for m, n in zip(arms, degrees, strict=True))
    if within_x <= 0:
        return plain
    theta = sum(covariance * n for covariance, n in zip(joint, degrees, strict=True)) / within_x
    overall = sum(each.x for each in arms) / sum(each.people for each in arms)
    adjusted = []
    for moments, arm, covariance in zip(arms, plain, joint, strict=True):
        if arm.value is None or arm.reason:
            adjusted.append(arm)
            continue
        variance = max(0.0, arm.variance - 2 * theta * covariance + theta**2 * moments.variance_of_x)
        value = arm.value - theta * (moments.x / moments.people - overall)
        kept = variance / arm.variance if arm.variance else None
        adjusted.append(Arm(arm.people, value, variance, kept=kept))
    return adjusted


def _arm(moments: Moments, value: float | None, variance: float) -> Arm:
    if value is None:
        return Arm(0, None, 0.0, reason="no_people")
    reason = "too_few_people" if moments.people < 2 else None
    return Arm(moments.people, value, variance, reason=reason)


def _linearised_variance(moments: Moments, value: float) -> float:
    below = moments.d / moments.people
    variance = (
        moments.spread(moments.yy, moments.y, moments.y)
        - 2 * value * moments.spread(moments.yd, moments.y, moments.d)
        + value**2 * moments.spread(moments.dd, moments.d, moments.d)
    )
    return max(0.0, variance) / below**2


def _with_covariate(moments: Moments, ratio: bool) -> float:
    """The covariance of the metric (linearised, if a ratio) with the covariate."""
    covariance = moments.spread(moments.xy, moments.x, moments.y)
    if not ratio:
        return covariance
    if not moments.people or not moments.d:
        return 0.0
    with_denominator = moments.spread(moments.xd, moments.x, moments.d)
    return (covariance - moments.y / moments.d * with_denominator) / (moments.d / moments.people)
