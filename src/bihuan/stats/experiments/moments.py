"""Sums over the people of one arm: all that means, ratios and CUPED need, and what a query can give."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Moments:
    """Sums over the people of one arm, one row a person; people without events count with zeros.

    ``y`` is the metric (or the numerator of a ratio), ``d`` the denominator of a ratio, ``x`` a covariate
    known before the experiment. A field of two letters is the sum of products. What a metric does not use
    stays 0. Arms, days or segments are added with ``+``.

    Sums of squares lose digits when the mean is large against the spread (above about 10⁵ times): subtract a
    constant from such a metric first.
    """

    people: int
    y: float = 0.0
    yy: float = 0.0
    x: float = 0.0
    xx: float = 0.0
    xy: float = 0.0
    d: float = 0.0
    dd: float = 0.0
    yd: float = 0.0
    xd: float = 0.0

    def __add__(self, other: Moments) -> Moments:
        return Moments(
            self.people + other.people,
            self.y + other.y,
            self.yy + other.yy,
            self.x + other.x,
            self.xx + other.xx,
            self.xy + other.xy,
            self.d + other.d,
            self.dd + other.dd,
            self.yd + other.yd,
            self.xd + other.xd,
        )

    def spread(self, product: float, first: float, second: float) -> float:
        """The sample covariance (per n - 1) from a sum of products and two sums; 0 below two people."""
        if self.people < 2:
            return 0.0
        return (product - first * second / self.people) / (self.people - 1)

    @property
    def variance_of_y(self) -> float:
        """Sample variance of the metric."""
        return max(0.0, self.spread(self.yy, self.y, self.y))

    @property
    def variance_of_x(self) -> float:
        """Sample variance of the covariate."""
        return max(0.0, self.spread(self.xx, self.x, self.x))


def moments_of(y: ArrayLike, *, x: ArrayLike | None = None, d: ArrayLike | None = None) -> Moments:
    """The sums of arrays with one entry a person: metric, covariate and denominator."""
    values = np.asarray(y, dtype=float)
    before = np.zeros_like(values) if x is None else np.asarray(x, dtype=float)
    below = np.zeros_like(values) if d is None else np.asarray(d, dtype=float)
    return Moments(
        people=len(values),
        y=float(values.sum()),
        yy=float(values @ values),
        x=float(before.sum()),
        xx=float(before @ before),
        xy=float(before @ values),
        d=float(below.sum()),
        dd=float(below @ below),
        yd=float(values @ below),
        xd=float(before @ below),
    )
