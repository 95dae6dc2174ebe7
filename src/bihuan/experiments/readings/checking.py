"""Checks that stop a verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bihuan.experiments.readings.assessing import Comparing, MetricSums
from bihuan.experiments.readings.schemas import CheckOutput
from bihuan.stats.experiments import (
    Check,
    Moments,
    multiple_exposure,
    pre_period_bias,
    sample_ratio,
    sample_ratio_any_time,
)

Counts = Mapping[str, int]


def check_shares(periods: Sequence[tuple[Counts, Mapping[str, float]]], *, any_time: bool) -> CheckOutput:
    """Whether people fell into variants as planned: counts and shares, for each period of a bandit's weights.

    Of several periods the smallest p-value counts, times their number (Bonferroni).
    """
    test = sample_ratio_any_time if any_time else sample_ratio
    found: list[Check] = []
    for counts, shares in periods:
        drawn = [each for each, share in shares.items() if share > 0]
        if sum(counts.get(each, 0) for each in drawn):
            found.append(
                test(
                    [counts.get(each, 0) for each in drawn],
                    [shares[each] for each in drawn],
                    alarm=0.001 / len(periods),
                )
            )
    known = [each.p_value for each in found if each.p_value is not None]
    lowest = min(1.0, min(known) * len(known)) if known else None
    reason = None if known else "nothing_to_compare"
    return CheckOutput(
        kind="sample_ratio", failed=any(each.failed for each in found), p_value=lowest, reason=reason
    )


def check_several(several: int, people: int) -> CheckOutput:
    """Whether too many people were in several variants."""
    found = multiple_exposure(several, people)
    return CheckOutput(
        kind="multiple_exposure", failed=found.failed, p_value=found.p_value, reason=found.reason
    )


def check_before(sums: Sequence[MetricSums], comparing: Comparing) -> list[CheckOutput]:
    """Whether variants differed in a primary metric already before anybody entered."""
    found = []
    alarm = 0.001 / max(1, len(comparing.treated))
    for each in sums:
        if each.metric.role != "primary" or not comparing.with_covariate:
            continue
        control = each.everybody.get(comparing.control, Moments(0))
        for variant in comparing.treated:
            treated = each.everybody.get(variant, Moments(0))
            check, _ = pre_period_bias(control, treated, alarm=alarm)
            found.append(
                CheckOutput(
                    kind="pre_period_bias",
                    failed=check.failed,
                    p_value=check.p_value,
                    reason=check.reason,
                    metric=each.metric.key,
                )
            )
    return found
