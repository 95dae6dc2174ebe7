"""Proportions: intervals, differences and odds ratios of counts."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist

_NORMAL = NormalDist()


@dataclass(frozen=True)
class Proportion:
    """A share with its interval; all None, with a reason, for a share of nobody."""

    share: float | None
    low: float | None
    high: float | None
    reason: str | None = None


@dataclass(frozen=True)
class ProportionDifference:
    """First share minus second; all None, with a reason, when one is a share of nobody.

    ``p_value`` is None (with a reason) when both are 0 or both are 1: then there is nothing to test.
    """

    difference: float | None
    low: float | None
    high: float | None
    p_value: float | None
    reason: str | None = None


@dataclass(frozen=True)
class OddsRatio:
    """Odds of the first group divided by those of the second; all None, with a reason, without both."""

    ratio: float | None
    low: float | None
    high: float | None
    reason: str | None = None


def proportion(successes: int, trials: int, *, confidence: float = 0.95) -> Proportion:
    """A share and its score interval (E. B. Wilson, JASA 22, 1927)."""
    if trials == 0:
        return Proportion(None, None, None, "no_trials")
    low, high = _wilson(successes, trials, confidence)
    return Proportion(successes / trials, low, high)


def proportion_difference(
    first_successes: int,
    first_trials: int,
    second_successes: int,
    second_trials: int,
    *,
    confidence: float = 0.95,
) -> ProportionDifference:
    """The difference of two independent shares.

    The interval is hybrid score, method 10 of R. G. Newcombe (Statistics in Medicine 17, 1998, 873–890); the
    p-value two-sided from the pooled z test without continuity correction (the square root of Pearson's χ²).
    """
    if first_trials == 0 or second_trials == 0:
        return ProportionDifference(None, None, None, None, "no_trials")
    first, second = first_successes / first_trials, second_successes / second_trials
    first_low, first_high = _wilson(first_successes, first_trials, confidence)
    second_low, second_high = _wilson(second_successes, second_trials, confidence)
    difference = first - second
    low = difference - sqrt((first - first_low) ** 2 + (second_high - second) ** 2)
    high = difference + sqrt((first_high - first) ** 2 + (second - second_low) ** 2)
    pooled = (first_successes + second_successes) / (first_trials + second_trials)
    if pooled in (0.0, 1.0):
        return ProportionDifference(difference, low, high, None, "no_variation")
    z = difference / sqrt(pooled * (1 - pooled) * (1 / first_trials + 1 / second_trials))
    return ProportionDifference(difference, low, high, 2 * _NORMAL.cdf(-abs(z)))


def odds_ratio(
    first_successes: int,
    first_trials: int,
    second_successes: int,
    second_trials: int,
    *,
    confidence: float = 0.95,
) -> OddsRatio:
    """The odds ratio with Woolf's interval on the log scale, half an observation added to each cell.

    B. Woolf (Annals of Human Genetics 19, 1955), with the addition of J. B. S. Haldane (ibid. 20, 1956) and
    F. J. Anscombe (Biometrika 43, 1956), which keeps it finite with an empty cell.
    """
    if first_trials == 0 or second_trials == 0:
        return OddsRatio(None, None, None, "no_trials")
    cells = [
        count + 0.5
        for count in (
            first_successes,
            first_trials - first_successes,
            second_successes,
            second_trials - second_successes,
        )
    ]
    log_ratio = log(cells[0] * cells[3] / (cells[1] * cells[2]))
    margin = _NORMAL.inv_cdf((1 + confidence) / 2) * sqrt(sum(1 / cell for cell in cells))
    return OddsRatio(exp(log_ratio), exp(log_ratio - margin), exp(log_ratio + margin))


def _wilson(successes: int, trials: int, confidence: float) -> tuple[float, float]:
    z = _NORMAL.inv_cdf((1 + confidence) / 2)
    share = successes / trials
    scale = 1 + z * z / trials
    middle = (share + z * z / (2 * trials)) / scale
    margin = z * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials)) / scale
    # At 0 and 1 the ends are exact; rounding must not move them.
    low = 0.0 if successes == 0 else max(0.0, middle - margin)
    high = 1.0 if successes == trials else min(1.0, middle + margin)
    return low, high
