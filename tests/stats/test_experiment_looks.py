"""Looking often, adaptive arms, regions and checks: on real experiments and on drawn ones without effect."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow.csv
import pyarrow.parquet
import pytest
import scipy.stats

from bihuan.stats.errors import DataInsufficient, StatsInputInvalid
from bihuan.stats.experiments import (
    Arm,
    BetaPosterior,
    Inference,
    Moments,
    any_time_path,
    bandit_effect,
    compare,
    mean_arm,
    moments_of,
    multiple_exposure,
    pooled_arms,
    pre_period_bias,
    proportion_arm,
    sample_ratio,
    sample_ratio_any_time,
    synthetic_control,
    thompson_shares,
)
from tests.shared_data import shared_file

LOOKS, A_LOOK = 28, 120
ANY_TIME = Inference(looks="any_time", expected_people=2 * LOOKS * A_LOOK)


def false_alarms(shares: tuple[float, float], runs: int) -> tuple[float, float]:
    """How often a daily look finds an effect in shares: (any_time, fixed horizon)."""
    random = np.random.default_rng(11)
    counts = random.binomial(A_LOOK, [[[shares[0]], [shares[1]]]], (runs, 2, LOOKS)).cumsum(axis=2)
    hits = np.zeros(2)
    for control, treated in counts:
        arms = [
            (proportion_arm(int(c), A_LOOK * look), proportion_arm(int(t), A_LOOK * look))
            for look, (c, t) in enumerate(zip(control, treated, strict=True), 1)
        ]
        for place, how in enumerate((ANY_TIME, Inference())):
            hits[place] += any(compare(*pair, how).direction for pair in arms)
    return hits[0] / runs, hits[1] / runs


def test_daily_looks_mislead_a_fixed_horizon_but_not_an_any_time_interval() -> None:
    any_time, once = false_alarms((0.08, 0.08), 300)
    assert any_time <= 0.05
    assert once > 0.15


def test_daily_looks_find_an_effect_that_is_there() -> None:
    any_time, _ = false_alarms((0.08, 0.12), 100)
    assert any_time > 0.9


def test_revenue_of_few_buyers_is_safe_to_look_at() -> None:
    random = np.random.default_rng(12)
    hits = 0
    for _ in range(200):
        money = (random.random((2, LOOKS * A_LOOK)) < 0.05) * random.lognormal(3, 1, (2, LOOKS * A_LOOK))
        sums, squares = money.cumsum(axis=1), (money**2).cumsum(axis=1)
        ends = range(A_LOOK, LOOKS * A_LOOK + 1, A_LOOK)
        arms = [[mean_arm(Moments(n, sums[a, n - 1], squares[a, n - 1])) for a in (0, 1)] for n in ends]
        hits += any(compare(control, treated, ANY_TIME).direction for control, treated in arms)
    assert hits / 200 <= 0.05


def test_the_any_time_interval_is_that_of_the_paper() -> None:
    # Waudby-Smith and others (2024), theorem 2.2, written out for n = 500 with ρ of (60).
    how = Inference(looks="any_time", expected_people=1_000)
    rho = (-2 * np.log(0.05) + np.log(-2 * np.log(0.05) + 1)) / 1_000
    n = 500
    margin = np.sqrt(2 * (n * rho + 1) / (n**2 * rho) * np.log(np.sqrt(n * rho + 1) / 0.05))
    assert how.reach(n) / np.sqrt(n) == pytest.approx(margin)
    assert how.p_value(how.reach(n), n) == pytest.approx(0.05)
    assert how.reach(1_000) < Inference(looks="any_time", expected_people=100_000).reach(1_000)


def test_a_path_only_narrows() -> None:
    random = np.random.default_rng(13)
    values = random.normal([[0.0], [0.3]], 1, (2, 1_000))
    looks = [
        compare(mean_arm(moments_of(values[0, :n])), mean_arm(moments_of(values[1, :n])), ANY_TIME)
        for n in (10, 100, 300, 1_000)
    ]
    assert looks[0].reason == "too_few_people"
    path = any_time_path(looks)
    intervals = [each.difference for each in path if each.difference is not None]
    assert all(a.low <= b.low and b.high <= a.high for a, b in pairwise(intervals))
    p_values = [each.p_value for each in path if each.p_value is not None]
    assert p_values == sorted(p_values, reverse=True)
    with pytest.raises(ValueError, match="any_time"):
        any_time_path([compare(proportion_arm(1, 9), proportion_arm(2, 9))])


@cache
def asos() -> dict[tuple[str, int, int], list[dict[str, Any]]]:
    """The checkpoints of each experiment, variant and metric, in order of time."""
    path = shared_file("asos_digital_experiments/asos_digital_experiments_dataset.csv")
    found = defaultdict(list)
    for row in pyarrow.csv.read_csv(path).to_pylist():
        known = [row["variance_c"], row["variance_t"]]
        if all(value is not None and np.isfinite(value) for value in known):
            found[row["experiment_id"], row["variant_id"], row["metric_id"]].append(row)
    return {key: sorted(rows, key=lambda row: row["time_since_start"]) for key, rows in found.items()}


def test_peeking_at_the_experiments_of_asos() -> None:
    """Effects called at some checkpoint that the last one no longer shows: false calls of early looks."""
    called = {"once": 0, "any_time": 0}
    taken_back = {"once": 0, "any_time": 0}
    for rows in asos().values():
        arms = [[Arm(int(r[f"count_{a}"]), r[f"mean_{a}"], r[f"variance_{a}"]) for a in "ct"] for r in rows]
        last = compare(arms[-1][0], arms[-1][1]).direction
        people = arms[-1][0].people + arms[-1][1].people
        for looks in ("once", "any_time"):
            how = Inference(looks=looks, expected_people=people)
            calls = [compare(control, treated, how).direction for control, treated in arms]
            called[looks] += any(calls)
            taken_back[looks] += any(calls) and last == 0
    assert len(asos()) == 381
    assert called == {"once": 225, "any_time": 105}
    assert taken_back == {"once": 120, "any_time": 31}


def test_the_checkpoints_of_asos_without_an_effect() -> None:
    """The real checkpoints (people and variance) with means drawn as if nothing differed."""
    random = np.random.default_rng(14)
    hits = {"once": 0, "any_time": 0}
    keys = sorted(asos())[::2]
    for key in keys:
        rows = asos()[key]
        counts = np.maximum.accumulate([[r["count_c"], r["count_t"]] for r in rows]).astype(float)
        variance = np.array([rows[-1]["variance_c"], rows[-1]["variance_t"]])
        steps = np.diff(counts, axis=0, prepend=0)
        sums = (random.normal(size=steps.shape) * np.sqrt(steps * variance)).cumsum(axis=0)
        for looks in hits:
            how = Inference(looks=looks, expected_people=int(counts[-1].sum()))  # type: ignore[arg-type]
            for people, total in zip(counts, sums, strict=True):
                if people.min() > 1:
                    arms = [Arm(int(people[a]), total[a] / people[a], variance[a]) for a in (0, 1)]
                    if compare(arms[0], arms[1], how).direction:
                        hits[looks] += 1
                        break
    assert hits["once"] / len(keys) > 0.15
    assert hits["any_time"] / len(keys) <= 0.05


def test_the_badly_randomised_tests_of_upworthy_are_flagged_and_few_others() -> None:
    path = shared_file("upworthy/upworthy_exploratory_clean.parquet")
    columns = ["clickability_test_id", "impressions", "test_week"]
    table = pyarrow.parquet.read_table(path, columns=columns)
    counts, week = defaultdict(list), {}
    for test, impressions, when in zip(*(table[name].to_pylist() for name in columns), strict=True):
        counts[test].append(impressions)
        week[test] = when
    # The archive's authors declare 2013-06-25 … 2014-01-10 badly randomised: 22 % of the tests.
    bad = {test for test in counts if 201325 <= week[test] <= 201402}
    assert len(bad) / len(counts) == pytest.approx(0.22, abs=0.01)
    for check, most in ((sample_ratio, 0.006), (sample_ratio_any_time, 0.001)):
        flagged = {test for test, each in counts.items() if check(each, [1] * len(each)).failed}
        assert len(flagged & bad) / len(bad) > (0.66 if check is sample_ratio else 0.48)
        assert len(flagged - bad) / (len(counts) - len(bad)) < most


def test_a_sample_ratio_is_pearsons_test() -> None:
    theirs = scipy.stats.chisquare([480, 1_050, 500], [507.5, 1_015, 507.5])
    assert sample_ratio([480, 1_050, 500], [1, 2, 1]).p_value == pytest.approx(theirs.pvalue)
    assert sample_ratio([0, 0], [1, 1]).reason == "nothing_to_compare"
    with pytest.raises(ValueError, match="share above 0"):
        sample_ratio([1, 2], [1, 0])


def test_daily_looks_at_a_sound_sample_ratio_raise_no_alarm() -> None:
    random = np.random.default_rng(15)
    counts = random.multinomial(200, [0.1, 0.9], (300, 40)).cumsum(axis=1)
    alarms = sum(
        any(sample_ratio_any_time(row.tolist(), [1, 9], alarm=0.05).failed for row in days) for days in counts
    )
    assert alarms / 300 <= 0.05
    assert sample_ratio_any_time([1_000, 8_000], [1, 9]).failed is False
    assert sample_ratio_any_time([1_000, 7_000], [1, 9]).failed


def test_arms_that_differed_before_and_people_in_two_arms() -> None:
    random = np.random.default_rng(16)
    before = random.gamma(2, 5, (2, 3_000))
    same = [moments_of(np.zeros(3_000), x=before[arm]) for arm in (0, 1)]
    assert not pre_period_bias(*same)[0].failed
    check, effect = pre_period_bias(same[0], moments_of(np.zeros(3_000), x=before[1] + 1))
    assert check.failed
    assert effect.difference is not None
    assert effect.difference.value == pytest.approx(before[1].mean() + 1 - before[0].mean())
    assert not multiple_exposure(12, 1_000).failed
    assert multiple_exposure(30, 1_000).failed
    assert multiple_exposure(0, 0).reason == "no_people"
    theirs = scipy.stats.binomtest(30, 1_000, 0.01, alternative="greater").pvalue
    assert multiple_exposure(30, 1_000).p_value == pytest.approx(theirs)


def test_a_bandit_moves_people_and_is_still_read_honestly() -> None:
    random = np.random.default_rng(17)
    rate, runs, covered, naive, low_bias = 0.1, 150, 0, 0, []
    for _ in range(runs):
        shares, batches = [0.5, 0.5], []
        for _batch in range(8):
            people = random.multinomial(150, shares)
            hits = random.binomial(people, rate)
            pair = [Moments(int(n), float(s), float(s)) for n, s in zip(people, hits, strict=True)]
            batches.append((pair[0], pair[1]))
            shares = thompson_shares(
                [BetaPosterior(int(arm.y), arm.people - int(arm.y)) for arm in pooled_arms(batches)]
            )
        found = bandit_effect(batches).difference
        total = pooled_arms(batches)
        plain = compare(mean_arm(total[0]), mean_arm(total[1])).difference
        assert found is not None
        assert plain is not None
        covered += found.low <= 0 <= found.high
        naive += plain.low <= 0 <= plain.high
        low_bias.append(total[0].y / total[0].people - rate)
    assert covered / runs >= 0.92
    assert covered >= naive
    # Plain means of a bandit's arms are too low: what bandit_effect is for.
    assert np.mean(low_bias) < -0.001


def test_a_bandit_leans_to_the_better_arm_but_keeps_the_floor() -> None:
    shares = thompson_shares(
        [BetaPosterior(50, 950), BetaPosterior(150, 850), BetaPosterior(60, 940)], least=0.1
    )
    assert shares == pytest.approx([0.1, 0.8, 0.1], abs=1e-3)
    assert bandit_effect([]).reason == "no_people"
    with pytest.raises(ValueError, match="once"):
        bandit_effect([], Inference(looks="any_time"))


@cache
def geolift() -> tuple[np.ndarray, list[str]]:
    table = pyarrow.csv.read_csv(shared_file("geolift/GeoLift_Test.csv"))
    places, days = np.array(table["location"].to_pylist()), np.array(table["date"].to_pylist())
    names, values = sorted(set(places)), table["Y"].to_numpy().astype(float)
    return np.array([values[places == name][np.argsort(days[places == name])] for name in names]), names


def test_the_campaign_of_geolifts_walkthrough() -> None:
    outcomes, names = geolift()
    found = synthetic_control(outcomes, [names.index("chicago"), names.index("portland")], 90)
    assert found.lift.value == pytest.approx(0.054, abs=5e-4)
    assert round(found.total.value) == 4667
    assert found.per_region_day.value == pytest.approx(155.556, abs=1e-3)
    assert found.any_day_p_value == pytest.approx(0.01, abs=0.005)
    # Theirs of the average is by the jackknife+: 90 % interval -2,451 … 11,350 units.
    ninety = synthetic_control(
        outcomes, [names.index("chicago"), names.index("portland")], 90, confidence=0.9
    )
    assert -2_500 < ninety.total.low < 0
    assert 7_000 < ninety.total.high < 11_400
    assert (ninety.p_value > 0.1) == (ninety.total.low < 0 < ninety.total.high)
    assert found.weights.min() >= 0
    assert found.weights.sum() == pytest.approx(1)


@pytest.mark.parametrize("days", ["any_order", "shifts"])
def test_an_effect_of_known_size_on_regions_is_found(days: str) -> None:
    outcomes, _ = geolift()
    changed = outcomes[:, :90].copy()
    changed[3, 80:] += 900
    found = synthetic_control(changed, [3], 80, days=days)  # type: ignore[arg-type]
    plain = synthetic_control(outcomes[:, :90], [3], 80, days=days)  # type: ignore[arg-type]
    assert found.per_region_day.value - plain.per_region_day.value == pytest.approx(900)
    assert found.per_region_day.low < 900 + plain.per_region_day.value < found.per_region_day.high
    assert found.p_value < 0.05 < plain.p_value


def test_regions_that_cannot_be_compared_are_refused() -> None:
    outcomes, _ = geolift()
    with pytest.raises(DataInsufficient):
        synthetic_control(outcomes, [0], 10)
    with pytest.raises(DataInsufficient):
        synthetic_control(outcomes[:3], [0], 90)
    with pytest.raises(StatsInputInvalid):
        synthetic_control(outcomes, [], 90)
    with pytest.raises(StatsInputInvalid):
        synthetic_control(outcomes, [0], 105)
