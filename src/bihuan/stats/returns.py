"""When absence becomes leaving: the chance to come back after so many days without activity."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from bihuan.kernel.arrays import Array
from bihuan.stats.errors import DataInsufficient, StatsInputInvalid

MINIMUM_RETURNS = 100
# Fewer absences than this that lasted so long say nothing about their day.
MINIMUM_ABSENCES = 50
_MODEL = {"model_en": "the inactivity threshold", "model_zh": "流失阈值"}


@dataclass(frozen=True)
class ReturnCurve:
    """One entry for each number of days without activity, from 0.

    Attributes:
        days: 0, 1, …
        absences: how many absences lasted at least so long and were watched on (the base of each day).
        away: share of absences that last longer than so many days (Kaplan–Meier).
        chance: to come back within the next ``within_days`` days after so many days away.
        low, high: 95 % interval of ``chance`` (Greenwood). Absences count, not people: one person has
            several.
    """

    days: Array
    absences: Array
    away: Array
    chance: Array
    low: Array
    high: Array


@dataclass(frozen=True)
class InactivityThreshold:
    """After how many days without activity somebody counts as gone.

    Attributes:
        days: the least number of days from which on the chance to come back stays below ``chance``; None when
            it never does as far as the log tells.
        knee: where the curve stops falling fast; None for a curve without a bend.
        chance, within_days: what was asked.
        share_wrong: of absences that reach ``days``, the share that ends within ``within_days`` all the same.
        curve: for the picture, as far as there are at least 50 absences.
    """

    days: int | None
    knee: int | None
    chance: float
    within_days: int
    share_wrong: float | None
    curve: ReturnCurve


def inactivity_threshold(
    ended: Array, open_: Array, *, chance: float = 0.2, within_days: int = 30
) -> InactivityThreshold:
    """From the days between people's activities.

    Args:
        ended: ``ended[d]`` absences of d days ended with a return (d ≥ 1: the days between two active days).
        open_: ``open_[d]`` people have been away for d days at the end of the log, and nobody knows for how
            long.
        chance: below it, somebody counts as gone.
        within_days: the time in which a return counts: returns after years are not what is waited for.

    The share of absences that last longer than d days, S(d), is estimated by E. L. Kaplan and P. Meier (JASA
    53, 1958), which uses open absences for as long as they were seen. The chance to come back is 1 - S(d + w)
    / S(d).
    """
    if not 0 < chance < 1 or within_days < 1:
        raise StatsInputInvalid(
            reason_en="the chance must lie between 0 and 1 and the days be at least 1",
            reason_zh="概率必须在 0 与 1 之间，天数至少为 1",
        )
    curve = return_curve(ended, open_, within_days=within_days)
    above = np.flatnonzero(curve.chance >= chance)
    first = int(above[-1]) + 1 if len(above) else 0
    found = first if first < len(curve.days) else None
    wrong = float(curve.chance[found]) if found is not None else None
    return InactivityThreshold(found, knee_of(curve.days, curve.chance), chance, within_days, wrong, curve)


def return_curve(ended: Array, open_: Array, *, within_days: int = 30) -> ReturnCurve:
    """The chance to come back by days away; see ``inactivity_threshold``."""
    returned, unknown = _counts(ended, open_)
    total = int(returned.sum())
    if total < MINIMUM_RETURNS:
        raise DataInsufficient(
            **_MODEL, what_en="returns", what_zh="回访次数", have=total, need=MINIMUM_RETURNS
        )
    # Open absences of u days were seen through day u: they count as at risk of ending on it.
    at_risk = np.cumsum((returned + unknown)[::-1])[::-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        hazard = np.where(at_risk > 0, returned / np.maximum(at_risk, 1), 0.0)
        spread = np.where(at_risk > returned, returned / (at_risk * (at_risk - returned)), 0.0)
    log_away = np.cumsum(np.log1p(-np.minimum(hazard, 1 - 1e-15)))
    greenwood = np.cumsum(spread)
    # The last day of the window must still be watched by enough absences.
    watched = np.flatnonzero(at_risk >= MINIMUM_ABSENCES)
    longest = (int(watched[-1]) if len(watched) else 0) - within_days
    if longest < 1:
        raise DataInsufficient(
            **_MODEL,
            what_en=f"days that at least {MINIMUM_ABSENCES} absences were watched for",
            what_zh=f"至少 {MINIMUM_ABSENCES} 次离开被观察到的天数",
            have=longest + within_days,
            need=within_days + 1,
        )
    days = np.arange(longest + 1)
    gone_on = log_away[days + within_days] - log_away[days]
    stays = np.exp(gone_on)
    error = stays * np.sqrt(np.maximum(greenwood[days + within_days] - greenwood[days], 0.0))
    margin = NormalDist().inv_cdf(0.975) * error
    chance = 1 - stays
    return ReturnCurve(
        days,
        at_risk[days],
        np.exp(log_away[days]),
        chance,
        np.clip(chance - margin, 0.0, 1.0),
        np.clip(chance + margin, 0.0, 1.0),
    )


def knee_of(x: Array, falling: Array) -> int | None:
    """The position in ``x`` where a falling convex curve bends most; None for a straight, rising or flat one.

    V. Satopää et al., Finding a "Kneedle" in a Haystack (2011): both axes are scaled to 0…1 and the place is
    taken that lies deepest below the line from the first point to the last. The curve is first made to fall
    by isotonic regression.
    """
    smooth = falling_fit(np.asarray(falling, dtype=float))
    if len(smooth) < 3 or smooth[0] - smooth[-1] <= 0:
        return None
    across = (np.asarray(x, dtype=float) - x[0]) / (x[-1] - x[0])
    depth = 1 - across - (smooth - smooth[-1]) / (smooth[0] - smooth[-1])
    best = int(np.argmax(depth))
    return int(x[best]) if depth[best] > 0.05 else None


def falling_fit(values: Array) -> Array:
    """The non-increasing sequence nearest to ``values`` in squares (pool adjacent violators)."""
    means: list[float] = []
    sizes: list[int] = []
    for value in values:
        mean, size = float(value), 1
        while means and means[-1] < mean:
            mean = (mean * size + means[-1] * sizes[-1]) / (size + sizes[-1])
            size += sizes.pop()
            means.pop()
        means.append(mean)
        sizes.append(size)
    return np.repeat(means, sizes)


def _counts(ended: Array, open_: Array) -> tuple[Array, Array]:
    returned, unknown = np.asarray(ended, dtype=float), np.asarray(open_, dtype=float)
    size = max(len(returned), len(unknown))
    returned, unknown = (np.pad(each, (0, size - len(each))) for each in (returned, unknown))
    bad = np.any(returned < 0) or np.any(unknown < 0) or not np.all(np.isfinite(returned + unknown))
    if bad or (size and returned[0] != 0):
        raise StatsInputInvalid(
            reason_en="absences must be counts, and none can end after 0 days",
            reason_zh="离开次数必须为非负数，且不存在 0 天的离开",
        )
    return returned, unknown
