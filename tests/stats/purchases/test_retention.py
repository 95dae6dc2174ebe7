"""sBG: published estimates and projections, recovery from several cohorts, lifetimes, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.stats.errors import DataInsufficient, FitNotConverged, StatsInputInvalid
from bihuan.stats.purchases import (
    RetentionModel,
    fit_retention,
    remaining_renewals,
    residual_lifetime,
    retention_curve,
    retention_rates,
    survival,
)

# Fader & Hardie 2007, table 1: of 1,000 people, those left after each of 7 renewals; and to renewal 12.
REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241]
HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491]
REGULAR_LATER = [0.223, 0.207, 0.194, 0.183, 0.173]
HIGH_END_LATER = [0.468, 0.445, 0.427, 0.409, 0.394]


@pytest.mark.parametrize(
    ("cohort", "alpha", "beta", "later"),
    [(REGULAR, 0.704, 1.182, REGULAR_LATER), (HIGH_END, 0.668, 3.806, HIGH_END_LATER)],
)
def test_the_published_estimates_and_projections(
    cohort: list[int], alpha: float, beta: float, later: list[float]
) -> None:
    model = fit_retention([cohort])
    assert (model.alpha, model.beta) == pytest.approx((alpha, beta), abs=0.001)
    curve = retention_curve(model, 12, cohorts=[cohort])
    assert curve.observed[:8] == pytest.approx(np.array(cohort) / 1000)
    assert np.all(np.isnan(curve.observed[8:]))
    # Five renewals ahead the projection is within 2 points of what happened.
    assert curve.survival[8:] == pytest.approx(later, abs=0.02)


def simulated_cohorts(alpha: float, beta: float, sizes: list[int], ages: list[int]) -> list[list[int]]:
    rng = np.random.default_rng(7)
    cohorts = []
    for size, age in zip(sizes, ages, strict=True):
        ends = rng.geometric(rng.beta(alpha, beta, size))
        cohorts.append([int(np.count_nonzero(ends > n)) for n in range(age + 1)])
    return cohorts


def test_known_parameters_are_found_again_from_cohorts_of_different_age() -> None:
    cohorts = simulated_cohorts(0.8, 4.0, [6000, 5000, 4000, 3000], [12, 6, 2, 1])
    model = fit_retention(cohorts)
    assert model.fit is not None
    for name, value in (("alpha", 0.8), ("beta", 4.0)):
        low, high = model.fit.interval(name, confidence=0.999)
        assert low < value < high
        assert high / low < 2
    assert (model.people, model.renewals) == (18_000, 12)
    curve = retention_curve(model, 24, cohorts=cohorts)
    truth = survival(RetentionModel(0.8, 4.0), np.arange(25))
    assert np.all(curve.survival == pytest.approx(truth, abs=0.02))
    assert np.all((curve.low <= curve.survival) & (curve.survival <= curve.high))
    assert np.all(np.diff((curve.high - curve.low)[1:13]) > -1e-3)


@given(st.floats(0.05, 20), st.floats(0.05, 20))
@settings(max_examples=50)
def test_laws_of_retention(alpha: float, beta: float) -> None:
    model = RetentionModel(alpha, beta)
    rates = retention_rates(model, np.arange(1, 30))
    assert np.all(np.diff(rates) > 0)
    assert survival(model, np.arange(30)) == pytest.approx(np.append(1.0, np.cumprod(rates)))
    # Who renewed more often stays longer.
    remaining = [remaining_renewals(model, renewed, 20) for renewed in (0, 3, 10)]
    assert remaining == sorted(remaining)
    assert remaining[0] == pytest.approx(np.cumprod(retention_rates(model, np.arange(1, 21))).sum())


@given(st.floats(0.1, 10), st.floats(0.1, 10), st.integers(0, 20), st.floats(0.02, 1))
@settings(max_examples=40)
def test_discounted_lifetime_is_the_sum_of_its_terms(
    alpha: float, beta: float, renewed: int, discount: float
) -> None:
    model = RetentionModel(alpha, beta)
    ahead = np.arange(1, 3001)
    kept = np.cumprod(retention_rates(model, renewed + ahead))
    expected = np.sum(kept * (1 + discount) ** -ahead.astype(float))
    assert residual_lifetime(model, renewed, discount=discount) == pytest.approx(expected, rel=1e-8)


def test_too_little_is_refused_with_the_number_needed() -> None:
    with pytest.raises(DataInsufficient) as refused:
        fit_retention([[1000, 800, 700]])
    assert (refused.value.params["have"], refused.value.params["need"]) == (2, 3)
    with pytest.raises(DataInsufficient) as refused:
        fit_retention([[1000, 990, 985, 980, 979]])
    assert (refused.value.params["have"], refused.value.params["need"]) == (21, 50)


def test_falling_retention_is_no_shifted_beta_geometric() -> None:
    with pytest.raises(FitNotConverged) as refused:
        fit_retention([[10_000, 9_800, 9_300, 8_400, 7_000, 5_000]])
    assert "sBG" in refused.value.message("zh")


@pytest.mark.parametrize("cohort", [[], [100, 120, 90, 80], [100, -1, -2, -3]])
def test_cohorts_that_cannot_be_are_refused(cohort: list[int]) -> None:
    with pytest.raises(StatsInputInvalid):
        fit_retention([[1000, 800, 700, 600], cohort])


def test_a_lifetime_needs_a_discount() -> None:
    with pytest.raises(StatsInputInvalid):
        residual_lifetime(RetentionModel(0.7, 1.2), 0, discount=0.0)
