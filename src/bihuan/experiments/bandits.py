"""Weights of a bandit, computed anew from what was seen so far."""

from __future__ import annotations

from collections.abc import Mapping

from bihuan.stats.experiments import Better
from bihuan.stats.experiments.bandit import thompson_shares
from bihuan.stats.experiments.bayes import BetaPosterior

DIGITS = 6


def thompson_weights(
    successes: Mapping[str, tuple[int, int]], *, least_share: float, better: Better = "higher"
) -> dict[str, float]:
    """Each variant's share of the next people, to six digits; together 1.

    Args:
        successes: by variant, people with the outcome, and all.
        least_share: what no variant falls below.
    """
    posteriors = [BetaPosterior(good, people - good) for good, people in successes.values()]
    shares = thompson_shares(posteriors, least=least_share, higher_is_better=better == "higher")
    rounded = dict(zip(successes, (round(share, DIGITS) for share in shares), strict=True))
    largest = max(rounded, key=lambda each: rounded[each])
    rounded[largest] = round(rounded[largest] + 1 - sum(rounded.values()), DIGITS)
    return rounded
