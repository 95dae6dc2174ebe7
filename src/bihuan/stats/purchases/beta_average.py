"""Averages over a beta distribution by the trapezoidal rule on the logit scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bihuan.kernel.arrays import Array

# How far the tails are followed: what is left weighs less than exp(-REACH) of the peak.
_REACH = 42.0
_STEP = 0.2
_FLAT = 1e-11


@dataclass(frozen=True)
class BetaNodes:
    """Points in (0, 1) and weights of sum 1: ``weights @ f(points)`` is the mean of f under Beta(a, b)."""

    points: Array
    weights: Array


def beta_nodes(a: float, b: float, *, steepness: float) -> BetaNodes:
    """Nodes for functions that are smooth in logit(p).

    With p = 1 / (1 + e^-u) the density becomes p^a (1 - p)^b du, analytic in a strip around the real line,
    where the trapezoidal rule converges exponentially (L. N. Trefethen, J. A. C. Weideman, SIAM Review 56,
    2014). A slow tail (a or b near 0) is cut where functions with a slope up to ``steepness`` no longer
    change, and summed as the geometric series it is.
    """
    step = min(_STEP, 0.6 * np.sqrt((a + b) / (a * b)))
    peak = np.log(a) - np.log(b)
    flat = np.log(_FLAT / (1.0 + steepness + a + b))
    low = max(peak - _REACH / a - 10.0, min(flat, peak - 1.0))
    high = min(peak + _REACH / b + 10.0, max(-flat, peak + 1.0))
    u = np.arange(low, high + step, step)
    log_density = -a * np.log1p(np.exp(-u)) - b * np.logaddexp(0.0, u)
    weights = np.exp(log_density - log_density.max())
    weights[0] += weights[0] / np.expm1(a * step)
    weights[-1] += weights[-1] / np.expm1(b * step)
    points = 1.0 / (1.0 + np.exp(-u))
    kept = weights > weights.max() * 1e-18
    return BetaNodes(points[kept], weights[kept] / weights[kept].sum())
