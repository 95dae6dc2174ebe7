"""What stops a verdict: arms of the wrong size, arms that differed before, people in several arms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, fsum, log

import scipy.special

from bihuan.stats.experiments.arms import mean_arm
from bihuan.stats.experiments.effects import Effect, compare
from bihuan.stats.experiments.inference import Inference
from bihuan.stats.experiments.moments import Moments

# A true alarm is certain in a broken experiment; at this level a sound one is stopped once in a thousand.
ALARM = 0.001
TOLERATED_SEVERAL = 0.01


@dataclass(frozen=True)
class Check:
    """``failed``: the experiment's figures must not be read; ``p_value`` says why (None: not testable)."""

    failed: bool
    p_value: float | None
    reason: str | None = None


def sample_ratio(counts: Sequence[int], shares: Sequence[float], *, alarm: float = ALARM) -> Check:
    """Whether people fell into the arms in the shares planned: Pearson's χ², for one look.

    ``shares`` need not add up to 1. A. Fabijan and others, "Diagnosing Sample Ratio Mismatch in Online
    Controlled Experiments" (KDD 2019).
    """
    expected = _expected(counts, shares)
    if len(counts) < 2 or sum(counts) == 0:
        return Check(False, None, "nothing_to_compare")
    squares = fsum((n - e) ** 2 / e for n, e in zip(counts, expected, strict=True))
    p_value = float(scipy.special.chdtrc(len(counts) - 1, squares))
    return Check(p_value < alarm, p_value)


def sample_ratio_any_time(counts: Sequence[int], shares: Sequence[float], *, alarm: float = ALARM) -> Check:
    """The same for an experiment that is looked at again and again: the chance of any false alarm is bounded.

    M. Lindon, A. Malek, "Anytime-Valid Inference for Multinomial Count Data" (NeurIPS 2022): the p-value is
    one divided by the Bayes factor against a Dirichlet prior, here centred at the plan with weight 100.
    """
    expected = _expected(counts, shares)
    if len(counts) < 2 or sum(counts) == 0:
        return Check(False, None, "nothing_to_compare")
    total, weight = sum(counts), 100.0
    planned = [each / total for each in expected]
    evidence = float(scipy.special.gammaln(weight) - scipy.special.gammaln(weight + total))
    for count, share in zip(counts, planned, strict=True):
        prior = weight * share
        evidence += float(scipy.special.gammaln(prior + count) - scipy.special.gammaln(prior))
        evidence -= count * log(share)
    p_value = exp(-max(0.0, evidence))
    return Check(p_value < alarm, p_value)


def pre_period_bias(control: Moments, treated: Moments, *, alarm: float = ALARM) -> tuple[Check, Effect]:
    """Whether the arms differed already before, in the covariate ``x``; with the difference itself."""
    arms = [mean_arm(Moments(each.people, each.x, each.xx)) for each in (control, treated)]
    effect = compare(arms[0], arms[1], Inference(confidence=1 - alarm))
    failed = effect.p_value is not None and effect.p_value < alarm
    return Check(failed, effect.p_value, effect.reason), effect


def multiple_exposure(
    several: int, people: int, *, tolerated: float = TOLERATED_SEVERAL, alarm: float = ALARM
) -> Check:
    """Whether more people than tolerated saw several variants, beyond chance (exact binomial, one-sided)."""
    if people == 0:
        return Check(False, None, "no_people")
    if several == 0:
        return Check(False, 1.0)
    p_value = float(scipy.special.bdtrc(several - 1, people, tolerated))
    return Check(p_value < alarm, p_value)


def _expected(counts: Sequence[int], shares: Sequence[float]) -> list[float]:
    if len(counts) != len(shares) or min(shares, default=1) <= 0 or min(counts, default=0) < 0:
        raise ValueError("each arm needs a count and a share above 0")
    return [sum(counts) * share / sum(shares) for share in shares]
