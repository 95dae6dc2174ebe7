"""What people will be worth over a horizon: purchases × value of a purchase, each person's and the sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from scipy import special

from bihuan.kernel.arrays import Array
from bihuan.stats.errors import StatsInputInvalid
from bihuan.stats.purchases.bg_nbd import PurchaseModel
from bihuan.stats.purchases.forecasts import (
    alive_chance,
    at_least,
    expected_purchases,
    parameter_error,
    purchase_moments,
    purchase_range,
)
from bihuan.stats.purchases.gamma_gamma import SpendModel, mean_value_of, rate_posterior
from bihuan.stats.purchases.histories import PurchaseHistories, distinct

_GROUPS = 400
_ERROR_ROWS = 20_000


@dataclass(frozen=True)
class PeopleForecast:
    """Columns of people over the next ``horizon``.

    Attributes:
        alive: chance that each has not left.
        buys: chance of at least one purchase.
        purchases: mean number of purchases.
        value: mean value of those purchases, in the currency of the spend model; None without one.
    """

    horizon: float
    alive: Array
    buys: Array
    purchases: Array
    value: Array | None


@dataclass(frozen=True)
class Total:
    """The sum over people with its interval.

    Attributes:
        expected: mean of the sum.
        low, high: predictive interval from the uncertainty of the parameters and from chance; None where the
            variance of value does not exist (q ≤ 2).
        parameter_error, chance_error: the two standard errors it is made of.
    """

    expected: float
    low: float | None
    high: float | None
    parameter_error: float
    chance_error: float | None


def forecast_people(
    purchases: PurchaseModel,
    histories: PurchaseHistories,
    horizon: float,
    *,
    spend: SpendModel | None = None,
    mean_value: Array | None = None,
) -> PeopleForecast:
    """Figures of every person; ``mean_value`` is that of their repeat purchases (NaN without)."""
    rows = distinct(histories)
    mean = expected_purchases(purchases, rows.histories, horizon)[rows.of_person]
    buys = at_least(purchases, rows.histories, horizon, np.array(1.0))[rows.of_person]
    alive = alive_chance(purchases, rows.histories)[rows.of_person]
    value = None
    if spend is not None and mean_value is not None:
        value = mean * mean_value_of(spend, histories.frequency, mean_value)
    return PeopleForecast(horizon, alive, buys, mean, value)


def total_purchases(
    purchases: PurchaseModel, histories: PurchaseHistories, horizon: float, *, confidence: float = 0.95
) -> Total:
    """How often all these people together will buy in the next ``horizon``."""
    rows = distinct(histories)
    mean, variance = purchase_moments(purchases, rows.histories, horizon)
    expected, chance = float(rows.people @ mean), float(np.sqrt(rows.people @ variance))
    some, weights = _thinned(rows.histories, rows.people.astype(float))

    def total(model: PurchaseModel) -> Array:
        return np.asarray(weights @ expected_purchases(model, some, horizon))

    at_estimate = float(total(purchases))
    share = float(parameter_error(purchases, total)) / at_estimate if at_estimate else 0.0
    return _total(expected, share * expected, chance, confidence)


def total_value(
    purchases: PurchaseModel,
    spend: SpendModel,
    histories: PurchaseHistories,
    mean_value: Array,
    horizon: float,
    *,
    confidence: float = 0.95,
) -> Total:
    """How much all these people together will spend in the next ``horizon``.

    The errors of the two models are independent: they describe independent things.
    """
    rows = distinct(histories)
    moments = purchase_moments(purchases, rows.histories, horizon)
    mean, variance = (each[rows.of_person] for each in moments)
    each_value = mean_value_of(spend, histories.frequency, mean_value)
    expected = float(mean @ each_value)
    step = max(1, histories.people // _ERROR_ROWS)
    some = PurchaseHistories(*(each[::step] for each in _columns(histories)))
    worth = each_value[::step]
    at_estimate = float(mean[::step] @ worth)

    def by_purchases(model: PurchaseModel) -> Array:
        return np.asarray(expected_purchases(model, some, horizon) @ worth)

    of_parameters = float(parameter_error(purchases, by_purchases)) ** 2
    if spend.fit is not None:
        of_parameters += (
            float(
                spend.fit.standard_error_of(
                    lambda values: np.asarray(
                        mean[::step]
                        @ mean_value_of(
                            spend.with_parameters(values), histories.frequency[::step], mean_value[::step]
                        )
                    )
                )
            )
            ** 2
        )
    share = np.sqrt(of_parameters) / at_estimate if at_estimate else 0.0
    chance = _chance_of_value(spend, histories.frequency, mean_value, mean, variance)
    return _total(expected, float(share) * expected, chance, confidence)


def value_range(
    purchases: PurchaseModel,
    spend: SpendModel,
    histories: PurchaseHistories,
    mean_value: Array,
    horizon: float,
    *,
    confidence: float = 0.8,
) -> tuple[Array, Array]:
    """The predictive interval of each person's value, for the people on a page: about 5 ms each.

    n purchases cost γ' G / (1 - G) in sum with G ~ Beta(p n, q'), where (q', γ') describe the person; the
    distribution is the mixture of these over the number of purchases, its quantiles are found by bisection.
    """
    tail = (1 - confidence) / 2
    _, most = purchase_range(purchases, histories, horizon, confidence=1 - 2e-6)
    shapes, rates = rate_posterior(spend, histories.frequency, mean_value)
    ends = np.empty((2, histories.people))
    for index in range(histories.people):
        one = PurchaseHistories(*(each[index : index + 1] for each in _columns(histories)))
        counts = np.unique(np.linspace(1, max(1, int(most[index])), _GROUPS).astype(np.int64))
        reached = at_least(
            purchases,
            PurchaseHistories(*(np.repeat(each, len(counts)) for each in _columns(one))),
            horizon,
            counts,
        )
        chances = reached - np.append(reached[1:], 0.0)
        # A group of counts stands for its middle.
        middles = spend.p * (counts + np.append(counts[1:] - 1, counts[-1])) / 2
        for row, level in enumerate((tail, 1 - tail)):
            ends[row, index] = rates[index] * _odds_at(
                level, 1 - reached[0], chances, middles, float(shapes[index])
            )
    return ends[0], ends[1]


@dataclass(frozen=True)
class ValueTiers:
    """People by expected value, the most valuable first (tier 0).

    Attributes:
        tier: of each person.
        least: the least value in each tier; None for a tier without people.
        people, value: how many people and how much of the value each tier has.
    """

    tier: Array
    least: tuple[float | None, ...]
    people: tuple[int, ...]
    value: tuple[float, ...]


def value_tiers(value: Array, shares: Sequence[float] = (0.05, 0.2, 0.5)) -> ValueTiers:
    """Tiers at the given shares of people: the top 5 %, those after them up to 20 %, up to 50 %, the rest.

    People of equal value are in one tier, the better one.
    """
    values = np.asarray(value, dtype=float)
    if list(shares) != sorted(set(shares)) or not all(0 < share < 1 for share in shares):
        raise StatsInputInvalid(
            reason_en="shares of tiers must grow and lie between 0 and 1",
            reason_zh="各层的比例必须递增且在 0 与 1 之间",
        )
    tier = np.full(len(values), len(shares), dtype=np.int64)
    falling = np.sort(values)[::-1]
    for position in range(len(shares) - 1, -1, -1):
        count = int(np.floor(shares[position] * len(values) + 1e-9))
        if count:
            tier[values >= falling[count - 1]] = position
    tiers = range(len(shares) + 1)
    least = tuple(float(values[tier == each].min()) if np.any(tier == each) else None for each in tiers)
    people = tuple(int(np.count_nonzero(tier == each)) for each in tiers)
    return ValueTiers(tier, least, people, tuple(float(values[tier == each].sum()) for each in tiers))


def _columns(histories: PurchaseHistories) -> tuple[Array, Array, Array]:
    return histories.frequency, histories.recency, histories.age


def _thinned(histories: PurchaseHistories, weights: Array) -> tuple[PurchaseHistories, Array]:
    """Every k-th history: enough for a standard error, which needs no more than two digits."""
    step = max(1, histories.people // _ERROR_ROWS)
    return PurchaseHistories(*(each[::step] for each in _columns(histories))), weights[::step]


def _chance_of_value(
    spend: SpendModel, frequency: Array, mean_value: Array, mean: Array, variance: Array
) -> float | None:
    """Standard deviation of the sum of values, given the parameters."""
    shape, rate = rate_posterior(spend, frequency, mean_value)
    if np.any(shape <= 2):
        return None
    mean_scale = rate / (shape - 1)
    square_scale = rate**2 / ((shape - 1) * (shape - 2))
    second = spend.p * square_scale * (mean + spend.p * (variance + mean**2))
    return float(np.sqrt(np.sum(second - (mean * spend.p * mean_scale) ** 2)))


def _total(expected: float, of_parameters: float, chance: float | None, confidence: float) -> Total:
    """An interval on the log scale, so that a sum of few purchases stays positive."""
    if chance is None or expected <= 0:
        return Total(expected, None, None, of_parameters, chance)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    factor = float(np.exp(z * np.hypot(of_parameters, chance) / expected))
    return Total(expected, expected / factor, expected * factor, of_parameters, chance)


def _odds_at(level: float, none: float, chances: Array, shapes: Array, other: float) -> float:
    """The quantile of a mixture of beta prime distributions with the share ``none`` at 0."""
    if none >= level:
        return 0.0
    low, high = -700.0, 700.0
    for _ in range(60):
        middle = (low + high) / 2
        below = none + float(chances @ special.betainc(shapes, other, special.expit(middle)))
        low, high = (middle, high) if below < level else (low, middle)
    return float(np.exp((low + high) / 2))
