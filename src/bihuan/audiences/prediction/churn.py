"""The model of churn: learned from past windows of the log, said of everyone who is active now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from bihuan.analytics import ProjectContext
from bihuan.analytics.features import (
    EPOCH,
    FeatureQuery,
    feature_names,
    features_sql,
    properties_sql,
    top_events_sql,
)
from bihuan.audiences.prediction import risks
from bihuan.audiences.prediction.definitions import ChurnTag
from bihuan.audiences.prediction.encodings import encoded, encoding_of, varies
from bihuan.audiences.prediction.logs import LIMITS, people_between, span_of
from bihuan.audiences.prediction.reports import RiskReport, WindowUsed
from bihuan.audiences.prediction.wording import PERSON
from bihuan.kernel.arrays import Array
from bihuan.stats.churn import ChurnModel, Feature, Window, train_on_windows
from bihuan.stats.errors import DataInsufficient
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.scores import Scored

MOST_WINDOWS = 4
# So many people of each window are learned from; of more, a sample.
PEOPLE_A_WINDOW = 50_000
SHARES = 8
_RECENCY = "days_since_last"
_LEAD_DAYS = 30


@dataclass(frozen=True)
class _Snapshot:
    persons: Array
    values: Array
    left: Array


class ChurnTraining:
    """Trains at once; ``report`` and ``batches`` are there afterwards.

    Raises:
        DataInsufficient, LeakFound, NothingLearned, and what the engine raises.
    """

    def __init__(self, ctx: ProjectContext, store: ProjectStore, tag: ChurnTag) -> None:
        self._ctx, self._store, self._tag = ctx, store, tag
        first, self.as_of = span_of(ctx, store, tag.active)
        cutoffs = past_cutoffs(first, self.as_of, tag.horizon_days)
        self.query = self._query()
        self.sample = self._sample(cutoffs)
        found = self._snapshots([*cutoffs, self.as_of])
        today = found.pop(self.as_of)
        windows = [self._window(cutoff, found[cutoff]) for cutoff in cutoffs]
        self._kept = _varying(windows)
        self.model = self._train(windows)
        ranking = self.model.scorer.score(today.values[:, self._kept]) if len(today.values) else np.zeros(0)
        self.levels = risks.levels_for(tag.levels, ranking)
        self._windows = windows

    def batches(self) -> Iterator[Scored]:
        """Everyone who is active now."""
        sql = self._sql([self.as_of], 0, None)
        with self._store.engine.arrow_stream(sql, settings=LIMITS) as batches:
            for batch in batches:
                if batch.num_rows:
                    persons = batch.column("person").to_numpy(zero_copy_only=False)
                    values = self._matrix(batch)[:, self._kept]
                    yield risks.scored(self.model, self.levels, persons, values)

    def report(self) -> RiskReport:
        """After the batches: it counts them."""
        found = self.model.report
        uses = ["learning"] * (len(self._windows) - 2) + ["choosing", "test"]
        if len(self._windows) == 2:
            uses = ["learning", "test"]
        return RiskReport(
            as_of=self.as_of,
            horizon_days=self._tag.horizon_days,
            windows=[
                WindowUsed.model_validate(
                    {
                        "cutoff": _day(window.cutoff),
                        "until": _day(window.ends),
                        "people": window.people,
                        "left": int(np.count_nonzero(window.left)),
                        "used_for": use,
                    }
                )
                for window, use in zip(self._windows, uses, strict=True)
            ],
            test=risks.test_figures(found),
            baseline=risks.baseline(found),
            candidates=risks.candidates(found),
            calibration="isotonic" if found.calibration == "isotonic" else "platt",
            fitted_on=found.fitted_on,
            chosen_on=found.chosen_on,
            sample=self.sample or 1.0,
            features=risks.features_used(self.model, self._codes()),
            levels=self.levels.found(),
        )

    def _codes(self) -> dict[str, list[str] | None]:
        return {
            f"{PERSON}{ref.name}": encoding.names
            for ref, encoding in zip(self._tag.properties, self._encodings, strict=True)
        }

    def _query(self) -> FeatureQuery:
        sql = top_events_sql(self._ctx, until=self.as_of, days=90, most=SHARES)
        names = tuple(row[0] for row in self._store.engine.rows(sql, settings=LIMITS))
        tag = self._tag
        return FeatureQuery(
            active=tag.active,
            recent_days=tag.horizon_days,
            # A share of the only event is the same for everybody.
            shares=names if len(names) > 1 else (),
            purchase=tag.purchase,
            revenue=tag.revenue,
        )

    def _sample(self, cutoffs: Sequence[date]) -> float | None:
        since = cutoffs[-1] - timedelta(days=self._tag.horizon_days)
        people = people_between(self._ctx, self._store, since, self.as_of)
        return None if people <= PEOPLE_A_WINDOW else PEOPLE_A_WINDOW / people

    def _snapshots(self, cutoffs: Sequence[date]) -> dict[date, _Snapshot]:
        sql = self._sql(cutoffs, self._tag.horizon_days, self.sample)
        table = self._store.engine.arrow(sql, settings=LIMITS)
        self._encodings = [encoding_of(table, index) for index in range(len(self._tag.properties))]
        at = table.column("cutoff").to_numpy()
        persons, left = table.column("person").to_numpy(), table.column("left").to_numpy()
        values = self._matrix(table)
        found = {}
        for cutoff in cutoffs:
            # In an order of their own, so that a run can be repeated.
            rows = np.flatnonzero(at == (cutoff - EPOCH).days)
            rows = rows[np.argsort(persons[rows])]
            found[cutoff] = _Snapshot(persons[rows], values[rows], left[rows])
        return found

    def _sql(self, cutoffs: Sequence[date], horizon_days: int, sample: float | None) -> str:
        sql = features_sql(self._ctx, self.query, cutoffs, horizon_days=horizon_days, sample=sample)
        properties = self._tag.properties
        if not properties:
            return sql
        known = properties_sql(self._ctx, properties, cutoffs, sample=sample)
        numbers = (f"toFloat64OrNull(p.t{index})" for index in range(len(properties)))
        columns = ", ".join(
            f"nullIf(p.t{index}, '') AS t{index}, "
            f"ifNull(if(isFinite({number}), {number}, NULL), nan) AS n{index}"
            for index, number in enumerate(numbers)
        )
        return (
            f"SELECT f.*, {columns}\nFROM (\n{sql}\n) AS f\nLEFT ANY JOIN (\n{known}\n) AS p "
            "ON p.person = f.person AND p.cutoff = f.cutoff"
        )

    def _matrix(self, rows: pa.Table | pa.RecordBatch) -> Array:
        names = feature_names(self.query)
        columns = [rows.column(f"f{index}").to_numpy(zero_copy_only=False) for index in range(len(names))]
        return np.column_stack([*columns, encoded(rows, self._encodings)])

    def _window(self, cutoff: date, seen: _Snapshot) -> Window:
        start = (cutoff - EPOCH).days
        return Window(start, start + self._tag.horizon_days, seen.values, seen.left)

    def _train(self, windows: Sequence[Window]) -> ChurnModel:
        computed = [Feature(name, known="at_cutoff") for name in feature_names(self.query)]
        said = [
            Feature(f"{PERSON}{ref.name}", encoding.kind)
            for ref, encoding in zip(self._tag.properties, self._encodings, strict=True)
        ]
        features = [[*computed, *said][column] for column in self._kept]
        kept = [replace(window, features=window.features[:, self._kept]) for window in windows]
        return train_on_windows(kept, features, recency=_RECENCY)


def past_cutoffs(first: date, as_of: date, horizon_days: int) -> list[date]:
    """Beginnings of past windows, the earliest first, whose horizons follow each other and are over.

    Before the first one there are at least as many days of data as a horizon has, 30 at most.

    Raises:
        DataInsufficient: there is no room for two.
    """
    lead = min(horizon_days, _LEAD_DAYS)
    have = (as_of - first).days
    room = (have - lead) // horizon_days
    if room < 2:
        raise DataInsufficient(
            model_en="the model of churn",
            model_zh="流失预测模型",
            what_en=f"days of data for a horizon of {horizon_days} days",
            what_zh=f"预测期为 {horizon_days} 天时的数据天数",
            have=have,
            need=lead + 2 * horizon_days,
        )
    count = min(room, MOST_WINDOWS)
    return [as_of - timedelta(days=horizon_days * back) for back in range(count, 0, -1)]


def _varying(windows: Sequence[Window]) -> list[int]:
    """The columns that are not the same for everybody; always the one of recency, which is the first."""
    values = np.concatenate([window.features for window in windows])
    return [column for column in range(values.shape[1]) if column == 0 or varies(values[:, column])]


def _day(ordinal: float) -> date:
    return EPOCH + timedelta(days=int(ordinal))
