"""Power, Bayesian readings, quantiles, capped revenue, returns and shortfalls against libraries and laws."""

from __future__ import annotations

from math import inf, sqrt

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.stats.errors import StatsInputInvalid
from bihuan.stats.experiments import (
    Arm,
    Baseline,
    BetaPosterior,
    Inference,
    NormalPosterior,
    Plan,
    beliefs,
    chances_to_be_best,
    compare,
    cost_per_incremental,
    incremental,
    moments_of,
    needed_people,
    posterior,
    power_of,
    proportion_arm,
    quantile_of,
    quantile_ranks,
    ratio_arm,
    return_on_investment,
    return_on_varying_cost,
    shortfall,
    smallest_effect,
    winsorised,
)
from bihuan.stats.proportions import Interval

SHARE = Baseline(0.10, 0.09, is_share=True)


def test_people_needed_are_those_of_statsmodels() -> None:
    oracle = pytest.importorskip("statsmodels.stats.power")
    mean = Baseline(50.0, 400.0)
    theirs = oracle.NormalIndPower().solve_power(effect_size=2 / 20, alpha=0.05, power=0.8, ratio=1)
    assert needed_people(mean, 2.0, Plan()) == pytest.approx(2 * theirs, rel=2e-3)
    # A holdout of a tenth: nine treated for each in the control.
    theirs = oracle.NormalIndPower().solve_power(effect_size=2 / 20, alpha=0.05, power=0.9, ratio=9)
    assert needed_people(mean, 2.0, Plan(holdout=0.1, power=0.9)) == pytest.approx(10 * theirs, rel=2e-3)


def test_people_needed_for_a_share_of_the_textbook() -> None:
    # J. L. Fleiss, B. Levin, M. C. Paik, Statistical Methods for Rates and Proportions, formula 4.14.
    z, p = scipy.stats.norm.ppf([0.975, 0.8]), (0.10, 0.12)
    middle = sum(p) / 2
    root = z[0] * sqrt(2 * middle * (1 - middle)) + z[1] * sqrt(sum(each * (1 - each) for each in p))
    assert needed_people(SHARE, 0.02, Plan()) == pytest.approx(2 * root**2 / 0.02**2, abs=2)


@pytest.mark.parametrize("looks", ["once", "any_time"])
@pytest.mark.parametrize("holdout", [0.05, 0.5])
def test_the_smallest_effect_and_the_people_needed_agree(looks: str, holdout: float) -> None:
    how = Inference(looks=looks, expected_people=40_000)  # type: ignore[arg-type]
    plan = Plan(holdout, how)
    effect = smallest_effect(SHARE, 40_000, plan)
    assert effect is not None
    assert power_of(SHARE, effect, 40_000, plan) == pytest.approx(0.8, abs=1e-4)
    assert needed_people(SHARE, effect, plan) == pytest.approx(40_000, rel=2e-3)
    assert power_of(SHARE, effect / 2, 40_000, plan) < 0.8


def test_power_is_how_often_the_effect_is_found() -> None:
    random = np.random.default_rng(1)
    plan = Plan(holdout=0.3)
    drawn = random.binomial([[1_200], [2_800]], [[0.10], [0.13]], (2, 1500)).T
    hits = [
        compare(proportion_arm(int(c), 1_200), proportion_arm(int(t), 2_800)).p_value or 1 for c, t in drawn
    ]
    assert np.mean(np.array(hits) < 0.05) == pytest.approx(power_of(SHARE, 0.03, 4_000, plan), abs=0.03)


def test_cuped_and_many_comparisons_change_the_people_needed() -> None:
    plain = needed_people(Baseline(50.0, 400.0), 2.0, Plan()) or 0
    assert needed_people(Baseline(50.0, 400.0, kept=0.5), 2.0, Plan()) == pytest.approx(plain / 2, rel=1e-3)
    assert (needed_people(Baseline(50.0, 400.0), 2.0, Plan(comparisons=6)) or 0) > 1.4 * plain
    ratio = ratio_arm(moments_of([4.0, 9.0, 1.0, 6.0], d=[1.0, 2.0, 1.0, 2.0]))
    assert Baseline.of(ratio) == Baseline(ratio.value or 0, ratio.variance)


def test_what_cannot_be_shown_is_none() -> None:
    assert smallest_effect(SHARE, 6, Plan()) is None
    assert needed_people(SHARE, 0.0, Plan()) is None
    assert needed_people(SHARE, 0.95, Plan()) is None
    assert needed_people(Baseline(1.0, 1.0), 1e-9, Plan()) is None


def test_chances_and_losses_are_those_of_drawing() -> None:
    posteriors = [BetaPosterior(120, 880), BetaPosterior(140, 860), BetaPosterior(30, 170)]
    random = np.random.default_rng(2)
    drawn = np.array([random.beta(1 + p.successes, 1 + p.failures, 400_000) for p in posteriors])
    found = beliefs(posteriors)
    best = drawn.max(axis=0)
    for index, belief in enumerate(found):
        assert belief.best == pytest.approx(np.mean(drawn[index] == best), abs=0.004)
        assert belief.loss == pytest.approx(np.mean(best - drawn[index]), abs=2e-4)
        assert (belief.value.low, belief.value.high) == pytest.approx(
            tuple(np.quantile(drawn[index], [0.025, 0.975])), abs=1e-3
        )


def test_two_normal_arms_have_a_closed_form() -> None:
    pair = [NormalPosterior(10.0, 1.0), NormalPosterior(11.0, 2.0)]
    z = 1 / sqrt(5)
    first, second = beliefs(pair)
    assert second.best == pytest.approx(scipy.stats.norm.cdf(z), abs=2e-3)
    expected = sqrt(5) * (scipy.stats.norm.pdf(z) - z * scipy.stats.norm.sf(z))
    assert second.loss == pytest.approx(expected, rel=1e-3)
    assert first.loss == pytest.approx(expected + 1, rel=1e-3)
    lower = beliefs(pair, higher_is_better=False)
    assert lower[0].best == pytest.approx(second.best, abs=2e-3)
    assert lower[0].loss == pytest.approx(second.loss, rel=1e-2)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=5))
def test_chances_add_up_and_losses_are_not_negative(counts: list[tuple[int, int]]) -> None:
    arms = [BetaPosterior(*each) for each in counts]
    assert sum(chances_to_be_best(arms)) == pytest.approx(1, abs=2e-3)
    assert min(belief.loss for belief in beliefs(arms)) >= 0


def test_a_prior_draws_an_estimate_to_itself() -> None:
    arm = Arm(100, 10.0, 400.0)
    found = posterior(arm, prior=(6.0, 2.0))
    assert isinstance(found, NormalPosterior)
    assert (found.value, found.error) == pytest.approx((8.0, sqrt(2)))
    assert posterior(proportion_arm(3, 10)) == BetaPosterior(3, 7)
    assert posterior(Arm(0, None, 0.0, reason="no_people")) is None


def test_a_quantiles_interval_covers_it() -> None:
    random = np.random.default_rng(3)
    truth = np.exp(scipy.stats.norm.ppf(0.9))
    covered = 0
    for _ in range(400):
        values = np.exp(random.normal(size=(2, 600))) * [[1.0], [2.0]]
        difference = compare(quantile_of(values[0], 0.9), quantile_of(values[1], 0.9)).difference
        assert difference is not None
        covered += difference.low <= truth <= difference.high
    assert 0.92 <= covered / 400 <= 0.98


def test_ranks_of_a_median() -> None:
    ranks = quantile_ranks(100, 0.5)
    # 95 % of the binomial (100, ½): the 40th and 61st value.
    assert ranks is not None
    assert (ranks.low, ranks.middle, ranks.high) == (40, 50, 61)
    assert quantile_ranks(20, 0.99) is None
    wide = quantile_ranks(100, 0.5, share_error=0.1)
    assert wide is not None
    assert wide.high - wide.low == pytest.approx(2 * (ranks.high - ranks.low), abs=3)
    assert quantile_of([1.0, 2.0], 0.5).reason == "too_few_people"


def test_one_cap_for_all_arms() -> None:
    found = winsorised([[0.0, 1.0, 2.0, 100.0], [0.0, 3.0, 4.0, 5.0]], quantile=0.8)
    assert found.cap == pytest.approx(np.quantile([1, 2, 100, 3, 4, 5], 0.8))
    assert found.arms[0].max() == found.cap
    assert found.people == 1
    assert found.lost == pytest.approx(100 - found.cap)
    assert winsorised([[0.0], [0.0]]).lost == 0


def test_costs_and_returns_of_what_was_gained() -> None:
    effect = compare(proportion_arm(100, 2_000), proportion_arm(720, 8_000))
    gained = incremental(effect)
    assert gained is not None
    assert gained.value == pytest.approx(320)
    cost = cost_per_incremental(gained, 640.0)
    assert cost.value == pytest.approx(2.0)
    assert cost.low == pytest.approx(640 / gained.high)
    assert cost.high == pytest.approx(640 / gained.low)
    unsure = cost_per_incremental(Interval(5.0, -5.0, 15.0), 30.0)
    assert (unsure.value, unsure.low, unsure.high) == (6.0, 2.0, inf)
    lost = cost_per_incremental(Interval(-5.0, -9.0, -1.0), 30.0)
    assert (lost.value, lost.low, lost.high) == (None, None, inf)
    assert return_on_investment(Interval(300.0, 100.0, 500.0), 100.0, margin=0.5) == Interval(0.5, -0.5, 1.5)
    assert return_on_investment(gained, 0.0) is None


def test_the_return_on_varying_costs_covers_the_truth() -> None:
    random = np.random.default_rng(4)
    covered = bounded = 0
    for _ in range(300):
        redeemed = random.random((2, 800)) < [[0.0], [0.3]]
        money = random.gamma(1, 10, (2, 800)) + redeemed * random.gamma(2, 5, (2, 800))
        sums = [moments_of(money[arm], d=redeemed[arm] * 4.0) for arm in (0, 1)]
        # 0.3 · 10 more revenue, half of it margin, against a cost of 0.3 · 4 and 800 · 0.05 once.
        found = return_on_varying_cost(sums[0], sums[1], fixed_cost=40.0, margin=0.5)
        assert found is not None
        covered += found.low <= 1.5 / 1.25 - 1 <= found.high
        bounded += found.bounded
    assert bounded == 300
    assert 0.92 <= covered / 300 <= 0.98


def test_a_shortfall_of_two_factors_is_split_in_halves_of_their_product() -> None:
    found = shortfall({"reach": 100.0, "effect": 0.5}, {"reach": 80.0, "effect": 0.25})
    assert (found.planned, found.actual, found.gap.value) == (50.0, 20.0, -30.0)
    assert found.parts["reach"].value == pytest.approx(-20 * (0.5 + 0.25) / 2)
    assert found.parts["effect"].value == pytest.approx(-0.25 * (100 + 80) / 2)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), min_size=3, max_size=3))
def test_parts_of_a_shortfall_add_up_whatever_their_order(factors: list[tuple[float, float]]) -> None:
    names = ["reach", "effect", "value"]
    plan, real = (dict(zip(names, column, strict=True)) for column in zip(*factors, strict=True))
    found = shortfall(plan, real)
    assert sum(part.value for part in found.parts.values()) == pytest.approx(found.gap.value, abs=1e-6)
    turned = shortfall({name: plan[name] for name in reversed(names)}, real)
    assert all(turned.parts[name].value == pytest.approx(found.parts[name].value, abs=1e-6) for name in names)
    same = shortfall(plan, {**real, "value": plan["value"]})
    assert same.parts["value"].value == 0


def test_intervals_of_a_shortfall_come_from_draws() -> None:
    random = np.random.default_rng(5)
    plan, real = (
        {"reach": 1000.0, "effect": 0.05, "value": 20.0},
        {"reach": 900.0, "effect": 0.03, "value": 20.0},
    )
    found = shortfall(plan, real, {"effect": random.normal(0.03, 0.004, 4_000)})
    middle = (1000 + 900) / 2 * 20
    part = found.parts["effect"]
    assert part.high - part.low == pytest.approx(2 * 1.96 * 0.004 * middle, rel=0.05)
    assert part.value == pytest.approx(-0.02 * middle)
    assert found.parts["value"] == Interval(0.0, 0.0, 0.0)
    with pytest.raises(StatsInputInvalid):
        shortfall(plan, {"reach": 1.0})
    with pytest.raises(StatsInputInvalid):
        shortfall(plan, real, {"effect": np.zeros(3), "value": np.zeros(4)})
