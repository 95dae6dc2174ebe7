"""How good a ranking and its chances are, on people whose fate is known."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from scipy import stats

from bihuan.kernel.arrays import Array
from bihuan.stats.proportions import proportion, representation

_Z = NormalDist().inv_cdf(0.975)
_LEAST_CHANCE = 1e-6


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class CalibrationBin:
    """People with similar risk: the mean risk they were given and the share that left, with its 95 %
    interval.
    """

    people: int
    predicted: float
    observed: float
    low: float
    high: float


@dataclass(frozen=True)
class Scores:
    """Figures of one set of people.

    Attributes:
        people, left: how many there are and how many of them left.
        auc: chance that somebody who left is ranked above somebody who stayed (interval: E. R. DeLong et al.,
            Biometrics 44, 1988).
        average_precision: mean precision over recall steps; the rate of leaving without any knowledge.
        brier: mean squared error of the risk; ``brier_of_rate`` of giving everybody the rate.
        log_loss: mean negative log-likelihood of what happened.
        lift: how many times more often the 10 % with the highest risk left than everybody.
        expected_left: sum of the risks, to compare with ``left``.
        calibration: bins of about equal size by risk, low to high.
        calibration_error: mean distance of predicted and observed over bins, weighted by people.
    """

    people: int
    left: int
    auc: Estimate
    average_precision: float
    brier: float
    brier_of_rate: float
    log_loss: float
    lift: Estimate
    expected_left: float
    calibration: tuple[CalibrationBin, ...]
    calibration_error: float


@dataclass(frozen=True)
class Comparison:
    """AUC of the first ranking minus that of the second on the same people, with a two-sided p-value."""

    difference: Estimate
    p_value: float


def score(left: Array, ranking: Array, risk: Array) -> Scores:
    """All figures; ``ranking`` orders people (AUC, precision, lift), ``risk`` is the chance given to each."""
    truth = np.asarray(left, dtype=bool)
    people, gone = len(truth), int(np.count_nonzero(truth))
    rate = gone / people
    bins = calibration_bins(truth, risk)
    return Scores(
        people=people,
        left=gone,
        auc=auc(truth, ranking),
        average_precision=average_precision(truth, ranking),
        brier=float(np.mean((risk - truth) ** 2)),
        brier_of_rate=rate * (1 - rate),
        log_loss=float(np.mean(log_losses(truth, risk))),
        lift=lift(truth, ranking),
        expected_left=float(np.sum(risk)),
        calibration=bins,
        calibration_error=sum(each.people * abs(each.predicted - each.observed) for each in bins) / people,
    )


def log_losses(left: Array, risk: Array) -> Array:
    """Negative log-likelihood of each person's fate."""
    chance = np.clip(risk, _LEAST_CHANCE, 1 - _LEAST_CHANCE)
    return np.asarray(-np.where(left, np.log(chance), np.log1p(-chance)))


def auc(left: Array, ranking: Array) -> Estimate:
    """Area under the ROC curve; ties count half."""
    value, by_left, by_stayed = _placements(left, ranking)
    error = np.sqrt(_variance(by_left) + _variance(by_stayed))
    return Estimate(value, max(0.0, value - _Z * float(error)), min(1.0, value + _Z * float(error)))


def compare_rankings(left: Array, first: Array, second: Array) -> Comparison:
    """DeLong's test of two rankings of the same people."""
    value_1, left_1, stayed_1 = _placements(left, first)
    value_2, left_2, stayed_2 = _placements(left, second)
    error = float(np.sqrt(_variance(left_1 - left_2) + _variance(stayed_1 - stayed_2)))
    difference = value_1 - value_2
    p_value = 2 * NormalDist().cdf(-abs(difference) / error) if error > 0 else float(difference == 0)
    return Comparison(Estimate(difference, difference - _Z * error, difference + _Z * error), p_value)


def average_precision(left: Array, ranking: Array) -> float:
    """Σ (recall gained × precision) over the distinct values of the ranking."""
    order = np.argsort(-ranking, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(ranking[order])), len(order) - 1)
    found = np.cumsum(left[order])[ends]
    gained = np.diff(found, prepend=0)
    return float(np.sum(gained * found / (ends + 1)) / max(found[-1], 1))


def lift(left: Array, ranking: Array, share: float = 0.1) -> Estimate:
    """Rate of leaving in the top ``share`` divided by everybody's; people tied at the edge count in
    proportion.
    """
    people, gone = len(left), int(np.count_nonzero(left))
    top = max(1, round(share * people))
    edge = np.partition(ranking, people - top)[people - top]
    above, tied = ranking > edge, ranking == edge
    room = (top - np.count_nonzero(above)) / np.count_nonzero(tied)
    found = float(np.count_nonzero(left & above) + room * np.count_nonzero(left & tied))
    index = representation(round(found), top, gone, people).ratio
    value = (found / top) / (gone / people)
    if index is None:
        return Estimate(value, value, value)
    return Estimate(value, min(value, index.low), max(value, index.high))


def calibration_bins(left: Array, risk: Array, count: int = 10) -> tuple[CalibrationBin, ...]:
    """Bins at the quantiles of risk; people with the same risk are in the same bin."""
    edges = np.unique(np.quantile(risk, np.linspace(0, 1, count + 1)[1:-1]))
    place = np.searchsorted(edges, risk, side="right")
    bins = []
    for each in np.unique(place):
        inside = place == each
        people, gone = int(np.count_nonzero(inside)), int(np.count_nonzero(left[inside]))
        share = proportion(gone, people)
        bins.append(
            CalibrationBin(
                people, float(np.mean(risk[inside])), gone / people, share.low or 0.0, share.high or 0.0
            )
        )
    return tuple(bins)


def _placements(left: Array, ranking: Array) -> tuple[float, Array, Array]:
    """The AUC; for each who left the share of stayers below, for each who stayed the share of leavers above.

    By ranks (X. Sun, W. Xu, IEEE Signal Processing Letters 21, 2014), n log n.
    """
    gone, stayed = ranking[left], ranking[~left]
    together = stats.rankdata(np.concatenate([gone, stayed]))
    by_left = (together[: len(gone)] - stats.rankdata(gone)) / len(stayed)
    by_stayed = 1 - (together[len(gone) :] - stats.rankdata(stayed)) / len(gone)
    return float(np.mean(by_left)), by_left, by_stayed


def _variance(placements: Array) -> float:
    """Variance of the mean; 0 for one."""
    return float(np.var(placements, ddof=1) / len(placements)) if len(placements) > 1 else 0.0
