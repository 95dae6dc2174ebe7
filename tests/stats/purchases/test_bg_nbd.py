"""BG/NBD: the published estimates, laws of the likelihood, recovery of known parameters, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from bihuan.stats.errors import DataInsufficient, FitNotConverged, StatsInputInvalid
from bihuan.stats.purchases import PurchaseModel, fit_purchases, log_likelihood, purchase_histories
from bihuan.stats.purchases.bg_nbd import _objective
from bihuan.stats.purchases.histories import distinct
from tests.stats.purchases.populations import published_summary, simulated

POSITIVE = st.floats(0.05, 20.0)


def test_the_published_estimates_of_cdnow() -> None:
    histories, _ = published_summary()
    model = fit_purchases(histories)
    # Fader, Hardie, Lee 2005, table 2.
    assert model.parameters == pytest.approx([0.243, 4.414, 0.793, 2.426], abs=0.0006)
    assert model.fit is not None
    assert model.fit.log_likelihood == pytest.approx(-9582.4, abs=0.05)
    assert (model.people, model.repeaters) == (2357, 946)
    assert log_likelihood(model, histories) == pytest.approx(model.fit.log_likelihood, abs=1e-6)


def test_no_other_parameters_are_more_likely() -> None:
    histories, _ = published_summary()
    model = fit_purchases(histories)
    best = log_likelihood(model, histories)
    for factors in np.random.default_rng(0).uniform(0.8, 1.25, (30, 4)):
        assert log_likelihood(model.with_parameters(model.parameters * factors), histories) < best


def test_standard_errors_are_those_of_repeated_samples() -> None:
    truth = (0.8, 6.0, 0.9, 3.0)
    fits = [fit_purchases(simulated(1000, *truth, seed=seed).histories) for seed in range(14)]
    logs = np.log([fit.parameters for fit in fits])
    stated = np.median([np.sqrt(np.diag(fit.fit.log_covariance)) for fit in fits if fit.fit], axis=0)
    # 14 samples know their own spread to about 20 %.
    assert logs.std(axis=0, ddof=1) / stated == pytest.approx(np.ones(4), abs=0.6)


@pytest.mark.parametrize("truth", [(0.5, 10.0, 0.8, 2.5), (2.0, 15.0, 1.0, 6.0)])
def test_known_parameters_are_found_again(truth: tuple[float, float, float, float]) -> None:
    model = fit_purchases(simulated(8_000, *truth, seed=3).histories)
    assert model.fit is not None
    for name, value in zip(model.fit.names, truth, strict=True):
        low, high = model.fit.interval(name, confidence=0.999)
        assert low < value < high
        assert high / low < 6


def test_the_unit_of_time_changes_alpha_only() -> None:
    histories, _ = published_summary()
    weeks = fit_purchases(histories)
    days = fit_purchases(purchase_histories(histories.frequency, histories.recency * 7, histories.age * 7))
    assert days.parameters == pytest.approx(weeks.parameters * [1, 7, 1, 1], rel=1e-7)
    # A density per day instead of per week, once for each repeat purchase.
    assert weeks.fit is not None
    assert days.fit is not None
    shift = histories.frequency.sum() * np.log(7)
    assert days.fit.log_likelihood == pytest.approx(weeks.fit.log_likelihood - shift, abs=1e-6)


@given(POSITIVE, POSITIVE, POSITIVE, POSITIVE, st.integers(0, 2**32 - 1))
@settings(max_examples=30)
def test_the_likelihood_is_the_papers_formula_and_its_gradient_exact(
    r: float, alpha: float, a: float, b: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    until = rng.uniform(1, 50, 40)
    x = rng.integers(0, 8, 40)
    last = np.where(x > 0, until * rng.uniform(0.01, 1, 40), 0.0)
    histories = purchase_histories(x, last, until)
    a1 = special.gamma(r + x) * alpha**r / special.gamma(r)
    a2 = special.beta(a, b + x) / special.beta(a, b)
    stays = (alpha + until) ** -(r + x)
    leaves = np.where(x > 0, a / np.maximum(b + x - 1, 1e-9) * (alpha + last) ** -(r + x), 0.0)
    expected = np.sum(np.log(a1 * a2 * (stays + leaves)))
    assert log_likelihood(PurchaseModel(r, alpha, a, b), histories) == pytest.approx(expected, rel=1e-9)
    objective = _objective(distinct(histories))
    at = np.log([r, alpha, a, b])
    for index in range(4):
        step = np.eye(4)[index] * 1e-5
        slope = (objective(at + step)[0] - objective(at - step)[0]) / 2e-5
        assert objective(at)[1][index] == pytest.approx(slope, abs=1e-6)


def test_people_with_the_same_history_count_together() -> None:
    histories = purchase_histories(
        np.array([1, 0, 1, 2, 0]), np.array([3, 0, 3, 3, 0]), np.array([9, 9, 9, 9, 8])
    )
    rows = distinct(histories)
    assert rows.people.sum() == 5
    assert sorted(rows.people) == [1, 1, 1, 2]
    for name in ("frequency", "recency", "age"):
        column = getattr(rows.histories, name)
        assert np.array_equal(column[rows.of_person], getattr(histories, name))


def test_too_few_people_are_refused_with_the_number_needed() -> None:
    some = simulated(150, 1.0, 5.0, 0.8, 2.5, seed=1).histories
    with pytest.raises(DataInsufficient) as refused:
        fit_purchases(some)
    assert (refused.value.params["have"], refused.value.params["need"]) == (150, 200)
    once = purchase_histories(np.zeros(500), np.zeros(500), np.full(500, 30.0))
    with pytest.raises(DataInsufficient) as refused:
        fit_purchases(once)
    assert (refused.value.params["have"], refused.value.params["need"]) == (0, 100)
    assert "100" in refused.value.message("zh")


def test_people_who_are_all_alike_have_no_distribution_to_find() -> None:
    alike = purchase_histories(np.full(400, 5), np.full(400, 10.0), np.full(400, 12.0))
    with pytest.raises(FitNotConverged) as refused:
        fit_purchases(alike)
    assert "BG/NBD" in refused.value.message("en")


def test_people_who_were_not_watched_are_refused() -> None:
    with pytest.raises(StatsInputInvalid):
        fit_purchases(purchase_histories(np.full(300, 1), np.zeros(300), np.zeros(300)))


@pytest.mark.parametrize(
    ("frequency", "recency", "age", "reason"),
    [
        ([1, 1], [1.0], [2.0], "different lengths"),
        ([1.5], [1.0], [2.0], "no count"),
        ([1], [3.0], [2.0], "after the end"),
        ([0], [1.0], [2.0], "without repeat"),
        ([1], [-1.0], [2.0], "negative"),
        ([1], [np.nan], [2.0], "missing"),
    ],
)
def test_contradictions_are_refused(
    frequency: list[float], recency: list[float], age: list[float], reason: str
) -> None:
    with pytest.raises(StatsInputInvalid, match=reason):
        purchase_histories(np.array(frequency), np.array(recency), np.array(age))
