"""Guard-rails: metrics that may not get worse by more than a margin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bihuan.stats.experiments.effects import Effect

Better = Literal["higher", "lower"]


@dataclass(frozen=True)
class GuardRail:
    """Whether harm beyond the margin is excluded.

    Attributes:
        verdict: ``safe``: harm of the margin or more is excluded (the treatment is not inferior). ``harmed``:
            the effect is worse than the margin for certain. ``worse``: it is worse than the control for
            certain, and may or may not be beyond the margin. ``unclear``: too little data to exclude it.
        worst: the largest harm the interval allows, positive, in the margin's unit; None without data.
        margin: the harm that is tolerated, positive.
    """

    verdict: Literal["safe", "harmed", "worse", "unclear"]
    worst: float | None
    margin: float


def guard_rail(effect: Effect, *, margin: float, better: Better, relative: bool = True) -> GuardRail:
    """Judge an effect against a margin (0.02 with ``relative``: 2 % of the control's value).

    The interval is two-sided, so ``safe`` errs with half of 1 - confidence: a test of non-inferiority, see G.
    Piaggio and others, JAMA 308 (2012), 2594–2604.
    """
    if margin < 0:
        raise ValueError("a margin is not negative")
    interval = effect.relative if relative else effect.difference
    if interval is None or (effect.reason and effect.reason != "no_variation"):
        return GuardRail("unclear", None, margin)
    worst, least = (-interval.low, -interval.high) if better == "higher" else (interval.high, interval.low)
    if least > margin:
        return GuardRail("harmed", worst, margin)
    if worst < margin:
        return GuardRail("safe", worst, margin)
    return GuardRail("worse" if least > 0 else "unclear", worst, margin)
