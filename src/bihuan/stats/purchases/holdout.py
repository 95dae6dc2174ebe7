"""Was the forecast right: purchases after a cut-off against what the model said at the cut-off."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from scipy import stats

from bihuan.kernel.arrays import Array
from bihuan.stats.errors import StatsInputInvalid
from bihuan.stats.purchases.bg_nbd import PurchaseModel
from bihuan.stats.purchases.forecasts import (
    expected_purchases,
    parameter_error,
    since_first_moments,
)
from bihuan.stats.purchases.histories import PurchaseHistories, distinct
from bihuan.stats.purchases.value import Total, total_purchases

_SEVEN_OR_MORE = 7


@dataclass(frozen=True)
class FrequencyRow:
    """People with ``frequency`` repeat purchases before the cut-off (the last row: that many or more).

    ``actual_low`` and ``actual_high``: 95 % interval of their mean of actual purchases; None for fewer than
    2.
    """

    frequency: int
    people: int
    expected: float
    actual: float
    actual_low: float | None
    actual_high: float | None


@dataclass(frozen=True)
class HoldoutComparison:
    """Forecast and truth of the time after the cut-off.

    Attributes:
        total: the forecast sum with its interval; ``actual`` the true one.
        error_share: (forecast - actual) / actual; None when nobody bought.
        inside: whether ``actual`` lies in the interval.
        rows: by number of repeat purchases before.
        mean_absolute_error: of people's forecasts; ``same_rate_absolute_error`` of the simple rule that
            everybody goes on at their own rate so far, and ``same_rate_total`` its sum.
        rank_correlation: Spearman's, of people's forecasts and purchases; None when one does not vary.
    """

    total: Total
    actual: int
    error_share: float | None
    inside: bool
    rows: tuple[FrequencyRow, ...]
    mean_absolute_error: float
    same_rate_absolute_error: float
    same_rate_total: float
    rank_correlation: float | None


@dataclass(frozen=True)
class PurchaseCurve:
    """Cumulative repeat purchases of all people at ``times``, for the picture of a back-test.

    Attributes:
        times: since the first purchase of the earliest person, in the unit of the histories.
        expected: by the model, from people's first purchases alone (the "tracking plot" of the paper).
        low, high: interval of ``expected``.
        forecast: from the cut-off on, by people's histories until then: known purchases plus expected ones;
            NaN before. The sharper of the two.
    """

    times: Array
    expected: Array
    low: Array
    high: Array
    forecast: Array


def compare_with_holdout(
    model: PurchaseModel, histories: PurchaseHistories, later_purchases: Array, duration: float
) -> HoldoutComparison:
    """Compare with the purchases of each person in the ``duration`` after the histories end.

    Fit ``model`` on nothing later than the histories; people who came later are in neither.
    """
    later = np.asarray(later_purchases, dtype=float)
    if later.shape != histories.frequency.shape or not duration > 0:
        raise StatsInputInvalid(
            reason_en="later purchases need one entry a person and a duration above 0",
            reason_zh="后续购买数须每人一项，且时长大于 0",
        )
    rows = distinct(histories)
    each = expected_purchases(model, rows.histories, duration)[rows.of_person]
    total = total_purchases(model, histories, duration)
    actual = int(later.sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(histories.age > 0, histories.frequency / histories.age, 0.0)
    varied = float(np.ptp(later)) > 0 and float(np.ptp(each)) > 0
    return HoldoutComparison(
        total=total,
        actual=actual,
        error_share=(total.expected - actual) / actual if actual else None,
        inside=(total.low or 0.0) <= actual <= (total.high or 0.0),
        rows=_by_frequency(histories.frequency, each, later),
        mean_absolute_error=float(np.mean(np.abs(each - later))),
        same_rate_absolute_error=float(np.mean(np.abs(rate * duration - later))),
        same_rate_total=float(np.sum(rate) * duration),
        rank_correlation=float(stats.spearmanr(each, later).statistic) if varied else None,
    )


def purchase_curve(
    model: PurchaseModel, histories: PurchaseHistories, times: Array, *, confidence: float = 0.95
) -> PurchaseCurve:
    """Expected cumulative repeat purchases of people who came at different times.

    Args:
        model: fitted on ``histories``.
        histories: up to the cut-off; the earliest person's first purchase is time 0.
        times: where to draw, increasing; beyond the cut-off is the forecast.
        confidence: of the interval, which has the uncertainty of the parameters and chance.
    """
    at = np.asarray(times, dtype=float)
    cutoff = float(histories.age.max())
    births, people = np.unique(np.round(cutoff - histories.age, 9), return_counts=True)
    lengths, place = np.unique(np.round(np.maximum(at[:, None] - births, 0.0), 9), return_inverse=True)
    place = place.reshape(len(at), len(births))

    def expected(one: PurchaseModel) -> Array:
        return np.asarray(since_first_moments(one, lengths)[0][place] @ people)

    variance = since_first_moments(model, lengths)[1][place] @ people
    centre = expected(model)
    margin = NormalDist().inv_cdf((1 + confidence) / 2) * np.hypot(
        parameter_error(model, expected), np.sqrt(variance)
    )
    rows = distinct(histories)
    known = float(np.sum(histories.frequency))
    forecast = np.full(len(at), np.nan)
    for index in np.flatnonzero(at >= cutoff):
        each = expected_purchases(model, rows.histories, float(at[index]) - cutoff)
        forecast[index] = known + float(rows.people @ each)
    return PurchaseCurve(at, centre, np.maximum(centre - margin, 0.0), centre + margin, forecast)


def _by_frequency(frequency: Array, expected: Array, actual: Array) -> tuple[FrequencyRow, ...]:
    z = NormalDist().inv_cdf(0.975)
    group = np.minimum(frequency, _SEVEN_OR_MORE).astype(int)
    rows = []
    for value in np.unique(group):
        inside = group == value
        people, mean = int(np.count_nonzero(inside)), float(actual[inside].mean())
        margin = z * float(actual[inside].std(ddof=1) / np.sqrt(people)) if people > 1 else None
        rows.append(
            FrequencyRow(
                int(value),
                people,
                float(expected[inside].mean()),
                mean,
                None if margin is None else max(0.0, mean - margin),
                None if margin is None else mean + margin,
            )
        )
    return tuple(rows)
