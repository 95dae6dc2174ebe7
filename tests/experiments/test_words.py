"""Verdicts from sums alone: what is said, what is not, and what stops them."""

from __future__ import annotations

import pytest

from bihuan.analytics.query import EventSelector
from bihuan.experiments import Metric, Proportion, Verdict
from bihuan.experiments.bandits import thompson_weights
from bihuan.experiments.readings.assessing import Comparing, MetricSums, assess
from bihuan.experiments.readings.checking import check_before, check_several, check_shares
from bihuan.experiments.readings.schemas import CheckOutput, GroupCount
from bihuan.experiments.readings.words import Telling, verdict_of
from bihuan.stats.experiments import ONCE, Moments

BOUGHT = Proportion(event=EventSelector(events=("bought",)))
PRIMARY = Metric(key="buy", name="Bought", role="primary", measure=BOUGHT)
GUARD = Metric(key="stay", name="Stayed", role="guard_rail", measure=BOUGHT, margin=0.05)
COMPARING = Comparing(control="a", treated=("b", "c"), how=ONCE)


def share(people: int, bought: int, before: int = 0) -> Moments:
    return Moments(people, bought, bought, before, before)


def sums(metric: Metric, *counts: tuple[int, int]) -> MetricSums:
    return MetricSums(metric, dict(zip("abc", (share(*each) for each in counts), strict=False)))


def verdict(*measured: MetricSums, checks: tuple[CheckOutput, ...] = ()) -> Verdict:
    metrics = assess(measured, COMPARING)
    groups = [
        GroupCount(variant=figure.variant, people=figure.people, several=0, share=None)
        for figure in metrics[0].figures
    ]
    return verdict_of(groups, checks, metrics, Telling("a", 0.95, any_time=False))


def test_the_best_variant_is_named_and_the_open_one_is_not_called_useless() -> None:
    found = verdict(sums(PRIMARY, (10_000, 1_000), (10_000, 1_300), (10_000, 1_010)))
    assert (found.outcome, found.variant) == ("better", "b")
    assert found.said[0].en.startswith("Bought, b: 13.00% vs 10.00%, difference +3.00 points (95%")
    assert found.said[0].zh.startswith("Bought，b 组：13.00%，a 组：10.00%，差异 +3.00 个百分点（95%")
    assert "c changes Bought is open" in found.not_said[0].en
    assert "no proof of no effect" in found.not_said[0].en
    assert any("one look" in each.en for each in found.not_said)


def test_groups_that_nobody_named_have_chinese_names() -> None:
    counted = {"holdout": share(10_000, 1_000), "treated": share(10_000, 1_300)}
    comparing = Comparing(control="holdout", treated=("treated",), how=ONCE)
    metrics = assess([MetricSums(PRIMARY, counted)], comparing)
    groups = [GroupCount(variant=name, people=10_000, several=0, share=None) for name in counted]
    found = verdict_of(groups, (), metrics, Telling("holdout", 0.95, any_time=False))
    assert found.said[0].zh.startswith("Bought，非对照组：13.00%，对照组：10.00%，")
    assert found.said[0].en.startswith("Bought, treated: 13.00% vs 10.00%")


@pytest.mark.parametrize(
    ("counts", "outcome", "variant"),
    [
        (((10_000, 1_000), (10_000, 1_010), (10_000, 990)), "nothing_shown", None),
        (((10_000, 1_000), (10_000, 700), (10_000, 1_000)), "worse", "b"),
        (((0, 0), (10_000, 700), (10_000, 1_000)), "not_attributable", None),
        (((10, 1), (0, 0), (0, 0)), "too_early", None),
    ],
)
def test_outcomes(counts: tuple[tuple[int, int], ...], outcome: str, variant: str | None) -> None:
    found = verdict(sums(PRIMARY, *counts))
    assert (found.outcome, found.variant) == (outcome, variant)


def test_a_harmed_guard_rail_outweighs_a_better_metric() -> None:
    better = sums(PRIMARY, (10_000, 1_000), (10_000, 1_300), (10_000, 1_000))
    harmed = sums(GUARD, (10_000, 5_000), (10_000, 4_000), (10_000, 5_000))
    found = verdict(better, harmed)
    assert (found.outcome, found.variant) == ("guard_rail_harmed", "b")
    assert "5.0%" in found.said[-1].en


def test_less_is_better_where_it_was_declared() -> None:
    metric = PRIMARY.model_copy(update={"better": "lower"})
    found = verdict(sums(metric, (10_000, 1_000), (10_000, 700), (10_000, 1_000)))
    assert (found.outcome, found.variant) == ("better", "b")


def test_a_failed_check_stops_the_verdict_whatever_the_figures() -> None:
    failed = check_shares([({"a": 10_000, "b": 11_000}, {"a": 0.5, "b": 0.5})], any_time=False)
    assert failed.failed
    found = verdict(sums(PRIMARY, (10_000, 1_000), (11_000, 1_500)), checks=(failed,))
    assert found.outcome == "stopped"
    assert "shares planned" in found.said[0].en


def test_more_secondary_metrics_do_not_cost_the_primary_one() -> None:
    secondary = PRIMARY.model_copy(update={"role": "secondary", "key": "other"})
    counts = ((1_000, 100), (1_000, 130), (1_000, 100))
    alone = assess([sums(PRIMARY, *counts)], COMPARING)[0].effects[0]
    many = assess([sums(PRIMARY, *counts), *[sums(secondary, *counts)] * 5], COMPARING)
    assert many[0].effects[0].p_corrected == alone.p_corrected
    assert alone.p_value is not None
    assert alone.p_corrected == pytest.approx(2 * alone.p_value)
    assert many[1].effects[0].p_corrected == pytest.approx(10 * alone.p_value)


def test_shares_are_checked_by_period_of_weights() -> None:
    even, steep = {"a": 0.5, "b": 0.5}, {"a": 0.1, "b": 0.9}
    sound = [({"a": 1_000, "b": 1_010}, even), ({"a": 100, "b": 905}, steep)]
    assert not check_shares(sound, any_time=False).failed
    assert not check_shares(sound, any_time=True).failed
    broken = [({"a": 1_000, "b": 1_010}, even), ({"a": 300, "b": 700}, steep)]
    assert check_shares(broken, any_time=False).failed
    assert check_shares([({}, even)], any_time=False).reason == "nothing_to_compare"


def test_people_in_several_variants_and_differences_before_are_found() -> None:
    assert not check_several(10, 1_000).failed
    assert check_several(40, 1_000).failed
    before = Comparing(control="a", treated=("b",), how=ONCE, with_covariate=True)
    measured = MetricSums(PRIMARY, {"a": share(5_000, 500, 1_000), "b": share(5_000, 500, 1_300)})
    assert [each.failed for each in check_before([measured], before)] == [True]
    alike = MetricSums(PRIMARY, {"a": share(5_000, 500, 1_000), "b": share(5_000, 600, 1_010)})
    assert [each.failed for each in check_before([alike], before)] == [False]


def test_weights_follow_the_better_and_leave_everybody_some() -> None:
    weights = thompson_weights({"a": (10, 1_000), "b": (60, 1_000), "c": (0, 0)}, least_share=0.1)
    assert sum(weights.values()) == pytest.approx(1)
    assert weights["a"] == pytest.approx(0.1, abs=0.001)
    assert weights["c"] > weights["b"] > 0.1
    fewer = thompson_weights({"a": (10, 1_000), "b": (60, 1_000)}, least_share=0.1, better="lower")
    assert fewer["a"] == pytest.approx(0.9, abs=0.001)
