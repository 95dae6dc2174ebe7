"""Revenue with its largest values capped, so that one large order does not decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from bihuan.kernel.arrays import Array


@dataclass(frozen=True)
class Capped:
    """Values of each arm, none above ``cap``; ``people`` were above it and ``lost`` is what was cut off."""

    arms: tuple[Array, ...]
    cap: float
    people: int
    lost: float


def winsorised(arms: Sequence[ArrayLike], quantile: float = 0.99) -> Capped:
    """Cap values at a quantile of those above 0, found over all arms together.

    One cap for all arms: a cap of each arm's own would cut the effect. In SQL: ``least(value, cap)`` with the
    cap from ``quantile_exact`` of all arms' positive values.
    """
    values = [np.asarray(each, dtype=float) for each in arms]
    together = np.concatenate(values) if values else np.empty(0)
    positive = together[together > 0]
    cap = float(np.quantile(positive, quantile)) if len(positive) else 0.0
    above = together[together > cap]
    kept = tuple(np.minimum(each, cap) if len(positive) else each for each in values)
    lost = float((above - cap).sum()) if len(positive) else 0.0
    return Capped(kept, cap, len(above) if len(positive) else 0, lost)
