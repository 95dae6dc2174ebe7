"""Proportions against published figures and against statsmodels and SciPy where they are installed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.stats import (
    adjusted_p_values,
    odds_ratio,
    proportion,
    proportion_difference,
    representation,
    share_ratio,
)

COUNTS = st.integers(0, 200).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials)))


def test_wilson_interval_of_newcombes_examples() -> None:
    # R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3.
    examples = {
        (81, 263): (0.2553, 0.3662),
        (15, 148): (0.0624, 0.1605),
        (0, 20): (0, 0.1611),
        (1, 29): (0.0061, 0.1718),
    }
    for (successes, trials), ends in examples.items():
        found = proportion(successes, trials)
        assert (found.low, found.high) == pytest.approx(ends, abs=5e-5)


def test_difference_interval_of_newcombes_examples() -> None:
    # R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10.
    examples = {
        (56, 70, 48, 80): (0.0524, 0.3339), (9, 10, 3, 10): (0.1705, 0.8090), (10, 10, 0, 10): (0.6075, 1.0),
        (0, 10, 0, 10): (-0.2775, 0.2775), (5, 56, 0, 29): (-0.0381, 0.1926),
    }  # fmt: skip
    for counts, ends in examples.items():
        found = proportion_difference(*counts)
        assert (found.low, found.high) == pytest.approx(ends, abs=5e-5)


def test_degenerate_input_is_a_result_with_a_reason() -> None:
    assert proportion(0, 0).reason == "no_trials"
    assert proportion_difference(0, 0, 1, 2).reason == "no_trials"
    assert proportion_difference(3, 3, 5, 5).reason == "no_variation"
    assert odds_ratio(1, 2, 0, 0).reason == "no_trials"


def test_odds_ratio_of_one_table() -> None:
    found = odds_ratio(10, 20, 5, 20)
    assert found.ratio == pytest.approx(10.5 * 15.5 / (10.5 * 5.5))
    assert (found.low or 0) < 1 < (found.high or 0)


def test_adjusted_p_values_of_a_worked_example() -> None:
    # 0.01 * 4 / 1, 0.02 * 4 / 2, 0.03 * 4 / 3, 0.5 * 4 / 4; those after a smaller one take it.
    assert adjusted_p_values([0.03, None, 0.01, 0.5, 0.02]) == pytest.approx([0.04, None, 0.04, 0.5, 0.04])
    assert adjusted_p_values([]) == []


@given(COUNTS, COUNTS)
def test_a_difference_lies_in_its_interval_and_turns_with_its_sides(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    there, back = proportion_difference(*first, *second), proportion_difference(*second, *first)
    if there.difference is None or there.low is None or there.high is None:
        assert 0 in (first[1], second[1])
        return
    assert -1 <= there.low <= there.difference <= there.high <= 1
    assert back.difference == pytest.approx(-there.difference)
    assert (back.low, back.high) == pytest.approx((-there.high, -there.low))


@given(COUNTS, COUNTS)
def test_the_figures_are_those_of_statsmodels(first: tuple[int, int], second: tuple[int, int]) -> None:
    oracle = pytest.importorskip("statsmodels.stats.proportion")
    if not first[1] or not second[1]:
        return
    low, high = oracle.confint_proportions_2indep(*first, *second, method="newcomb", compare="diff")
    found = proportion_difference(*first, *second)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)
    if found.p_value is not None:
        _, p_value = oracle.proportions_ztest([first[0], second[0]], [first[1], second[1]])
        assert found.p_value == pytest.approx(p_value, abs=1e-12)


@given(st.lists(st.floats(0, 1), max_size=30))
def test_adjusted_p_values_are_those_of_statsmodels(p_values: list[float]) -> None:
    oracle = pytest.importorskip("statsmodels.stats.multitest")
    if p_values:
        assert adjusted_p_values(p_values) == pytest.approx(
            list(oracle.multipletests(p_values, method="fdr_bh")[1])
        )


@pytest.mark.parametrize("counts", [(300, 1000, 500, 2500), (40, 900, 200, 1200), (850, 1000, 400, 600)])
def test_ratio_intervals_are_near_those_of_statsmodels(counts: tuple[int, int, int, int]) -> None:
    # Another method (the score interval of P. A. R. Koopman): with many people they agree.
    oracle = pytest.importorskip("statsmodels.stats.proportion")
    low, high = oracle.confint_proportions_2indep(*counts, compare="ratio", method="score")
    found = share_ratio(*counts)
    assert (found.low, found.high) == pytest.approx((low, high), rel=0.01)


@given(COUNTS, COUNTS)
def test_a_ratio_lies_in_its_interval_and_turns_with_its_sides(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    there, back = share_ratio(*first, *second), share_ratio(*second, *first)
    if there.ratio is None or there.low is None or there.high is None:
        assert there.reason == ("no_successes" if first[1] and second[1] else "no_trials")
        return
    assert 0 <= there.low <= there.ratio * (1 + 1e-9)
    assert there.ratio <= there.high * (1 + 1e-9)
    if back.low is not None and back.high is not None:
        assert there.low == pytest.approx(1 / back.high, rel=1e-6)


def test_the_ratio_interval_holds_the_truth_as_often_as_it_says() -> None:
    numpy = pytest.importorskip("numpy")
    rng, inside = numpy.random.default_rng(0), 0
    for first, second in zip(rng.binomial(80, 0.3, 800), rng.binomial(120, 0.15, 800), strict=True):
        found = share_ratio(int(first), 80, int(second), 120)
        inside += found.low is not None and found.high is not None and found.low <= 2 <= found.high
    assert 0.93 <= inside / 800 <= 0.975


@given(COUNTS, COUNTS)
def test_a_part_is_compared_with_the_whole_that_contains_it(
    part: tuple[int, int], rest: tuple[int, int]
) -> None:
    whole = (part[0] + rest[0], part[1] + rest[1])
    found = representation(*part, *whole)
    if not part[1]:
        assert found.reason == "no_trials"
        return
    assert found.difference is not None
    assert found.difference.value == pytest.approx(part[0] / part[1] - whole[0] / whole[1])
    assert found.difference.low - 1e-12 <= found.difference.value <= found.difference.high + 1e-12
    if found.ratio is None:
        assert whole[0] == 0
        return
    assert found.ratio.value == pytest.approx((part[0] / part[1]) / (whole[0] / whole[1]))
    assert found.ratio.low <= found.ratio.value * (1 + 1e-9)
    assert found.ratio.value <= found.ratio.high * (1 + 1e-9)
    # Nothing is found more often in a part than if the whole had it nowhere else.
    assert found.ratio.high <= whole[1] / part[1] * (1 + 1e-9)


def test_intervals_of_a_part_hold_the_truth_as_often_as_they_say() -> None:
    numpy = pytest.importorskip("numpy")
    rng = numpy.random.default_rng(1)
    inside = numpy.zeros(2)
    # 30 % of 200 and 15 % of the other 800: 18 % of all, 12 points and a ratio of 5/3 apart.
    for part, rest in zip(rng.binomial(200, 0.3, 600), rng.binomial(800, 0.15, 600), strict=True):
        found = representation(int(part), 200, int(part + rest), 1000)
        for place, (interval, truth) in enumerate(((found.difference, 0.12), (found.ratio, 5 / 3))):
            assert interval is not None
            inside[place] += interval.low <= truth <= interval.high
    assert numpy.all((inside / 600 > 0.925) & (inside / 600 < 0.975))


def test_the_index_of_an_audience() -> None:
    found = representation(60, 200, 1500, 10_000)
    assert found.ratio is not None
    assert found.ratio.value == pytest.approx(2.0)
    assert 1.6 < found.ratio.low < 2.0 < found.ratio.high < 2.5
    assert (found.p_value or 1) < 1e-6
    everyone = representation(3, 10, 3, 10)
    assert (everyone.reason, everyone.p_value) == ("everyone", None)
    with pytest.raises(ValueError, match="part"):
        representation(5, 10, 4, 100)
