"""Why less (or more) came out than planned: reach, effect and value, each with its part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import permutations
from math import factorial, prod

import numpy as np

from bihuan.kernel.arrays import Array
from bihuan.stats.errors import StatsInputInvalid
from bihuan.stats.proportions import Interval


@dataclass(frozen=True)
class Shortfall:
    """The gap between actual and planned outcome, and what each factor contributed to it.

    Attributes:
        planned, actual: products of the factors.
        gap: actual minus planned, with its interval; negative is a shortfall.
        parts: for each factor, its part of the gap with its interval. The values add up to the gap's exactly;
            ends of intervals do not.
    """

    planned: float
    actual: float
    gap: Interval
    parts: dict[str, Interval]


def shortfall(
    planned: Mapping[str, float],
    actual: Mapping[str, float],
    resampled: Mapping[str, Array] | None = None,
    *,
    confidence: float = 0.95,
) -> Shortfall:
    """Split the gap between two products of the same factors by their Shapley values.

    A factor's part is the change it makes when it goes from plan to actual, averaged over all orders in which
    the factors may be changed (L. S. Shapley, "A Value for n-Person Games", 1953): it does not depend on an
    order, and the parts add up to the gap.

    Args:
        planned, actual: factors such as reach (people), effect (conversions per person) and value (per
            conversion), at most 6.
        resampled: draws of the actual factors, arrays of one length, from resampling people or from the
            estimate's distribution; a factor without draws is taken as exact. Draws of one position belong
            together, so factors that were resampled from the same people keep their dependence.

    Raises:
        StatsInputInvalid: factors differ, or there are none or more than 6, or draws have several lengths.
    """
    draws = {name: np.asarray(values, dtype=float) for name, values in (resampled or {}).items()}
    lengths = {len(values) for values in draws.values()}
    if set(planned) != set(actual) or not 1 <= len(planned) <= 6 or not set(draws) <= set(planned):
        raise StatsInputInvalid(
            reason_en="plan and outcome need the same one to six factors",
            reason_zh="计划与实际须有相同的 1 至 6 个因子",
        )
    if len(lengths) > 1 or 0 in lengths:
        raise StatsInputInvalid(
            reason_en="draws have different lengths", reason_zh="各因子的重抽样次数不一致"
        )
    exact = {name: np.array([actual[name]]) for name in planned}
    values = _shares(planned, exact)
    spread = _shares(planned, {**exact, **draws}) if draws else values
    edges = [(1 - confidence) / 2, (1 + confidence) / 2]
    parts = {name: _interval(float(values[name][0]), spread[name], edges) for name in planned}
    product = prod(planned.values()), prod(actual.values())
    gap = _interval(product[1] - product[0], sum(spread.values(), np.zeros(1)), edges)
    return Shortfall(product[0], product[1], gap, parts)


def _shares(planned: Mapping[str, float], actual: Mapping[str, Array]) -> dict[str, Array]:
    """Each factor's Shapley value, an array over the draws."""
    size = max(len(values) for values in actual.values())
    shares = {name: np.zeros(size) for name in planned}
    for order in permutations(planned):
        now: dict[str, Array | float] = dict(planned)
        for name in order:
            rest = prod((value for key, value in now.items() if key != name), start=np.ones(size))
            shares[name] = shares[name] + (actual[name] - planned[name]) * rest
            now[name] = actual[name]
    return {name: values / factorial(len(planned)) for name, values in shares.items()}


def _interval(value: float, draws: Array, edges: list[float]) -> Interval:
    if len(draws) == 1:
        return Interval(value, value, value)
    low, high = np.quantile(draws, edges)
    return Interval(value, float(low), float(high))
