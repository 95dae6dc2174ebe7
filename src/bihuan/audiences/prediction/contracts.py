"""The model of value of people under contract: sBG on cohorts, and its back-test."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from bihuan.analytics import ProjectContext
from bihuan.analytics.calendar import DateUnit, local_date
from bihuan.analytics.features import RenewalQuery, cohorts_sql, renewals_sql
from bihuan.audiences.prediction.definitions import CONTRACT_FIGURES, TIERS, ValueTag
from bihuan.audiences.prediction.logs import LIMITS
from bihuan.audiences.prediction.purchases import parameters_of
from bihuan.audiences.prediction.reports import (
    ContractReport,
    RenewalBackTest,
    RenewalPoint,
    TierFound,
)
from bihuan.kernel.errors import BihuanError
from bihuan.stats.purchases import (
    RetentionModel,
    fit_retention,
    remaining_renewals,
    retention_curve,
    survival,
    value_tiers,
)
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.scores import Scored

_UNIT_DAYS: dict[DateUnit, float] = {"day": 1, "week": 7, "month": 30.44, "quarter": 91.31, "year": 365.25}
_AT_ONCE = 200_000
_MOST_POINTS = 60


class ContractTraining:
    """Fits at once; ``report`` and ``batches`` are there afterwards.

    Raises:
        DataInsufficient, FitNotConverged, and what the engine raises.
    """

    def __init__(self, ctx: ProjectContext, store: ProjectStore, tag: ValueTag, unit: DateUnit) -> None:
        self._tag = tag
        query = RenewalQuery(payment=tag.purchase, revenue=tag.revenue, unit=unit)
        self._unit = unit
        self.as_of: date = local_date(ctx.now_ms, ctx.zone)
        self.cohorts = cohorts_of(store.engine.rows(cohorts_sql(ctx, query), settings=LIMITS))
        self.model = fit_retention(self.cohorts)
        self.units = max(1, math.ceil(tag.horizon_days / _UNIT_DAYS[unit]))
        table = store.engine.arrow(
            f"SELECT person, renewed, mean_value FROM (\n{renewals_sql(ctx, query)}\n) "
            "WHERE renewed = possible ORDER BY person",
            settings=LIMITS,
        )
        self._persons, self._renewed, self._mean = (column.to_numpy() for column in table.columns)
        each = {n: remaining_renewals(self.model, n, self.units) for n in np.unique(self._renewed).tolist()}
        self._renewals = np.array([each[n] for n in self._renewed.tolist()])
        self.worth = self._renewals * self._mean
        self._tiers = value_tiers(self.worth, tag.shares)

    def batches(self) -> Iterator[Scored]:
        """Everyone who has not left."""
        columns = {
            "renewals": self._renewals,
            "value": self.worth,
            "renewed": self._renewed,
            "mean_value": self._mean,
        }
        figures = np.column_stack([columns[name] for name in CONTRACT_FIGURES])
        names = np.array(TIERS)[self._tiers.tier]
        for start in range(0, len(self._persons), _AT_ONCE):
            some = slice(start, start + _AT_ONCE)
            yield Scored(self._persons[some], self.worth[some], names[some], figures[some])

    def report(self) -> ContractReport:
        """What the model is, and how right it would have been."""
        seen = max(len(cohort) for cohort in self.cohorts) - 1
        curve = retention_curve(self.model, min(seen + self.units, _MOST_POINTS), cohorts=self.cohorts)
        back_test, why = None, None
        try:
            back_test = _back_test(self.cohorts, seen)
        except BihuanError as error:
            why = {"en": error.message("en"), "zh": error.message("zh")}
        return ContractReport(
            as_of=self.as_of,
            horizon_days=self._tag.horizon_days,
            horizon_units=self.units,
            unit=self._unit,
            people=self.model.people,
            there=len(self._persons),
            parameters=parameters_of(self.model.fit),
            curve=[
                RenewalPoint(
                    renewal=index,
                    survival=float(curve.survival[index]),
                    low=float(curve.low[index]),
                    high=float(curve.high[index]),
                    retention=_known(curve.retention[index]),
                    observed=_known(curve.observed[index]),
                )
                for index in range(len(curve.survival))
            ],
            back_test=back_test,
            no_back_test=why,
            value=float(self.worth.sum()),
            tiers=[
                TierFound(value=name, people=people, least=least, total=total)
                for name, people, least, total in zip(
                    TIERS, self._tiers.people, self._tiers.least, self._tiers.value, strict=True
                )
            ],
        )


def cohorts_of(rows: Sequence[Sequence[int]]) -> list[list[int]]:
    """From ``possible, renewed, people``: how many of each cohort were there after each renewal."""
    counted: dict[int, dict[int, int]] = {}
    for possible, renewed, people in rows:
        counted.setdefault(possible, {})[renewed] = people
    return [
        [sum(people for renewed, people in held.items() if renewed >= n) for n in range(possible + 1)]
        for possible, held in sorted(counted.items(), reverse=True)
    ]


def _back_test(cohorts: Sequence[Sequence[int]], seen: int) -> RenewalBackTest:
    """Without the latest third of the renewals: who is expected to be there now of those who began before."""
    left_out = max(1, seen // 3)
    earlier = [list(cohort[: len(cohort) - left_out]) for cohort in cohorts if len(cohort) > left_out]
    model: RetentionModel = fit_retention(earlier)
    expected = sum(_expected(model, cohort, left_out) for cohort in earlier)
    actual = sum(cohort[-1] for cohort in cohorts if len(cohort) > left_out)
    return RenewalBackTest(
        renewals=left_out,
        people=sum(cohort[-1] for cohort in earlier),
        expected=expected,
        actual=actual,
        error_share=(expected - actual) / actual if actual else None,
    )


def _expected(model: RetentionModel, cohort: Sequence[int], renewals: int) -> float:
    """How many of those there now will be there after so many renewals more."""
    done = len(cohort) - 1
    shares = survival(model, np.array([done, done + renewals]))
    return cohort[-1] * float(shares[1] / shares[0])


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
