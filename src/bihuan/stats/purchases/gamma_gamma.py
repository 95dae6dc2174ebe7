"""Gamma-Gamma: how much people spend per purchase, whose few purchases say little about each of them.

P. S. Fader, B. G. S. Hardie, The Gamma-Gamma Model of Monetary Value, technical note (2013). The values of
one person's purchases are Gamma(p, ν) with a rate ν of their own, Gamma(q, γ) over people, independent of how
often they buy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from bihuan.kernel.arrays import Array
from bihuan.stats.errors import DataInsufficient, FitNotConverged, StatsInputInvalid
from bihuan.stats.purchases.maximum_likelihood import Fitted, Objective, maximise

NAMES = ("p", "q", "gamma")
MINIMUM_REPEATERS = 100
MODEL_WORDS = {"model_en": "the model of value (Gamma-Gamma)", "model_zh": "消费金额模型（Gamma-Gamma）"}


@dataclass(frozen=True)
class SpendModel:
    """A fitted Gamma-Gamma; ``gamma`` is in the currency of the values.

    Attributes:
        p: shape of one person's values: large when a person's purchases are alike.
        q, gamma: shape and rate of the gamma distribution of ν over people; q > 1.
        correlation: Spearman's, of frequency and mean value of those it was fitted on. The model takes it for
            0.
        fit: estimates with standard errors; None for parameters that were given.
        people: repeaters with a positive value that it was fitted on.
        left_out: repeaters whose mean value is not positive.
    """

    p: float
    q: float
    gamma: float
    correlation: float | None = None
    fit: Fitted | None = None
    people: int = 0
    left_out: int = 0

    @property
    def parameters(self) -> Array:
        return np.array([self.p, self.q, self.gamma])

    @property
    def mean(self) -> float:
        """Mean value of a purchase of somebody unknown: p γ / (q - 1)."""
        return self.p * self.gamma / (self.q - 1)

    def with_parameters(self, values: Array) -> SpendModel:
        """The same with other parameters, in the order of ``NAMES``."""
        p, q, gamma = (float(value) for value in values)
        return SpendModel(p, q, gamma)


def fit_spend(frequency: Array, mean_value: Array) -> SpendModel:
    """Fit by maximum likelihood to those with repeat purchases.

    Args:
        frequency: repeat purchases of each person.
        mean_value: mean value of each person's repeat purchases; anything for those without.
    """
    x, m = np.asarray(frequency, dtype=float), np.asarray(mean_value, dtype=float)
    if x.shape != m.shape or x.ndim != 1:
        raise StatsInputInvalid(reason_en="the arrays have different lengths", reason_zh="各数组长度不一致")
    used = (x > 0) & np.isfinite(m) & (m > 0)
    left_out = int(np.count_nonzero(x > 0)) - int(np.count_nonzero(used))
    x, m = x[used], m[used]
    if len(x) < MINIMUM_REPEATERS:
        raise DataInsufficient(
            **MODEL_WORDS,
            what_en="people with repeat purchases of known value",
            what_zh="有复购金额的人",
            have=len(x),
            need=MINIMUM_REPEATERS,
        )
    scale = float(np.mean(m))
    starts = [(1.0, 2.0, 1.0), (6.0, 4.0, 0.5), (30.0, 10.0, 0.3)]
    fitted = maximise(
        _objective(x, m / scale), starts, names=NAMES, observations=float(len(x)), **MODEL_WORDS
    )
    return _in_units(fitted, scale, x, m, left_out)


def mean_value_of(model: SpendModel, frequency: Array, mean_value: Array) -> Array:
    """Expected value of each person's next purchase: theirs and everybody's, weighted by how often they
    bought.

    E[M] = p (γ + x m̄) / (p x + q - 1); the mean of all for those without repeats.
    """
    x, total = _known(frequency, mean_value)
    return model.p * (model.gamma + total) / (model.p * x + model.q - 1)


def rate_posterior(model: SpendModel, frequency: Array, mean_value: Array) -> tuple[Array, Array]:
    """Shape and rate of the gamma distribution of each person's ν, given what they spent."""
    x, total = _known(frequency, mean_value)
    return model.q + model.p * x, model.gamma + total


def _known(frequency: Array, mean_value: Array) -> tuple[Array, Array]:
    """Repeat purchases of known value and their sum; 0 and 0 for people without."""
    x, m = np.asarray(frequency, dtype=float), np.asarray(mean_value, dtype=float)
    known = (x > 0) & np.isfinite(m) & (m > 0)
    return np.where(known, x, 0.0), np.where(known, x * np.where(known, m, 0.0), 0.0)


def _in_units(fitted: Fitted, scale: float, x: Array, m: Array, left_out: int) -> SpendModel:
    unit = np.array([1.0, 1.0, scale])
    fit = Fitted(
        fitted.names,
        fitted.values * unit,
        fitted.standard_errors * unit,
        fitted.log_covariance,
        fitted.log_likelihood - len(x) * float(np.log(scale)),
    )
    p, q, gamma = (float(value) for value in fit.values)
    if q <= 1:
        raise FitNotConverged(
            **MODEL_WORDS,
            reason_en="spending is so unequal that it has no mean (q ≤ 1)",
            reason_zh="消费金额差异过大，均值不存在（q ≤ 1）",
        )
    varied = len(np.unique(x)) > 1 and len(np.unique(m)) > 1
    correlation = float(stats.spearmanr(x, m).statistic) if varied else None
    return SpendModel(p, q, gamma, correlation, fit, len(x), left_out)


def _objective(x: Array, m: Array) -> Objective:
    """The marginal density of mean values with its exact gradient."""
    counts, inverse = np.unique(x, return_inverse=True)
    weight = np.bincount(inverse) / len(x)
    log_m, total = np.log(m), x * m

    def objective(log_parameters: Array) -> tuple[float, Array]:
        p, q, gamma = np.exp(log_parameters)
        both = np.log(gamma + total)
        by_count = (
            special.gammaln(p * counts + q) - special.gammaln(p * counts) - special.gammaln(q)
            + q * np.log(gamma) + p * counts * np.log(counts)
        )  # fmt: skip
        value = weight @ by_count + np.mean((p * x - 1) * log_m - (p * x + q) * both)
        both_digamma = special.digamma(p * counts + q)
        by_p = weight @ (counts * (both_digamma - special.digamma(p * counts) + np.log(counts)))
        by_q = weight @ both_digamma - special.digamma(q) + np.log(gamma)
        gradient = np.array(
            [
                by_p + np.mean(x * (log_m - both)),
                by_q - np.mean(both),
                q / gamma - np.mean((p * x + q) / (gamma + total)),
            ]
        )
        return -float(value), -gradient * np.exp(log_parameters)

    return objective
