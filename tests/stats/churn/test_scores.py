"""Figures of a ranking against scikit-learn, against DeLong's definition, and on cases worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from bihuan.stats.churn.scores import (
    auc,
    average_precision,
    calibration_bins,
    compare_rankings,
    lift,
    score,
)

CASES = st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=4, max_size=60).filter(
    lambda case: 0 < sum(left for left, _ in case) < len(case)
)


@given(CASES)
def test_ranking_figures_are_those_of_scikit_learn(case: list[tuple[bool, int]]) -> None:
    left, ranking = np.array([each[0] for each in case]), np.array([each[1] for each in case], dtype=float)
    assert auc(left, ranking).value == pytest.approx(metrics.roc_auc_score(left, ranking))
    assert average_precision(left, ranking) == pytest.approx(metrics.average_precision_score(left, ranking))


@given(CASES)
def test_the_auc_turns_with_the_ranking(case: list[tuple[bool, int]]) -> None:
    left, ranking = np.array([each[0] for each in case]), np.array([each[1] for each in case], dtype=float)
    there, back = auc(left, ranking), auc(left, -ranking)
    assert there.value + back.value == pytest.approx(1)
    assert (there.low, there.high) == pytest.approx((1 - back.high, 1 - back.low))


def test_the_interval_of_the_auc_holds_the_truth_as_often_as_it_says() -> None:
    # Two normal populations one standard deviation apart: AUC = Φ(1 / √2) = 0.7602.
    rng, inside = np.random.default_rng(0), 0
    for _ in range(400):
        left = rng.random(200) < 0.3
        found = auc(left, rng.normal(size=200) + left)
        inside += found.low <= 0.76025 <= found.high
    assert 0.91 <= inside / 400 <= 0.98


def test_two_rankings_of_the_same_people() -> None:
    rng = np.random.default_rng(1)
    left = rng.random(2000) < 0.3
    good, poor = rng.normal(size=2000) + 1.5 * left, rng.normal(size=2000) + 0.3 * left
    found = compare_rankings(left, good, poor)
    assert found.difference.low > 0.15
    assert found.p_value < 1e-6
    same = compare_rankings(left, good, good * 2 + 1)
    assert (same.difference.value, same.p_value) == (0, 1)
    # Paired: rankings that agree are told apart better than their own intervals would.
    near = compare_rankings(left, good, good + rng.normal(0, 0.05, 2000))
    assert near.difference.high - near.difference.low < 0.01


def test_lift_by_hand() -> None:
    left = np.zeros(100, dtype=bool)
    left[[0, 1, 2, 3, 50, 60, 70, 80]] = True
    ranking = -np.arange(100.0)
    found = lift(left, ranking)
    # 4 of the first 10 left against 8 of 100: 0.4 / 0.08.
    assert found.value == pytest.approx(5)
    assert found.low < 5 < found.high
    # Nobody is ahead of anybody: the top 10 % are like everybody.
    assert lift(left, np.zeros(100)).value == pytest.approx(1)


def test_chances_that_are_right_are_found_calibrated_and_others_not() -> None:
    rng = np.random.default_rng(2)
    risk = rng.beta(1, 4, 20_000)
    left = rng.random(20_000) < risk
    good, bold = score(left, risk, risk), score(left, risk, risk**0.5)
    assert good.calibration_error < 0.012
    assert bold.calibration_error > 0.15
    assert sum(bin_.low <= bin_.predicted <= bin_.high for bin_ in good.calibration) >= 8
    assert good.brier < good.brier_of_rate < bold.brier + 0.05
    assert good.expected_left == pytest.approx(good.left, rel=0.05)
    assert good.auc == bold.auc


def test_bins_keep_equal_risks_together() -> None:
    risk = np.repeat([0.1, 0.5, 0.9], [500, 300, 200])
    bins = calibration_bins(np.arange(1000) % 2 == 0, risk)
    assert [bin_.predicted for bin_ in bins] == pytest.approx([0.1, 0.5, 0.9])
    assert [bin_.people for bin_ in bins] == [500, 300, 200]
    assert all(bin_.low < bin_.observed == 0.5 < bin_.high for bin_ in bins)
