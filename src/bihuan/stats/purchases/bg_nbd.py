"""BG/NBD: how often people buy again who may leave silently.

P. S. Fader, B. G. S. Hardie, K. L. Lee, "Counting Your Customers" the Easy Way, Marketing Science 24 (2005)
275–284. While active, a person buys as a Poisson process with a rate of their own, Gamma(r, α) over people;
after each purchase they leave for good with a chance p of their own, Beta(a, b) over people; rate and chance
are independent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from bihuan.kernel.arrays import Array
from bihuan.stats.errors import DataInsufficient, StatsInputInvalid
from bihuan.stats.purchases.histories import DistinctHistories, PurchaseHistories, distinct
from bihuan.stats.purchases.maximum_likelihood import Fitted, Objective, maximise

NAMES = ("r", "alpha", "a", "b")
MINIMUM_PEOPLE = 200
MINIMUM_REPEATERS = 100
MODEL_WORDS = {"model_en": "the forecast of purchases (BG/NBD)", "model_zh": "购买预测模型（BG/NBD）"}


@dataclass(frozen=True)
class PurchaseModel:
    """A fitted BG/NBD; ``alpha`` is in the unit of time of the histories.

    Attributes:
        r, alpha: shape and rate of the gamma distribution of purchase rates over people.
        a, b: of the beta distribution of the chance to leave after a purchase.
        fit: estimates with standard errors; None for parameters that were given.
        people, repeaters: what it was fitted on.
    """

    r: float
    alpha: float
    a: float
    b: float
    fit: Fitted | None = None
    people: int = 0
    repeaters: int = 0

    @property
    def parameters(self) -> Array:
        return np.array([self.r, self.alpha, self.a, self.b])

    def with_parameters(self, values: Array) -> PurchaseModel:
        """The same with other parameters, in the order of ``NAMES``."""
        r, alpha, a, b = (float(value) for value in values)
        return PurchaseModel(r, alpha, a, b)


def fit_purchases(histories: PurchaseHistories) -> PurchaseModel:
    """Fit by maximum likelihood; refused with too few people or repeaters, or without a maximum."""
    for have, need, en, zh in (
        (histories.people, MINIMUM_PEOPLE, "buyers", "购买者"),
        (histories.repeaters, MINIMUM_REPEATERS, "people who bought more than once", "购买过多次的人"),
    ):
        if have < need:
            raise DataInsufficient(**MODEL_WORDS, what_en=en, what_zh=zh, have=have, need=need)
    scale = float(np.mean(histories.age))
    if scale == 0:
        raise StatsInputInvalid(
            reason_en="nobody was observed for any time", reason_zh="所有人的观察时长均为 0"
        )
    rows = distinct(PurchaseHistories(histories.frequency, histories.recency / scale, histories.age / scale))
    rate = float(np.sum(histories.frequency) / (np.sum(histories.age) / scale))
    starts = [(r, r / rate, a, b) for r, a, b in ((0.3, 0.8, 2.5), (1.0, 1.0, 6.0), (3.0, 0.3, 10.0))]
    fitted = maximise(
        _objective(rows), starts, names=NAMES, observations=float(histories.people), **MODEL_WORDS
    )
    return _in_units(fitted, scale, histories)


def log_likelihood(model: PurchaseModel, histories: PurchaseHistories) -> float:
    """Of all people: the density of their purchases in their own unit of time."""
    rows = distinct(histories)
    value, _ = _objective(rows)(np.log(model.parameters))
    return -value * histories.people


def _in_units(fitted: Fitted, scale: float, histories: PurchaseHistories) -> PurchaseModel:
    """Back from scaled time: α is a time, and the likelihood is a density of ``frequency`` times."""
    unit = np.array([1.0, scale, 1.0, 1.0])
    likelihood = fitted.log_likelihood - float(np.sum(histories.frequency)) * np.log(scale)
    fit = Fitted(
        fitted.names,
        fitted.values * unit,
        fitted.standard_errors * unit,
        fitted.log_covariance,
        float(likelihood),
    )
    r, alpha, a, b = (float(value) for value in fit.values)
    return PurchaseModel(r, alpha, a, b, fit, histories.people, histories.repeaters)


def _objective(rows: DistinctHistories) -> Objective:
    """The likelihood of the paper with its exact gradient, every sum in logarithms."""
    x, inverse = np.unique(rows.histories.frequency, return_inverse=True)
    last, until = rows.histories.recency, rows.histories.age
    weight = rows.people / rows.people.sum()
    again = rows.histories.frequency > 0

    def objective(log_parameters: Array) -> tuple[float, Array]:
        r, alpha, a, b = np.exp(log_parameters)
        by_count = (
            special.gammaln(r + x) - special.gammaln(r) + r * np.log(alpha)
            + special.gammaln(b + x) - special.gammaln(b)
            + special.gammaln(a + b) - special.gammaln(a + b + x)
        )  # fmt: skip
        shape = (r + x)[inverse]
        left_by = np.log(a) - np.log(np.where(x > 0, b + x - 1, 1.0))[inverse]
        stays = -shape * np.log(alpha + until)
        leaves = np.where(again, left_by - shape * np.log(alpha + last), -np.inf)
        either = np.logaddexp(stays, leaves)
        value = -float(weight @ (by_count[inverse] + either))
        share_stays, share_leaves = np.exp(stays - either), np.exp(leaves - either)
        parts: dict[str, Any] = {"x": x, "inverse": inverse, "last": last, "until": until}
        slopes = _slopes((r, alpha, a, b), parts, share_stays, share_leaves)
        gradient = -np.array([weight @ slope for slope in slopes]) * np.exp(log_parameters)
        return value, gradient

    return objective


def _slopes(
    parameters: tuple[float, float, float, float], rows: dict[str, Any], stays: Array, leaves: Array
) -> list[Array]:
    """Derivatives of each row's log-likelihood by r, α, a and b."""
    r, alpha, a, b = parameters
    x, inverse, last, until = rows["x"], rows["inverse"], rows["last"], rows["until"]
    together = special.digamma(a + b) - special.digamma(a + b + x)
    by_r = (special.digamma(r + x) - special.digamma(r) + np.log(alpha))[inverse]
    by_b = (together + special.digamma(b + x) - special.digamma(b))[inverse]
    before_last = np.where(x > 0, b + x - 1, 1.0)[inverse]
    return [
        by_r - stays * np.log(alpha + until) - leaves * np.log(alpha + last),
        r / alpha - (r + x)[inverse] * (stays / (alpha + until) + leaves / (alpha + last)),
        together[inverse] + leaves / a,
        by_b - leaves / before_last,
    ]
