"""How sure, and how often one looks: the reach of intervals and the meaning of p-values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, inf, log, sqrt
from statistics import NormalDist
from typing import Literal

import scipy.special

Looks = Literal["once", "any_time"]
_NORMAL = NormalDist()


@dataclass(frozen=True)
class Inference:
    """How intervals and p-values are made.

    Attributes:
        confidence: of two-sided intervals.
        looks: ``once`` for one look at a time fixed beforehand; ``any_time`` for intervals of which all, at
            every look, hold together with the confidence asked for, so that one may look daily and stop.
        expected_people: in both arms together, at the time when ``any_time`` intervals shall be narrowest. It
            must be set beforehand; a wrong guess costs width, not validity.

    ``any_time`` is the asymptotic confidence sequence of I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy,
    A. Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences" (Annals of Statistics
    52, 2024, theorem 2.2), which is the mixture sequential test of R. Johari, P. Koomen, L. Pekelis, D. Walsh
    (Operations Research 70, 2022) with a normal mixture. It rests on the central limit theorem, so the very
    first looks at a handful of people are not covered: see ``LEAST_PEOPLE`` of ``effects``. It is made for
    people who come in over time. Where all come in at once and their outcomes grow from look to look, a limit
    of at least three standard errors (the least this ever is) keeps its promise while the last look has up to
    some 90 times the outcomes of the first; ``bihuan.simulate`` tests it.
    """

    confidence: float = 0.95
    looks: Looks = "once"
    expected_people: int = 10_000

    def __post_init__(self) -> None:
        if not 0 < self.confidence < 1 or self.expected_people < 1:
            raise ValueError("confidence lies between 0 and 1, and at least one person is expected")

    @property
    def alpha(self) -> float:
        """1 - confidence."""
        return 1 - self.confidence

    def reach(self, people: int, degrees: float = inf) -> float:
        """How many standard errors an interval reaches to either side of an estimate from ``people``.

        ``degrees`` are those of Student's t, used for ``once``.
        """
        if self.looks == "once":
            if degrees == inf:
                return _NORMAL.inv_cdf((1 + self.confidence) / 2)
            return float(scipy.special.stdtrit(degrees, (1 + self.confidence) / 2))
        scaled = people * self._mixing
        return sqrt(2 * (scaled + 1) / scaled * log(sqrt(scaled + 1) / self.alpha))

    def p_value(self, distance: float, people: int, degrees: float = inf) -> float:
        """Two-sided, for an estimate ``distance`` standard errors away from what is tested.

        At most ``alpha`` exactly when the interval excludes what is tested. With ``any_time`` it holds at
        every look: the chance that it is ever below α is at most α.
        """
        if self.looks == "once":
            if degrees == inf:
                return 2 * _NORMAL.cdf(-abs(distance))
            return 2 * float(scipy.special.stdtr(degrees, -abs(distance)))
        scaled = people * self._mixing
        exponent = -(distance**2) * scaled / (2 * (scaled + 1))
        return min(1.0, sqrt(scaled + 1) * exp(exponent))

    def shared(self, comparisons: int) -> Inference:
        """The same with its error shared by so many intervals (Bonferroni), which then hold all together."""
        return replace(self, confidence=1 - self.alpha / max(1, comparisons))

    @property
    def _mixing(self) -> float:
        # The variance of the mixture that makes the interval narrowest at the expected number (ibid., B.2).
        return (-2 * log(self.alpha) + log(-2 * log(self.alpha) + 1)) / self.expected_people


ONCE = Inference()
