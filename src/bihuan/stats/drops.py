"""Whether more dropped today than usual, judged by the days before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from bihuan.kernel.arrays import Array
from bihuan.stats.errors import DataInsufficient

LEAST_DAYS = 7
_SIMULATED = 400_000
# A normal's standard deviation in median absolute deviations.
_SCALE = 1.4826


@dataclass(frozen=True)
class Drop:
    """One day against those before it.

    Attributes:
        expected: how many would drop on a usual day: the median of the days before, for as many people.
        critical: from how many on it is unusual.
        unusual: whether both tests say so.
        p_value: of the exact test: the chance of so many or more if all days had the same rate.
    """

    expected: float
    critical: int
    unusual: bool
    p_value: float


def unusual_drop(
    dropped: int, people: int, history: Sequence[tuple[int, int]], *, false_alarms: float
) -> Drop:
    """Whether ``dropped`` of ``people`` is unusual after a history of pairs (dropped, people).

    Two tests have to agree, so an alarm on usual days is no more frequent than ``false_alarms``:

    - The distance to the median in median absolute deviations, of shares as ``2 asin √`` (whose spread does
      not depend on the share), never below the spread of chance alone. It bears days that vary more than
      chance, and single days that were odd. Its limit is that of normal noise with as many days, simulated
      once: median and spread are themselves estimated.
    - The exact chance, given how many dropped on all days together, that so many fell on this one
      (hypergeometric): it bears small numbers.

    Raises:
        DataInsufficient: fewer than 7 days, or none with people.
    """
    import scipy.stats  # noqa: PLC0415

    days = np.array([each for each in history if each[1] > 0], dtype=float).reshape(-1, 2)
    if len(days) < LEAST_DAYS or people <= 0:
        raise DataInsufficient(
            model_en="a warning",
            model_zh="预警",
            what_en="days with people before",
            what_zh="此前有用户的天数",
            have=len(days),
            need=LEAST_DAYS,
        )
    limit = _limit(len(days), false_alarms)
    shares = _stable(days[:, 0], days[:, 1])
    middle = float(np.median(shares))
    spread = _SCALE * float(np.median(np.abs(shares - middle)))
    chance = max(1 / np.sqrt(people + 0.5), float(np.median(1 / np.sqrt(days[:, 1] + 0.5))))
    top = min(middle + limit * max(spread, chance), np.pi)
    robust = int(np.ceil((people + 0.75) * np.sin(top / 2) ** 2 - 0.375))
    everyone, all_dropped = int(days[:, 1].sum()) + people, int(days[:, 0].sum()) + dropped
    p_value = float(scipy.stats.hypergeom.sf(dropped - 1, everyone, all_dropped, people))
    expected = max(0.0, (people + 0.75) * float(np.sin(middle / 2)) ** 2 - 0.375)
    unusual = dropped >= robust and dropped > expected and p_value <= false_alarms
    return Drop(expected, max(robust, 1), unusual, p_value)


def _stable(dropped: Array, people: Array) -> Array:
    """Shares whose spread is about 1/√people, whatever they are (Anscombe)."""
    shares: Array = 2 * np.arcsin(np.sqrt((dropped + 0.375) / (people + 0.75)))
    return shares


@cache
def _limit(days: int, false_alarms: float) -> float:
    """The distance that a normal day has from ``days`` others with a chance of ``false_alarms``."""
    random = np.random.default_rng(20_240_601)
    found = np.empty(0)
    while len(found) < _SIMULATED:
        drawn = random.standard_normal((20_000, days + 1))
        middle = np.median(drawn[:, :-1], axis=1)
        spread = _SCALE * np.median(np.abs(drawn[:, :-1] - middle[:, None]), axis=1)
        found = np.append(found, (drawn[:, -1] - middle) / spread)
    return float(np.quantile(found, 1 - false_alarms))
