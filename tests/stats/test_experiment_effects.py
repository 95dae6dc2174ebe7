"""Effects against statsmodels, SciPy, published campaigns, and laws that must hold for any data."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow.csv
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.stats.experiments import (
    Arm,
    Effect,
    Inference,
    Moments,
    adjusted_arms,
    compare,
    corrected,
    guard_rail,
    heterogeneity,
    mean_arm,
    moments_of,
    proportion_arm,
    quotient,
    ratio_arm,
)
from bihuan.stats.proportions import Interval
from tests.shared_data import shared_file

PEOPLE = 4_000


@cache
def hillstrom() -> dict[str, dict[str, np.ndarray]]:
    """Columns visit, conversion, spend, history of the arms None, Mens and Womens."""
    table = pyarrow.csv.read_csv(shared_file("hillstrom/hillstrom.csv"))
    segment = np.array(table["segment"].to_pylist())
    columns = {
        name: table[name].to_numpy().astype(float) for name in ("visit", "conversion", "spend", "history")
    }
    return {
        short: {name: values[segment == f"{long} E-Mail"] for name, values in columns.items()}
        for short, long in (("none", "No"), ("mens", "Mens"), ("womens", "Womens"))
    }


def known(value: Interval | None) -> Interval:
    assert value is not None
    return value


def ends(value: Interval | None) -> tuple[float, float]:
    return known(value).low, known(value).high


def draws(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize(("arm", "rate", "lift"), [("mens", 18.28, 7.66), ("womens", 15.14, 4.52)])
def test_hillstroms_visits(arm: str, rate: float, lift: float) -> None:
    data = hillstrom()
    none, mailed = (
        proportion_arm(int(data[name]["visit"].sum()), len(data[name]["visit"])) for name in ("none", arm)
    )
    effect = compare(none, mailed)
    assert round(100 * known(effect.control).value, 2) == 10.62
    assert round(100 * known(effect.treated).value, 2) == rate
    assert round(100 * known(effect.difference).value, 2) == lift
    low, high = ends(effect.difference)
    assert low < lift / 100 < high
    assert high - low == pytest.approx(2 * 1.96 * (effect.standard_error or 0), rel=0.01)
    assert effect.direction == 1


@pytest.mark.parametrize(
    ("arm", "conversion", "spend"), [("none", 0.573, 0.653), ("mens", 1.253, 1.423), ("womens", 0.884, 1.077)]
)
def test_hillstroms_conversions_and_spend(arm: str, conversion: float, spend: float) -> None:
    data = hillstrom()
    orders = compare(
        mean_arm(moments_of(data["none"]["conversion"])), mean_arm(moments_of(data[arm]["conversion"]))
    )
    money = compare(mean_arm(moments_of(data["none"]["spend"])), mean_arm(moments_of(data[arm]["spend"])))
    assert round(100 * known(orders.treated).value, 3) == conversion
    assert round(known(money.treated).value, 3) == spend
    if arm != "none":
        assert orders.direction == money.direction == 1
        theirs = scipy.stats.ttest_ind(data[arm]["spend"], data["none"]["spend"], equal_var=False)
        assert money.p_value == pytest.approx(theirs.pvalue, rel=1e-6)


def test_a_mean_is_welchs_test() -> None:
    random = draws(1)
    control, treated = random.exponential(3, 60), random.exponential(4, 45)
    effect = compare(mean_arm(moments_of(control)), mean_arm(moments_of(treated)))
    theirs = scipy.stats.ttest_ind(treated, control, equal_var=False)
    assert effect.p_value == pytest.approx(theirs.pvalue)
    interval = theirs.confidence_interval(0.95)
    assert ends(effect.difference) == pytest.approx((interval.low, interval.high))
    oracle = pytest.importorskip("statsmodels.stats.weightstats")
    pair = oracle.CompareMeans(oracle.DescrStatsW(treated), oracle.DescrStatsW(control))
    theirs_too = pair.tconfint_diff(usevar="unequal")
    assert ends(effect.difference) == pytest.approx(theirs_too)


def test_a_proportion_is_the_pooled_z_test() -> None:
    effect = compare(proportion_arm(40, 500), proportion_arm(66, 480))
    oracle = pytest.importorskip("statsmodels.stats.proportion")
    assert effect.p_value == pytest.approx(oracle.proportions_ztest([66, 40], [480, 500])[1])
    assert effect.people == (500, 480)


def test_the_variance_of_a_ratio_is_that_of_resampled_people() -> None:
    random = draws(2)
    orders = random.poisson(2, PEOPLE) + (random.random(PEOPLE) < 0.3)
    money = orders * random.gamma(2, 10, PEOPLE)
    arm = ratio_arm(moments_of(money, d=orders))
    assert arm.value == pytest.approx(money.sum() / orders.sum())
    drawn = random.integers(0, PEOPLE, (400, PEOPLE))
    resampled = money[drawn].sum(axis=1) / orders[drawn].sum(axis=1)
    assert arm.standard_error == pytest.approx(resampled.std(), rel=0.12)


def test_cuped_takes_away_what_the_covariate_explains() -> None:
    random = draws(3)
    before = random.gamma(2, 5, (2, PEOPLE))
    after = 0.8 * before + random.normal(0, 3, (2, PEOPLE)) + np.array([[0.0], [1.0]])
    sums = [moments_of(after[arm], x=before[arm]) for arm in (0, 1)]
    plain = compare(mean_arm(sums[0]), mean_arm(sums[1]))
    control, treated = adjusted_arms(sums)
    effect = compare(control, treated)
    explained = np.corrcoef(before[0], after[0])[0, 1] ** 2
    assert effect.kept == pytest.approx(1 - explained, abs=0.03)
    assert effect.standard_error == pytest.approx(
        (plain.standard_error or 0) * (1 - explained) ** 0.5, rel=0.03
    )
    # The same as least squares with the covariate in the model (analysis of covariance).
    design = np.column_stack([np.ones(2 * PEOPLE), np.repeat([0, 1], PEOPLE), before.ravel()])
    slopes = np.linalg.lstsq(design, after.ravel(), rcond=None)[0]
    assert known(effect.difference).value == pytest.approx(slopes[1], abs=1e-9)


def test_cuped_of_a_ratio_narrows_without_moving_the_truth() -> None:
    random = draws(4)
    taste = random.gamma(4, 1, (2, PEOPLE))
    orders = 1 + random.poisson(1, (2, PEOPLE))
    money = orders * (taste + random.normal(0, 0.5, (2, PEOPLE)))
    money[1] += 0.2 * orders[1]
    sums = [moments_of(money[arm], x=taste[arm], d=orders[arm]) for arm in (0, 1)]
    plain = compare(ratio_arm(sums[0]), ratio_arm(sums[1]))
    control, treated = adjusted_arms(sums, ratio=True)
    effect = compare(control, treated)
    assert (effect.kept or 1) < 0.4
    low, high = ends(effect.difference)
    assert low < 0.2 < high
    assert high - low < 0.65 * (ends(plain.difference)[1] - ends(plain.difference)[0])


def test_a_covariate_that_never_varies_changes_nothing() -> None:
    sums = [moments_of([1.0, 2.0, 4.0], x=[5.0, 5.0, 5.0]), moments_of([0.0, 2.0], x=[5.0, 5.0])]
    assert adjusted_arms(sums) == [mean_arm(each) for each in sums]


@pytest.mark.parametrize(
    ("control", "treated", "reason"),
    [
        (proportion_arm(0, 0), proportion_arm(1, 2), "no_people"),
        (mean_arm(Moments(1, 2.0, 4.0)), mean_arm(Moments(5, 2.0, 4.0)), "too_few_people"),
        (ratio_arm(Moments(5)), ratio_arm(Moments(5)), "no_denominator"),
        (ratio_arm(Moments(0)), ratio_arm(Moments(5)), "no_people"),
        (mean_arm(moments_of([2.0, 2.0])), mean_arm(moments_of([3.0, 3.0])), "no_variation"),
        (proportion_arm(4, 4), proportion_arm(5, 5), "no_variation"),
    ],
)
def test_degenerate_arms_are_a_result_with_a_reason(control: Arm, treated: Arm, reason: str) -> None:
    effect = compare(control, treated)
    assert (effect.reason, effect.p_value, effect.direction) == (reason, None, 0)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(0, 1000), min_size=2, max_size=30),
    st.lists(st.floats(0, 1000), min_size=2, max_size=30),
    st.floats(0.01, 100),
)
def test_a_change_of_unit_changes_only_the_unit(first: list[float], second: list[float], unit: float) -> None:
    effect = compare(mean_arm(moments_of(first)), mean_arm(moments_of(second)))
    scaled = compare(
        mean_arm(moments_of(np.array(first) * unit)), mean_arm(moments_of(np.array(second) * unit))
    )
    turned = compare(mean_arm(moments_of(second)), mean_arm(moments_of(first)))
    size = max(*first, *second, 1e-3)
    assert known(scaled.difference).value == pytest.approx(
        known(effect.difference).value * unit, abs=1e-6 * size * unit
    )
    assert known(turned.difference).value == pytest.approx(-known(effect.difference).value, abs=1e-9 * size)
    if (
        effect.p_value is not None
        and scaled.p_value is not None
        and (effect.standard_error or 0) > 1e-3 * size
    ):
        assert scaled.p_value == pytest.approx(effect.p_value, abs=1e-6)
        assert turned.p_value == pytest.approx(effect.p_value, abs=1e-6)
        assert (effect.p_value < 0.05) == (effect.direction != 0) or abs(effect.p_value - 0.05) < 1e-6


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 99), st.floats(0, 9), st.floats(0, 5)), min_size=2), st.integers(0, 40)
)
def test_sums_of_parts_are_the_sum_of_the_whole(rows: list[tuple[float, float, float]], cut: int) -> None:
    table = np.array(rows)

    def sums(part: np.ndarray) -> Moments:
        return moments_of(part[:, 0], x=part[:, 1], d=part[:, 2])

    joined, whole = sums(table[:cut]) + sums(table[cut:]), sums(table)
    assert joined.people == whole.people
    assert vars(joined) == pytest.approx(vars(whole))


def test_fiellers_set_of_his_kind() -> None:
    # With a certain denominator it is the plain interval; with one near 0 it is unbounded with a gap.
    certain = quotient(6.0, 2.0, 1.0, 0.0, reach=1.96)
    assert (certain.low, certain.value, certain.high) == pytest.approx((2.02, 3.0, 3.98))
    near = quotient(6.0, 0.5, 1.0, 1.0, reach=1.96)
    assert not near.bounded
    assert near.gap is not None
    assert near.gap[0] < 0 < near.gap[1]
    assert quotient(0.5, 0.5, 1.0, 1.0, reach=1.96).gap is None


def test_fiellers_set_covers_where_the_delta_method_does_not() -> None:
    random = draws(5)
    above, below = random.normal(1.0, 1.0, 4000), random.normal(2.0, 1.0, 4000)
    covered = 0
    for first, second in zip(above, below, strict=True):
        found = quotient(first, second, 1.0, 1.0, reach=1.96)
        inside = found.low <= 0.5 <= found.high
        covered += inside and not (found.gap is not None and found.gap[0] < 0.5 < found.gap[1])
    assert covered / 4000 == pytest.approx(0.95, abs=0.012)


@pytest.mark.parametrize("seed", range(12))
def test_corrections_are_those_of_statsmodels(seed: int) -> None:
    multipletests = pytest.importorskip("statsmodels.stats.multitest").multipletests
    random = draws(seed)
    p_values = [None if random.random() < 0.2 else float(random.random() ** 3) for _ in range(seed)]
    plain = [each for each in p_values if each is not None]
    for ours, theirs in (("holm", "holm"), ("benjamini_hochberg", "fdr_bh")):
        found = corrected(p_values, ours)  # type: ignore[arg-type]
        assert [each is None for each in found] == [each is None for each in p_values]
        if plain:
            expected = multipletests(plain, method=theirs)[1]
            assert [each for each in found if each is not None] == pytest.approx(list(expected))
    assert corrected(p_values, "none") == p_values


def spread(value: float, margin: float) -> Effect:
    interval = Interval(value, value - margin, value + margin)
    return Effect(None, None, interval, interval, 0.5, margin / 1.96, (100, 100), "once")


@pytest.mark.parametrize(
    ("value", "margin", "verdict"),
    [(0.0, 0.01, "safe"), (-0.05, 0.01, "harmed"), (-0.025, 0.01, "worse"), (0.0, 0.03, "unclear")],
)
def test_guard_rails(value: float, margin: float, verdict: str) -> None:
    assert guard_rail(spread(value, margin), margin=0.02, better="higher").verdict == verdict
    assert guard_rail(spread(-value, margin), margin=0.02, better="lower").verdict == verdict
    nobody = compare(proportion_arm(0, 0), proportion_arm(0, 0))
    assert guard_rail(nobody, margin=0.02, better="higher").verdict == "unclear"


def test_heterogeneity_of_two_segments_is_the_interaction() -> None:
    first, second = spread(0.10, 0.02), spread(0.03, 0.03)
    found = heterogeneity([first, second])
    errors = [(each.standard_error or 0) ** 2 for each in (first, second)]
    z = 0.07 / sum(errors) ** 0.5
    assert found.p_value == pytest.approx(2 * scipy.stats.norm.sf(z))
    assert heterogeneity([first]).p_value is None
    assert heterogeneity([]).segments == 0


def test_heterogeneity_is_rarely_found_where_there_is_none() -> None:
    random = draws(6)
    hits = sum(
        (heterogeneity([spread(0.1 + random.normal(0, 0.1), 0.196) for _ in range(5)]).p_value or 1) < 0.05
        for _ in range(1000)
    )
    assert 30 <= hits <= 72


def test_sharing_the_error_widens_all_intervals() -> None:
    shared = Inference().shared(4)
    assert shared.confidence == pytest.approx(0.9875)
    assert shared.reach(100) == pytest.approx(scipy.stats.norm.ppf(1 - 0.05 / 8))
