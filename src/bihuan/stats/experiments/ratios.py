"""The quotient of two estimates, of which the lower one may be near 0."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt


@dataclass(frozen=True)
class Quotient:
    """A quotient and the set of values the data allow.

    ``bounded`` is False where the denominator cannot be told from 0. Then the set reaches infinity: ``low``
    and ``high`` are -∞ and ∞, except that values between ``gap`` (if there is one) are still excluded.
    """

    value: float
    low: float
    high: float
    bounded: bool
    gap: tuple[float, float] | None = None


def quotient(
    above: float,
    below: float,
    variance_above: float,
    variance_below: float,
    *,
    covariance: float = 0.0,
    reach: float,
) -> Quotient:
    """``above / below`` with E. C. Fieller's set (J. R. Statist. Soc. B 16, 1954, 175–185).

    The set has every r for which above - r·below is within ``reach`` of its standard errors of 0. Unlike the
    delta method it keeps its confidence when ``below`` is near 0.

    Args:
        variance_above, variance_below, covariance: of the two estimates (not of single values).
        reach: in standard errors, such as 1.96; see ``Inference.reach``.
    """
    square = reach**2
    a = below**2 - square * variance_below
    b = above * below - square * covariance
    c = above**2 - square * variance_above
    root = b**2 - a * c
    value = above / below if below else inf if above > 0 else -inf if above < 0 else 0.0
    if a > 0:
        # Rounding can take the root of a point (no variance) below 0.
        margin = sqrt(max(0.0, root))
        return Quotient(value, (b - margin) / a, (b + margin) / a, bounded=True)
    if a < 0 < root:
        ends = sorted(((b - sqrt(root)) / a, (b + sqrt(root)) / a))
        return Quotient(value, -inf, inf, bounded=False, gap=(ends[0], ends[1]))
    return Quotient(value, -inf, inf, bounded=False)
