"""What a fitted BG/NBD says about people: are they still active, how often will they buy.

Given that somebody is active at the end of observation, their rate is Gamma(r + x, α + T) and their chance to
leave Beta(a, b + x), independently (Fader, Hardie, Lee 2005, appendix). Figures of the future are averages
over these two: the one over the rate in closed form, the one over the chance by quadrature, which unlike the
paper's 2F1 is exact for any number of purchases and for a = 1.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import special

from bihuan.kernel.arrays import Array
from bihuan.stats.purchases.beta_average import beta_nodes
from bihuan.stats.purchases.bg_nbd import PurchaseModel
from bihuan.stats.purchases.histories import PurchaseHistories

_CHUNK = 2_000_000
_LARGEST_COUNT = 2.0**40


def alive_chance(model: PurchaseModel, histories: PurchaseHistories) -> Array:
    """The chance that each person has not left; 1 without repeats: people leave after one only."""
    x, shape = histories.frequency, model.r + histories.frequency
    with np.errstate(divide="ignore", invalid="ignore"):
        log_odds_left = (
            np.log(model.a)
            - np.log(model.b + x - 1)
            + shape * (np.log(model.alpha + histories.age) - np.log(model.alpha + histories.recency))
        )
    return np.where(x > 0, special.expit(-np.where(x > 0, log_odds_left, 0.0)), 1.0)


def expected_purchases(model: PurchaseModel, histories: PurchaseHistories, horizon: float) -> Array:
    """Mean number of purchases of each person in the next ``horizon`` (unit of the histories)."""
    return alive_chance(model, histories) * _moments_if_alive(model, histories, horizon)[0]


def purchase_moments(
    model: PurchaseModel, histories: PurchaseHistories, horizon: float
) -> tuple[Array, Array]:
    """Mean and variance of each person's purchases in the next ``horizon``, given the parameters."""
    alive = alive_chance(model, histories)
    first, second = _moments_if_alive(model, histories, horizon)
    mean = alive * first
    return mean, np.maximum(alive * second - mean**2, 0.0)


def at_least(model: PurchaseModel, histories: PurchaseHistories, horizon: float, count: Array) -> Array:
    """The chance that each person buys at least ``count`` times (≥ 1) in the next ``horizon``.

    Being active: that ``count`` purchases would come, and that nobody left after one of the first ``count -
    1``; the two are independent, so the chance is a product.
    """
    x, n = histories.frequency, np.asarray(count, dtype=float)
    pace = horizon / (model.alpha + histories.age)
    enough = special.betainc(n, model.r + x, pace / (1 + pace))
    b = model.b + x
    stays = np.exp(special.betaln(model.a, b + n - 1) - special.betaln(model.a, b))
    return np.asarray(alive_chance(model, histories) * enough * stays)


def purchase_range(
    model: PurchaseModel, histories: PurchaseHistories, horizon: float, *, confidence: float = 0.8
) -> tuple[Array, Array]:
    """The predictive interval of each person's purchases: counts that are neither too low nor too high.

    Exact quantiles of the model with its parameters as estimated; by bisection, 1 million people in about a
    minute.
    """
    tail = (1 - confidence) / 2
    return _quantile(model, histories, horizon, tail), _quantile(model, histories, horizon, 1 - tail)


def expected_since_first(model: PurchaseModel, times: Array) -> Array:
    """Mean number of repeat purchases up to each time since the first purchase, of somebody unknown."""
    return since_first_moments(model, times)[0]


def since_first_moments(model: PurchaseModel, times: Array) -> tuple[Array, Array]:
    """Mean and variance of the number of repeat purchases up to each time since the first purchase."""
    pace = np.asarray(times, dtype=float) / model.alpha
    first, second = _averages(model, 0.0, pace)
    return first, np.maximum(second - first**2, 0.0)


def _quantile(model: PurchaseModel, histories: PurchaseHistories, horizon: float, level: float) -> Array:
    """The least count whose distribution function reaches ``level``."""

    def exceeds(count: Array) -> Array:
        return at_least(model, histories, horizon, count + 1) > 1 - level

    low = np.full(histories.people, -1.0)
    high = np.zeros(histories.people)
    growing = exceeds(high)
    while np.any(growing) and float(high.max(initial=0.0)) < _LARGEST_COUNT:
        low = np.where(growing, high, low)
        high = np.where(growing, high * 2 + 1, high)
        growing &= exceeds(high)
    while np.any(high - low > 1):
        middle = np.where(high - low > 1, np.floor((low + high) / 2), high)
        over = exceeds(middle) & (high - low > 1)
        low, high = np.where(over, middle, low), np.where(over | (high - low <= 1), high, middle)
    return high.astype(np.int64)


def _moments_if_alive(
    model: PurchaseModel, histories: PurchaseHistories, horizon: float
) -> tuple[Array, Array]:
    pace = horizon / (model.alpha + histories.age)
    first, second = np.empty(histories.people), np.empty(histories.people)
    counts, place = np.unique(histories.frequency, return_inverse=True)
    order = np.argsort(place, kind="stable")
    ends = np.cumsum(np.bincount(place, minlength=len(counts)))
    for count, start, end in zip(counts, np.append(0, ends), ends, strict=False):
        rows = order[start:end]
        first[rows], second[rows] = _averages(model, float(count), pace[rows])
    return first, second


def _averages(model: PurchaseModel, count: float, pace: Array) -> tuple[Array, Array]:
    """First and second moment of purchases of active people with ``count`` repeats; pace = t / (α + T)."""
    shape = model.r + count
    fastest = float(pace.max(initial=0.0))
    nodes = beta_nodes(model.a, model.b + count, steepness=(1 + shape) * fastest)
    rows = max(1, _CHUNK // len(nodes.points))
    parts = [
        (_mean(nodes.points, shape, some) @ nodes.weights, _square(nodes.points, shape, some) @ nodes.weights)
        for some in np.split(pace, range(rows, len(pace), rows))
    ]
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def _mean(p: Array, shape: float, pace: Array) -> Array:
    """E[Y | p] = (1 - (1 + p s)^-k) / p for people (rows) and chances to leave (columns)."""
    return np.asarray(-np.expm1(-shape * np.log1p(np.outer(pace, p))) / p)


def _square(p: Array, shape: float, pace: Array) -> Array:
    """E[Y² | p] = m + 2 (1 - p) (m - k s (1 + p s)^(-k - 1)) / p with m = E[Y | p]."""
    s = pace[:, None]
    mean = _mean(p, shape, pace)
    slope = shape * s * np.exp(-(shape + 1) * np.log1p(s * p))
    # Near p = 0 the difference cancels; its series there is k (k + 1) s² p / 2 - k (k + 1) (k + 2) s³ p² / 3.
    series = shape * (shape + 1) * s**2 * (0.5 - (shape + 2) * s * p / 3)
    small = (shape + 2) * s * p < 1e-5
    return np.asarray(mean + 2 * (1 - p) * np.where(small, series, (mean - slope) / p))


Figure = Callable[[PurchaseModel], Array]


def parameter_error(model: PurchaseModel, figure: Figure) -> Array:
    """Standard error of any figure of the model that comes from its parameters being estimates (delta
    method).
    """
    if model.fit is None:
        return np.zeros_like(np.asarray(figure(model), dtype=float))
    return model.fit.standard_error_of(lambda values: figure(model.with_parameters(values)))
