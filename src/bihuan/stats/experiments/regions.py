"""A campaign in some regions, measured against a mixture of the others: synthetic control."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from bihuan.kernel.arrays import Array
from bihuan.stats.errors import DataInsufficient, StatsInputInvalid
from bihuan.stats.proportions import Interval

LEAST_DAYS_BEFORE = 14
LEAST_CONTROLS = 3
Days = Literal["any_order", "shifts"]
_REORDERINGS = 2_000
_DOUBLINGS, _GRID, _HALVINGS = 12, 41, 8


@dataclass(frozen=True)
class RegionEffect:
    """What the campaign changed in the treated regions.

    Attributes:
        per_region_day: average difference of a treated region's day to what it would have been.
        total: the same over all treated regions and days of the campaign.
        lift: the same relative to what would have been (0.05: 5 % more).
        p_value: of no effect on average, by conformal inference; agrees with the intervals.
        any_day_p_value: of no effect on any day: it also finds effects that rise and fall.
        placebo_p_value: rank of the treated regions' deviation among those of each control region, as if that
            one had had the campaign; at least 1 ÷ (control regions + 1).
        weights: of the control regions, in their order; they add up to 1.
        misfit: root mean square of the difference before the campaign ÷ level; above 0.1 do not trust it.
        actual, expected: by day, mean of the treated regions and what it would have been, before and after.
    """

    per_region_day: Interval
    total: Interval
    lift: Interval
    p_value: float
    any_day_p_value: float
    placebo_p_value: float
    weights: Array
    misfit: float
    actual: Array
    expected: Array


def synthetic_control(
    outcomes: Array,
    treated: Sequence[int],
    start: int,
    *,
    confidence: float = 0.95,
    days: Days = "any_order",
) -> RegionEffect:
    """Compare treated regions with the mixture of the others that ran like them before.

    The mixture (A. Abadie, A. Diamond, J. Hainmueller, JASA 105, 2010) has weights of at least 0 that add up
    to 1; regions may differ by a constant (N. Doudchenko, G. Imbens, NBER 22791, 2016). p-value and interval
    are conformal (V. Chernozhukov, K. Wüthrich, Y. Zhu, JASA 116, 2021): for each supposed constant effect
    the mixture is fitted to all days as if it were taken away, and the residuals of the campaign's days are
    compared with those of reordered days.

    Assumes that nothing else set treated regions apart since the start, that people of control regions are
    not reached, and residuals that look the same over time.

    Args:
        outcomes: one row a region, one column a day.
        treated: rows of the treated regions.
        start: the first column of the campaign; it runs until the last column.
        days: how they are reordered. ``any_order`` (2,000 draws, always the same) takes the residuals of
            days as independent; ``shifts`` (all cyclic ones) keeps their dependence from day to day, but says
            little unless the days before are many times those of the campaign.

    Raises:
        DataInsufficient: fewer than 14 days before or 3 control regions.
        StatsInputInvalid: no treated region, no day of the campaign, or values that are not numbers.
    """
    table = np.asarray(outcomes, dtype=float)
    actual, controls = _split(table, treated, start)
    reordered = _reorderings(days, table.shape[1], start)
    return _read(actual, controls, reordered, len(set(treated)), 1 - confidence)


def _read(actual: Array, controls: Array, reordered: Array, regions: int, alpha: float) -> RegionEffect:
    start = len(actual) - reordered.shape[1]
    weights, constant = _mixture(controls[:, :start], actual[:start])
    expected = weights @ controls + constant
    gaps = actual - expected
    effect, level = float(gaps[start:].mean()), float(expected[start:].mean())

    def supposed(constant_effect: float) -> float:
        return _p_value(controls, actual, constant_effect, reordered, _of_average)

    step = float(np.std(gaps[:start])) or abs(effect) or 1.0
    low, high = _ends(supposed, effect, step, alpha)
    cells = regions * (len(actual) - start)
    before = float(np.sqrt(np.mean(gaps[:start] ** 2)))
    return RegionEffect(
        per_region_day=Interval(effect, low, high),
        total=Interval(effect * cells, low * cells, high * cells),
        lift=Interval(effect / level, low / level, high / level),
        p_value=supposed(0.0),
        any_day_p_value=_p_value(controls, actual, 0.0, reordered, _of_any_day),
        placebo_p_value=_placebo(controls, actual, start),
        weights=weights,
        misfit=before / abs(float(actual[:start].mean())) if actual[:start].any() else 0.0,
        actual=actual,
        expected=expected,
    )


def _split(table: Array, treated: Sequence[int], start: int) -> tuple[Array, Array]:
    rows = sorted(set(treated))
    if table.ndim != 2 or not rows or not 0 <= rows[0] <= rows[-1] < len(table):
        raise StatsInputInvalid(
            reason_en="no treated region is among the rows", reason_zh="数据行中没有投放地区"
        )
    if start >= table.shape[1] or not np.isfinite(table).all():
        raise StatsInputInvalid(
            reason_en="every region needs a number on every day, and the campaign at least one day",
            reason_zh="每个地区每天都须有数值，且活动至少持续一天",
        )
    controls = np.delete(table, rows, axis=0)
    for have, need, what_en, what_zh in (
        (start, LEAST_DAYS_BEFORE, "days before the campaign", "活动前的天数"),
        (len(controls), LEAST_CONTROLS, "regions without the campaign", "未投放的地区"),
    ):
        if have < need:
            raise DataInsufficient(
                model_en="a comparison of regions", model_zh="地区对比", what_en=what_en, what_zh=what_zh,
                have=have, need=need,
            )  # fmt: skip
    return table[rows].mean(axis=0), controls


def _mixture(controls: Array, target: Array) -> tuple[Array, float]:
    """Weights (≥ 0, sum 1) and constant of least squares."""
    from scipy.optimize import nnls  # noqa: PLC0415

    centres, centre = controls.mean(axis=1), float(target.mean())
    moved, aim = controls - centres[:, None], target - centre
    scale = float(np.abs(moved).max()) or 1.0
    # One more equation, weighed heavily, makes the weights add up to 1.
    heavy = 1e3 * np.sqrt(len(aim))
    equations = np.vstack([moved.T / scale, np.full(len(controls), heavy)])
    weights, _ = nnls(equations, np.append(aim / scale, heavy))
    weights = weights / weights.sum()
    return weights, centre - float(weights @ centres)


def _reorderings(days: Days, length: int, start: int) -> Array:
    """Which days come to stand on the campaign's, one row a reordering; the first leaves them."""
    campaign = np.arange(start, length)
    if days == "shifts":
        found: Array = (campaign[None, :] - np.arange(length)[:, None]) % length
        return found
    keys = np.random.default_rng(20_210_401).random((_REORDERINGS, length))
    drawn = np.argpartition(keys, length - start - 1, axis=1)[:, : length - start]
    found = np.vstack([campaign, drawn])
    return found


def _p_value(
    controls: Array, actual: Array, effect: float, reordered: Array, deviation: Callable[[Array], Array]
) -> float:
    """The share of reorderings whose last days deviate at least as much as the campaign's own."""
    supposed = actual.copy()
    start = len(actual) - reordered.shape[1]
    supposed[start:] -= effect
    weights, constant = _mixture(controls, supposed)
    residuals = supposed - weights @ controls - constant
    found = deviation(residuals[start:]) * (1 - 1e-12)
    return float(np.mean(deviation(residuals[reordered]) >= found))


def _of_average(residuals: Array) -> Array:
    found: Array = np.abs(residuals.sum(axis=-1))
    return found


def _of_any_day(residuals: Array) -> Array:
    found: Array = np.abs(residuals).sum(axis=-1)
    return found


def _placebo(controls: Array, actual: Array, start: int) -> float:
    """The rank of the ratio of deviations after to before (A. Abadie and others, section 3.4)."""
    ratios = [_deviation(controls, actual, start)]
    for row in range(len(controls)):
        ratios.append(_deviation(np.delete(controls, row, axis=0), controls[row], start))
    return float(np.mean(np.array(ratios) >= ratios[0]))


def _deviation(controls: Array, target: Array, start: int) -> float:
    weights, constant = _mixture(controls[:, :start], target[:start])
    squares = (target - weights @ controls - constant) ** 2
    before = float(squares[:start].mean())
    return float(squares[start:].mean()) / before if before else 0.0


def _ends(supposed: Callable[[float], float], effect: float, step: float, alpha: float) -> list[float]:
    """The least and largest constant effect that is not refused; infinite where none ever is."""
    ends = []
    for side in (-1, 1):
        far = step
        while far < step * 2**_DOUBLINGS and supposed(effect + side * far) > alpha:
            far *= 2
        if far >= step * 2**_DOUBLINGS:
            ends.append(side * float("inf"))
            continue
        # p-values need not fall steadily: look from outside for the first that is not refused.
        grid = effect + side * far * np.linspace(1, 0, _GRID)
        inside = next((index for index in range(1, _GRID) if supposed(grid[index]) > alpha), _GRID - 1)
        refused, kept = float(grid[inside - 1]), float(grid[inside])
        for _ in range(_HALVINGS):
            middle = (refused + kept) / 2
            refused, kept = (refused, middle) if supposed(middle) > alpha else (middle, kept)
        ends.append(kept)
    return ends
