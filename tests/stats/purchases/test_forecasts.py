"""Forecasts of people: against the paper's formula, against sums of chances, against simulated futures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from bihuan.kernel.arrays import Array
from bihuan.stats.purchases import (
    PurchaseHistories,
    PurchaseModel,
    alive_chance,
    at_least,
    expected_purchases,
    expected_since_first,
    fit_purchases,
    purchase_histories,
    purchase_moments,
    purchase_range,
)
from bihuan.stats.purchases.beta_average import beta_nodes
from bihuan.stats.purchases.forecasts import since_first_moments
from tests.stats.purchases.populations import published_summary, simulated

PUBLISHED = PurchaseModel(0.243, 4.414, 0.793, 2.426)
TWO_PEOPLE = purchase_histories(np.array([2, 0]), np.array([30.43, 0]), np.array([38.86, 38.86]))


def by_the_paper(model: PurchaseModel, histories: PurchaseHistories, horizon: float) -> Array:
    """The conditional expectation with 2F1, fit for few purchases and a away from 1."""
    r, alpha, a, b = model.parameters
    x, last, until = histories.frequency, histories.recency, histories.age
    z = horizon / (alpha + until + horizon)
    kept = ((alpha + until) / (alpha + until + horizon)) ** (r + x)
    top = (a + b + x - 1) / (a - 1) * (1 - kept * special.hyp2f1(r + x, b + x, a + b + x - 1, z))
    left = np.where(x > 0, a / np.maximum(b + x - 1, 1e-9) * ((alpha + until) / (alpha + last)) ** (r + x), 0)
    return np.asarray(top / (1 + left))


def one(x: float, last: float, until: float) -> PurchaseHistories:
    return purchase_histories(np.array([x]), np.array([last]), np.array([until]))


def test_the_papers_example_customer() -> None:
    # Person 1 of the sample: 2 repeats, the last after 30.43 of 38.86 weeks; 1.226 purchases in the next 39.
    assert expected_purchases(PUBLISHED, TWO_PEOPLE, 39)[0] == pytest.approx(1.226, abs=0.0015)


def test_expectations_are_those_of_the_papers_formula() -> None:
    histories, _ = published_summary()
    for horizon in (1.0, 39.0, 400.0):
        assert expected_purchases(PUBLISHED, histories, horizon) == pytest.approx(
            by_the_paper(PUBLISHED, histories, horizon), rel=1e-9
        )


@pytest.mark.parametrize(
    ("model", "history", "horizon"),
    [
        (PurchaseModel(2, 5, 1.0, 3), (600, 360, 365), 365),
        (PurchaseModel(3, 10, 0.02, 0.5), (50, 99, 100), 1000),
        (PurchaseModel(50, 5, 300, 4000), (30, 9.9, 10), 100),
        (PurchaseModel(0.01, 0.01, 5, 0.01), (0, 0, 0), 365),
        (PurchaseModel(1, 1, 1e-3, 1e3), (5, 9, 10), 10),
    ],
)
def test_moments_are_sums_of_chances_where_the_papers_formula_fails(
    model: PurchaseModel, history: tuple[float, float, float], horizon: float
) -> None:
    count = np.arange(1, 40_001, dtype=float)
    reached = at_least(model, one(*history), horizon, count)
    mean, variance = purchase_moments(model, one(*history), horizon)
    assert mean[0] == pytest.approx(reached.sum(), rel=1e-9)
    assert variance[0] + mean[0] ** 2 == pytest.approx(((2 * count - 1) * reached).sum(), rel=1e-8)


@given(st.floats(0.02, 300), st.floats(0.02, 300))
@settings(max_examples=60)
def test_averages_over_the_beta_distribution_are_exact(a: float, b: float) -> None:
    nodes = beta_nodes(a, b, steepness=1.0)
    assert nodes.weights @ nodes.points == pytest.approx(a / (a + b), rel=1e-9)
    second = a * (a + 1) / ((a + b) * (a + b + 1))
    assert nodes.weights @ nodes.points**2 == pytest.approx(second, rel=1e-9)


@given(
    st.floats(0.1, 5), st.floats(0.5, 30), st.floats(0.1, 4), st.floats(0.2, 10),
    st.integers(1, 30), st.floats(0.02, 1), st.floats(1, 100),
)  # fmt: skip
@settings(max_examples=60)
def test_laws_of_being_active(
    r: float, alpha: float, a: float, b: float, count: int, part: float, age: float
) -> None:
    model = PurchaseModel(r, alpha, a, b)
    alive = alive_chance(model, one(count, part * age, age))[0]
    assert 0 < alive <= 1
    # The longer ago the last purchase, the less likely somebody is still there.
    assert alive_chance(model, one(count, 0.5 * part * age, age))[0] <= alive + 1e-12
    assert alive_chance(model, one(count, part * age, age + 10))[0] <= alive + 1e-12
    # More time, more purchases; never more than without leaving.
    short, long = (expected_purchases(model, one(count, part * age, age), t)[0] for t in (5.0, 50.0))
    assert 0 <= short <= long
    assert long <= alive * (r + count) / (alpha + age) * 50 + 1e-9


def test_who_bought_once_is_active() -> None:
    assert alive_chance(PUBLISHED, TWO_PEOPLE)[1] == 1.0


def test_ranges_are_quantiles_of_the_chances() -> None:
    histories, _ = published_summary()
    low, high = purchase_range(PUBLISHED, histories, 39, confidence=0.8)
    # At most 10 % below the low end and above the high end, and neither end could be nearer.
    below = 1 - at_least(PUBLISHED, histories, 39, np.maximum(low, 1))
    assert np.all(np.where(low > 0, below, 0) <= 0.1 + 1e-12)
    assert np.all(1 - at_least(PUBLISHED, histories, 39, low + 1.0) >= 0.1)
    assert np.all(at_least(PUBLISHED, histories, 39, high + 1.0) <= 0.1 + 1e-12)
    nearer = at_least(PUBLISHED, histories, 39, np.maximum(high, 1))
    assert np.all(np.where(high > 0, nearer, 1) > 0.1)


def test_simulated_futures_come_as_forecast() -> None:
    buyers = simulated(10_000, 0.8, 8.0, 0.7, 2.5, seed=11, after=20.0)
    model = fit_purchases(buyers.histories)
    expected = expected_purchases(model, buyers.histories, 20.0)
    assert expected.sum() == pytest.approx(buyers.later.sum(), rel=0.05)
    for least, most in ((0, 0.2), (0.2, 1), (1, 3), (3, 100)):
        some = (expected >= least) & (expected < most)
        error = buyers.later[some].std() / np.sqrt(np.count_nonzero(some))
        assert expected[some].mean() == pytest.approx(buyers.later[some].mean(), abs=4 * error)
        assert error < 0.3
    low, high = purchase_range(model, buyers.histories, 20.0, confidence=0.8)
    inside = np.mean((buyers.later >= low) & (buyers.later <= high))
    # Counts cannot be cut at exactly 10 %: a range of counts holds more.
    assert 0.79 <= inside <= 0.97


def test_nobody_has_no_forecast() -> None:
    nobody = purchase_histories(np.zeros(0), np.zeros(0), np.zeros(0))
    assert len(expected_purchases(PUBLISHED, nobody, 39)) == 0
    assert [len(end) for end in purchase_range(PUBLISHED, nobody, 39)] == [0, 0]


def test_the_mean_of_somebody_unknown_is_the_mean_of_all() -> None:
    buyers = simulated(20_000, 0.8, 8.0, 0.7, 2.5, seed=12)
    model = PurchaseModel(0.8, 8.0, 0.7, 2.5)
    expected = expected_since_first(model, buyers.histories.age).sum()
    assert buyers.histories.frequency.sum() == pytest.approx(expected, rel=0.03)
    mean, variance = since_first_moments(model, buyers.histories.age)
    assert np.mean((buyers.histories.frequency - mean) ** 2) == pytest.approx(variance.mean(), rel=0.08)
