"""Gamma-Gamma, value of people and tiers: published estimates, recovery, intervals, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.kernel.arrays import Array
from bihuan.stats.errors import DataInsufficient, FitNotConverged, StatsInputInvalid
from bihuan.stats.purchases import (
    PurchaseModel,
    SpendModel,
    fit_purchases,
    fit_spend,
    forecast_people,
    mean_value_of,
    purchase_histories,
    total_purchases,
    total_value,
    value_range,
    value_tiers,
)
from tests.stats.purchases.populations import published_summary, simulated


def spent(frequency: Array, p: float, q: float, gamma: float, seed: int) -> Array:
    """Mean value of each person's repeats, drawn from the definition; NaN without repeats."""
    rng = np.random.default_rng(seed)
    rate = rng.gamma(q, 1 / gamma, len(frequency))
    count = np.maximum(frequency, 1)
    return np.where(frequency > 0, rng.gamma(p * count) / rate / count, np.nan)


def test_the_published_estimates_of_cdnow() -> None:
    histories, value = published_summary()
    model = fit_spend(histories.frequency, value)
    assert model.parameters == pytest.approx([6.25, 3.74, 15.44], abs=0.01)
    assert (model.people, model.left_out) == (946, 0)
    assert model.correlation is not None
    assert 0 < model.correlation < 0.3


def test_the_unit_of_value_changes_gamma_only() -> None:
    histories, value = published_summary()
    one, hundred = fit_spend(histories.frequency, value), fit_spend(histories.frequency, value * 100)
    assert hundred.parameters == pytest.approx(one.parameters * [1, 1, 100], rel=1e-6)
    assert one.fit is not None
    assert hundred.fit is not None
    shift = 946 * np.log(100)
    assert hundred.fit.log_likelihood == pytest.approx(one.fit.log_likelihood - shift, abs=1e-6)


def test_known_parameters_are_found_again() -> None:
    truth = (4.0, 5.0, 60.0)
    frequency = np.random.default_rng(1).integers(0, 9, 20_000).astype(float)
    model = fit_spend(frequency, spent(frequency, *truth, seed=2))
    assert model.fit is not None
    for name, value in zip(model.fit.names, truth, strict=True):
        low, high = model.fit.interval(name, confidence=0.999)
        assert low < value < high
        assert high / low < 1.6
    assert model.mean == pytest.approx(4 * 60 / 4, rel=0.03)


def test_few_purchases_are_drawn_to_the_mean_of_all() -> None:
    model = SpendModel(6.25, 3.74, 15.44)
    counts = np.array([0, 1, 5, 50, 5000])
    found = mean_value_of(model, counts, np.array([np.nan, 100, 100, 100, 100]))
    assert found[0] == pytest.approx(model.mean)
    assert np.all(np.diff(found) > 0)
    assert found[-1] == pytest.approx(100, rel=0.001)


def test_too_few_repeaters_and_values_without_a_mean_are_refused() -> None:
    with pytest.raises(DataInsufficient) as refused:
        fit_spend(np.array([1.0, 0.0, 2.0]), np.array([5.0, np.nan, -1.0]))
    assert (refused.value.params["have"], refused.value.params["need"]) == (1, 100)
    wild = np.exp(np.random.default_rng(0).standard_cauchy(500).clip(-30, 30))
    with pytest.raises(FitNotConverged):
        fit_spend(np.full(500, 2.0), wild)


def test_totals_of_simulated_buyers_lie_in_their_intervals() -> None:
    truth, horizon, inside = (0.8, 8.0, 0.7, 2.5), 20.0, 0
    for seed in range(12):
        buyers = simulated(800, *truth, seed=seed, after=horizon)
        model = fit_purchases(buyers.histories)
        total = total_purchases(model, buyers.histories, horizon, confidence=0.8)
        assert total.low is not None
        assert total.high is not None
        assert total.low < total.expected < total.high
        inside += total.low <= buyers.later.sum() <= total.high
    # 12 intervals of 80 %: fewer than 6 would come up once in 600 times.
    assert inside >= 6


def test_value_is_purchases_times_value_of_a_purchase() -> None:
    histories, value = published_summary()
    purchases, spend = fit_purchases(histories), fit_spend(histories.frequency, value)
    people = forecast_people(purchases, histories, 39, spend=spend, mean_value=value)
    assert people.value is not None
    each = mean_value_of(spend, histories.frequency, value)
    assert people.value == pytest.approx(people.purchases * each)
    assert np.all((people.buys <= people.alive) & (people.buys <= people.purchases))
    total = total_value(purchases, spend, histories, value, 39)
    assert total.expected == pytest.approx(people.value.sum())
    assert total.low is not None
    assert total.high is not None
    # The two errors are of the size of those of purchases: 4 to 5 % each here.
    assert 0.03 < total.parameter_error / total.expected < 0.08
    assert total.low < total.expected < total.high


def test_without_a_variance_there_is_no_interval() -> None:
    histories = purchase_histories(np.array([0.0, 3]), np.array([0.0, 5]), np.array([9.0, 9]))
    total = total_value(
        PurchaseModel(1, 5, 1, 3), SpendModel(5, 1.5, 20), histories, np.array([np.nan, 30]), 10
    )
    assert total.expected > 0
    assert (total.low, total.high, total.chance_error) == (None, None, None)


def test_ranges_of_value_hold_the_share_they_say() -> None:
    purchases, spend = PurchaseModel(2.0, 6.0, 0.6, 4.0), SpendModel(4.0, 5.0, 60.0)
    histories = purchase_histories(np.array([4.0, 0.0]), np.array([18.0, 0.0]), np.array([20.0, 20.0]))
    value = np.array([70.0, np.nan])
    low, high = value_range(purchases, spend, histories, value, 20.0, confidence=0.8)
    rng, spread = np.random.default_rng(4), 0.0
    for person in range(2):
        x, last, until = (
            float(each[person]) for each in (histories.frequency, histories.recency, histories.age)
        )
        alive = 1.0 if x == 0 else 1 / (1 + 0.6 / (4 + x - 1) * ((6 + until) / (6 + last)) ** (2 + x))
        rate = rng.gamma(2.0 + x, 1 / (6.0 + until), 40_000)
        chance = rng.beta(0.6, 4.0 + x, 40_000)
        count = np.minimum(rng.poisson(rate * 20.0), rng.geometric(chance))
        count = np.where(rng.random(40_000) < alive, count, 0)
        known = 0.0 if x == 0 else x * value[person]
        nu = rng.gamma(5.0 + 4.0 * x, 1 / (60.0 + known), 40_000)
        worth = np.where(count > 0, rng.gamma(4.0 * np.maximum(count, 1)) / nu, 0.0)
        for end, level in ((low[person], 0.1), (high[person], 0.9)):
            assert np.mean(worth < end) <= level + 0.01
            assert np.mean(worth <= end) >= level - 0.01
        spread += float(worth.var())
    # What chance does to the sum of the two is what it does to these draws.
    total = total_value(purchases, spend, histories, value, 20.0, confidence=0.9)
    assert total.chance_error == pytest.approx(np.sqrt(spread), rel=0.03)
    assert total.parameter_error == 0


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=200))
@settings(max_examples=60)
def test_laws_of_tiers(values: list[float]) -> None:
    worth = np.array(values)
    tiers = value_tiers(worth, (0.05, 0.2, 0.5))
    assert sum(tiers.people) == len(worth)
    assert sum(tiers.value) == pytest.approx(worth.sum())
    order = np.argsort(-worth, kind="stable")
    assert np.all(np.diff(tiers.tier[order]) >= 0)
    for value in set(values):
        assert len(set(tiers.tier[worth == value])) == 1
    # No tier is smaller than asked: ties go up.
    for position, share in enumerate((0.05, 0.2, 0.5)):
        assert sum(tiers.people[: position + 1]) >= int(share * len(worth))


def test_tiers_of_a_hundred_people() -> None:
    tiers = value_tiers(np.arange(100.0))
    assert tiers.people == (5, 15, 30, 50)
    assert tiers.least == (95.0, 80.0, 50.0, 0.0)
    with pytest.raises(StatsInputInvalid):
        value_tiers(np.arange(10.0), (0.5, 0.2))
