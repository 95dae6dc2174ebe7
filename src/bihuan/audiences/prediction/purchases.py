"""The model of value of people who buy as they like: BG/NBD with Gamma-Gamma, and its back-test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from bihuan.analytics import ProjectContext
from bihuan.analytics.features import EPOCH, PurchaseQuery, purchases_sql, repeats_sql
from bihuan.audiences.prediction.definitions import TIERS, VALUE_FIGURES, ValueTag
from bihuan.audiences.prediction.logs import LIMITS, span_of
from bihuan.audiences.prediction.reports import (
    BackTest,
    CurvePoint,
    FrequencyGroup,
    Interval,
    Parameter,
    TierFound,
    ValueReport,
)
from bihuan.kernel.arrays import Array
from bihuan.kernel.errors import BihuanError
from bihuan.stats.purchases import (
    Fitted,
    PeopleForecast,
    PurchaseHistories,
    PurchaseModel,
    SpendModel,
    Total,
    compare_with_holdout,
    fit_purchases,
    fit_spend,
    forecast_people,
    purchase_curve,
    purchase_histories,
    total_purchases,
    total_value,
    value_tiers,
)
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.scores import Scored

_AT_ONCE = 200_000
_POINTS = 80


@dataclass(frozen=True)
class _Buyers:
    persons: Array
    histories: PurchaseHistories
    mean_value: Array
    later: Array
    later_value: Array


class PurchaseTraining:
    """Fits at once; ``report`` and ``batches`` are there afterwards.

    Raises:
        DataInsufficient, FitNotConverged, and what the engine raises.
    """

    def __init__(self, ctx: ProjectContext, store: ProjectStore, tag: ValueTag) -> None:
        self._ctx, self._store, self._tag = ctx, store, tag
        self.query = PurchaseQuery(purchase=tag.purchase, revenue=tag.revenue)
        self.first, self.as_of = span_of(ctx, store, tag.purchase)
        self._buyers = self._read(self.as_of, 0)
        self.purchases = fit_purchases(self._buyers.histories)
        self.spend = self._spend(self._buyers)
        self.forecast = self._forecast()
        value = self.forecast.value
        self.worth = self.forecast.purchases if value is None else value
        self._tiers = value_tiers(self.worth, tag.shares)

    def batches(self) -> Iterator[Scored]:
        """Everyone who ever bought."""
        buyers, found = self._buyers, self.forecast
        histories = buyers.histories
        columns = {
            "alive": found.alive,
            "buys": found.buys,
            "purchases": found.purchases,
            "value": self.worth,
            "frequency": histories.frequency,
            "recency": histories.recency,
            "age": histories.age,
            "mean_value": buyers.mean_value,
        }
        figures = np.column_stack([columns[name] for name in VALUE_FIGURES])
        names = np.array(TIERS)[self._tiers.tier]
        for start in range(0, len(buyers.persons), _AT_ONCE):
            some = slice(start, start + _AT_ONCE)
            yield Scored(buyers.persons[some], self.worth[some], names[some], figures[some])

    def report(self) -> ValueReport:
        """What the models are, and how right they would have been."""
        buyers, horizon = self._buyers, float(self._tag.horizon_days)
        back_test: BackTest | None = None
        curve: list[CurvePoint] = []
        why: dict[str, str] | None = None
        try:
            back_test, curve = self._back_test()
        except BihuanError as error:
            why = {"en": error.message("en"), "zh": error.message("zh")}
        value = None
        if self.spend is not None:
            total = total_value(self.purchases, self.spend, buyers.histories, buyers.mean_value, horizon)
            value = interval_of(total)
        return ValueReport(
            as_of=self.as_of,
            horizon_days=self._tag.horizon_days,
            people=buyers.histories.people,
            repeaters=buyers.histories.repeaters,
            parameters=parameters_of(self.purchases.fit),
            spend_parameters=parameters_of(self.spend.fit if self.spend else None),
            correlation=self.spend.correlation if self.spend else None,
            alive=float(self.forecast.alive.sum()),
            purchases=interval_of(total_purchases(self.purchases, buyers.histories, horizon)),
            value=value,
            tiers=[
                TierFound(value=name, people=people, least=least, total=total)
                for name, people, least, total in zip(
                    TIERS, self._tiers.people, self._tiers.least, self._tiers.value, strict=True
                )
            ],
            back_test=back_test,
            no_back_test=why,
            curve=curve,
        )

    def _read(self, cutoff: date, later_days: int) -> _Buyers:
        sql = purchases_sql(self._ctx, self.query, [cutoff], later_days=later_days)
        table = self._store.engine.arrow(sql, settings=LIMITS)
        columns = {name: table.column(name).to_numpy() for name in table.column_names}
        order = np.argsort(columns["person"])
        columns = {name: column[order] for name, column in columns.items()}
        return _Buyers(
            columns["person"],
            purchase_histories(columns["frequency"], columns["recency"], columns["age"]),
            columns["mean_value"],
            columns["later"],
            columns["later_value"],
        )

    def _spend(self, buyers: _Buyers) -> SpendModel | None:
        if self._tag.revenue is None:
            return None
        return fit_spend(buyers.histories.frequency, buyers.mean_value)

    def _forecast(self) -> PeopleForecast:
        mean_value = None if self.spend is None else self._buyers.mean_value
        return forecast_people(
            self.purchases,
            self._buyers.histories,
            float(self._tag.horizon_days),
            spend=self.spend,
            mean_value=mean_value,
        )

    def _back_test(self) -> tuple[BackTest, list[CurvePoint]]:
        """As if it were as many days ago as the horizon has, at most a third of all days."""
        days = max(1, min(self._tag.horizon_days, (self.as_of - self.first).days // 3))
        cutoff = self.as_of - timedelta(days=days)
        buyers = self._read(cutoff, days)
        model = fit_purchases(buyers.histories)
        spend = self._spend(buyers)
        compared = compare_with_holdout(model, buyers.histories, buyers.later, float(days))
        value = actual_value = None
        if spend is not None:
            total = total_value(model, spend, buyers.histories, buyers.mean_value, float(days))
            value, actual_value = interval_of(total), float(buyers.later_value.sum())
        test = BackTest(
            cutoff=cutoff,
            until=self.as_of,
            people=buyers.histories.people,
            expected=interval_of(compared.total),
            actual=compared.actual,
            error_share=compared.error_share,
            inside=compared.inside,
            same_rate=compared.same_rate_total,
            mean_absolute_error=compared.mean_absolute_error,
            same_rate_absolute_error=compared.same_rate_absolute_error,
            rank_correlation=compared.rank_correlation,
            value=value,
            actual_value=actual_value,
            groups=[FrequencyGroup.model_validate(row) for row in compared.rows],
        )
        return test, self._curve(model, buyers.histories, cutoff)

    def _curve(self, model: PurchaseModel, histories: PurchaseHistories, cutoff: date) -> list[CurvePoint]:
        """The tracking plot: what the model of the cut-off says of all days, and what happened."""
        born = cutoff - timedelta(days=1 + int(histories.age.max()))
        length = (self.as_of - timedelta(days=1) - born).days
        at_cutoff = (cutoff - timedelta(days=1) - born).days
        step = max(1, length // _POINTS)
        times = np.unique([*range(step, length + 1, step), at_cutoff, length])
        curve = purchase_curve(model, histories, times)
        sql = repeats_sql(self._ctx, self.query, born_before=cutoff, until=self.as_of)
        rows = np.array(self._store.engine.rows(sql, settings=LIMITS), dtype=np.int64).reshape(-1, 2)
        total = np.append(0, np.cumsum(rows[:, 1]))
        ends = (born - EPOCH).days + times
        actual = total[np.searchsorted(rows[:, 0], ends, side="right")]
        return [
            CurvePoint(
                day=born + timedelta(days=int(time)),
                expected=float(curve.expected[index]),
                low=float(curve.low[index]),
                high=float(curve.high[index]),
                forecast=None if np.isnan(curve.forecast[index]) else float(curve.forecast[index]),
                actual=float(actual[index]),
            )
            for index, time in enumerate(times)
        ]


def interval_of(total: Total) -> Interval:
    """A sum as a figure with its interval."""
    return Interval(value=total.expected, low=total.low, high=total.high)


def parameters_of(fit: Fitted | None) -> list[Parameter]:
    """The parameters of a fitted model; none of one without a fit."""
    if fit is None:
        return []
    return [
        Parameter(name=name, value=float(value), error=float(error) if np.isfinite(error) else None)
        for name, value, error in zip(fit.names, fit.values, fit.standard_errors, strict=True)
    ]
