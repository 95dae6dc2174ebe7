"""Whether segments that were declared beforehand respond differently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import scipy.special

from bihuan.stats.experiments.effects import Effect
from bihuan.stats.experiments.inference import ONCE, Inference
from bihuan.stats.proportions import Interval


@dataclass(frozen=True)
class Heterogeneity:
    """How far the effects of segments differ.

    Attributes:
        p_value: that all segments have one effect; None with fewer than two that can be compared.
        inconsistency: I², the share of the spread between segments that is beyond chance, 0 to 1.
        common: the effect weighted by precision.
        segments: how many could be compared.
    """

    p_value: float | None
    inconsistency: float | None
    common: Interval | None
    segments: int


def heterogeneity(effects: Sequence[Effect], how: Inference = ONCE) -> Heterogeneity:
    """The interaction of segment and treatment: W. G. Cochran's Q on differences (Biometrics 10, 1954).

    With two segments it is the z test of the difference of differences. I² after J. P. T. Higgins and S. G.
    Thompson (Statistics in Medicine 21, 2002). For effects with ``looks="once"``.
    """
    known = [
        (effect.difference.value, effect.standard_error)
        for effect in effects
        if effect.difference is not None and effect.standard_error
    ]
    if not known:
        return Heterogeneity(None, None, None, 0)
    weights = [1 / error**2 for _, error in known]
    common = sum(w * value for w, (value, _) in zip(weights, known, strict=True)) / sum(weights)
    margin = how.reach(sum(sum(effect.people) for effect in effects)) / sqrt(sum(weights))
    interval = Interval(common, common - margin, common + margin)
    degrees = len(known) - 1
    if not degrees:
        return Heterogeneity(None, None, interval, 1)
    spread = sum(w * (value - common) ** 2 for w, (value, _) in zip(weights, known, strict=True))
    inconsistency = max(0.0, 1 - degrees / spread) if spread else 0.0
    p_value = float(scipy.special.chdtrc(degrees, spread))
    return Heterogeneity(p_value, inconsistency, interval, len(known))
