"""Proportions: intervals, differences and odds ratios of counts."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, log, sqrt
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


@dataclass(frozen=True)
class Interval:
    """A figure and the ends of its interval; ``high`` may be infinite for a ratio."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class ShareRatio:
    """First share divided by the second; all None, with a reason, where it is not defined.

    ``high`` is infinite when the second share may be 0.
    """

    ratio: float | None
    low: float | None
    high: float | None
    reason: str | None = None


@dataclass(frozen=True)
class Representation:
    """How much more often something is found in a part than in the whole that the part belongs to.

    Attributes:
        part, whole: the two shares with their intervals.
        ratio: share in the part ÷ share in the whole; 100 × this is the target group index (TGI). None where
            nobody in the whole has it.
        difference: share in the part minus share in the whole; None when the part or the whole is empty.
        p_value: of part against rest, two-sided; None where there is nothing to test.
        reason: why figures are None.
    """

    part: Proportion
    whole: Proportion
    ratio: Interval | None
    difference: Interval | None
    p_value: float | None
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


def share_ratio(
    first_successes: int,
    first_trials: int,
    second_successes: int,
    second_trials: int,
    *,
    confidence: float = 0.95,
) -> ShareRatio:
    """The ratio of two independent shares (relative risk).

    The interval combines the two score intervals: method of variance estimates recovery for ratios, A.
    Donner, G. Y. Zou (Statistics in Medicine 31, 2012), advised by M. W. Fagerland, R. G. Newcombe (ibid. 32,
    2013).
    """
    if first_trials == 0 or second_trials == 0:
        return ShareRatio(None, None, None, "no_trials")
    if second_successes == 0:
        return ShareRatio(None, None, None, "no_successes")
    first, second = first_successes / first_trials, second_successes / second_trials
    first_low, first_high = _wilson(first_successes, first_trials, confidence)
    second_low, second_high = _wilson(second_successes, second_trials, confidence)
    product = first * second
    below = max(
        0.0, product**2 - first_low * second_high * (2 * first - first_low) * (2 * second - second_high)
    )
    above = max(
        0.0, product**2 - first_high * second_low * (2 * first - first_high) * (2 * second - second_low)
    )
    low = first_low * (2 * first - first_low) / (product + sqrt(below)) if product else 0.0
    high = (product + sqrt(above)) / (second_low * (2 * second - second_low)) if second_low else inf
    return ShareRatio(first / second, max(0.0, low), high)


def representation(
    part_successes: int,
    part_trials: int,
    whole_successes: int,
    whole_trials: int,
    *,
    confidence: float = 0.95,
) -> Representation:
    """Compare a part (an audience) with the whole that contains it (everyone).

    The two shares are not independent. With f the part's share of people, the whole's share is that of the
    part and of the rest, mixed f : 1 - f; so difference and ratio are growing functions of those of part
    against rest, which are independent, and their intervals are those of ``proportion_difference`` and
    ``share_ratio`` put through them.
    """
    rest_successes, rest_trials = whole_successes - part_successes, whole_trials - part_trials
    if part_successes > part_trials or rest_successes < 0 or rest_successes > rest_trials:
        raise ValueError("the part is not a part of the whole")
    part = proportion(part_successes, part_trials, confidence=confidence)
    whole = proportion(whole_successes, whole_trials, confidence=confidence)
    if part_trials == 0:
        return Representation(part, whole, None, None, None, "no_trials")
    if rest_trials == 0:
        same = Interval(1, 1, 1) if whole_successes else None
        return Representation(part, whole, same, Interval(0, 0, 0), None, "everyone")
    counts = (part_successes, part_trials, rest_successes, rest_trials)
    rest_share = rest_trials / whole_trials
    gap = proportion_difference(*counts, confidence=confidence)
    ends = [(each or 0.0) * rest_share for each in (gap.difference, gap.low, gap.high)]
    difference = Interval(ends[0], ends[1], ends[2])
    if whole_successes == 0:
        return Representation(part, whole, None, difference, gap.p_value, "no_successes")
    value = (part_successes / part_trials) / (whole_successes / whole_trials)
    # The ratio of rest to part has a finite interval unless nobody in the part has it.
    other = share_ratio(rest_successes, rest_trials, part_successes, part_trials, confidence=confidence)
    if other.low is None or other.high is None:
        turned = share_ratio(*counts, confidence=confidence)
        high = _of_whole(1 / turned.high, rest_share) if turned.high else 1 / (1 - rest_share)
        return Representation(part, whole, Interval(value, 0.0, high), difference, gap.p_value)
    ratio = Interval(value, _of_whole(other.high, rest_share), _of_whole(other.low, rest_share))
    return Representation(part, whole, ratio, difference, gap.p_value)


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


def _of_whole(rest_by_part: float, rest_share: float) -> float:
    """Part ÷ whole from rest ÷ part; 0 where that is infinite."""
    return 1 / (1 - rest_share + rest_share * rest_by_part)


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
