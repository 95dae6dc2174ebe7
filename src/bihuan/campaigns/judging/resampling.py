"""The factors of what a campaign brought, with what they might have been: resamples of its people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bihuan.campaigns.judging.measuring import ArmSums
from bihuan.kernel.arrays import Array

DRAWS = 2_000
_SEED = 20_240_229


@dataclass(frozen=True)
class Draws:
    """Factors of the result, once for each resample; the first row is the estimate itself.

    ``effect`` is conversions more per person reached, ``value`` what a conversion of the treated was worth,
    ``gain`` the value that the treated had more than they would have had.
    """

    reach: Array
    effect: Array
    value: Array
    gain: Array
    conversions: Array


def resampled(treated: ArmSums, holdout: ArmSums) -> Draws:
    """The factors in resamples of the people of each arm (bootstrap), the estimate first."""
    generator = np.random.default_rng(_SEED)
    above, below = _resample(treated, generator), _resample(holdout, generator)
    with np.errstate(divide="ignore", invalid="ignore"):
        lift = above["converted"] / above["people"] - below["converted"] / below["people"]
        conversions = lift * above["people"]
        effect = np.where(above["reached"] > 0, conversions / above["reached"], 0.0)
        value = np.where(above["converted"] > 0, above["y"] / above["converted"], 0.0)
        gain = (above["y"] / above["people"] - below["y"] / below["people"]) * above["people"]
    # Whom the draws leave out is no fact about how many were reached: that is counted, not estimated.
    reach = np.full(len(effect), treated.total("reached"))
    return Draws(reach, effect, value, gain, conversions)


def ends(draws: Array, confidence: float = 0.95) -> tuple[float, float, float]:
    """The estimate and the percentiles of its resamples."""
    finite = draws[1:][np.isfinite(draws[1:])]
    if not len(finite):
        return float(draws[0]), float("nan"), float("nan")
    low, high = np.quantile(finite, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(draws[0]), float(low), float(high)


def _resample(arm: ArmSums, generator: np.random.Generator) -> dict[str, Array]:
    buckets = len(arm.rows)
    times = generator.multinomial(buckets, np.full(buckets, 1 / buckets), size=DRAWS).astype(float)
    weights = np.vstack([np.ones(buckets), times])
    drawn = {name: weights @ arm.column(name) for name in ("people", "reached", "converted", "y")}
    # The arm's size is fixed, so that only what its people did varies.
    scale = arm.total("people") / np.maximum(drawn["people"], 1e-9)
    return {name: each * scale for name, each in drawn.items()}
