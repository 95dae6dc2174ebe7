"""The model of an outcome: learned from a table of people, a third of whom is held back for the test."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow.compute as pc

from bihuan.analytics import ProjectContext
from bihuan.analytics.query import PropertyRef
from bihuan.analytics.sql import PropertyAccess, in_sample_sql
from bihuan.audiences.prediction import risks
from bihuan.audiences.prediction.definitions import OutcomeTag
from bihuan.audiences.prediction.encodings import encoded, encoding_of, varies
from bihuan.audiences.prediction.logs import LIMITS
from bihuan.audiences.prediction.reports import RiskReport
from bihuan.stats.churn import Feature, train_on_table
from bihuan.stats.errors import DataInsufficient
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.scores import Scored
from bihuan.warehouse.sql import literal

MOST_PEOPLE = 200_000
_MODEL = {"model_en": "the model of the outcome", "model_zh": "结果预测模型"}


class OutcomeTraining:
    """Trains at once; ``report`` and ``batches`` are there afterwards.

    Raises:
        DataInsufficient, LeakFound, NothingLearned, and what the engine raises.
    """

    def __init__(self, ctx: ProjectContext, store: ProjectStore, tag: OutcomeTag) -> None:
        self._ctx, self._store, self._tag = ctx, store, tag
        people = int(store.engine.rows(f"SELECT count() FROM ({self._sql('label IS NOT NULL', None)})")[0][0])
        if people == 0:
            raise DataInsufficient(
                **_MODEL, what_en="people with the label", what_zh="有标注的人", have=0, need=420
            )
        self.sample = None if people <= MOST_PEOPLE else MOST_PEOPLE / people
        rows = store.engine.arrow(self._sql("label IS NOT NULL", self.sample), settings=LIMITS)
        rows = rows.sort_by("person")
        encodings = [encoding_of(rows, index, each.type) for index, each in enumerate(tag.features)]
        values = encoded(rows, encodings)
        left = np.asarray(pc.equal(rows.column("label"), tag.positive).to_numpy())
        kept = [column for column in range(values.shape[1]) if varies(values[:, column])]
        if not kept:
            raise DataInsufficient(
                **_MODEL, what_en="properties that differ", what_zh="取值有差异的属性", have=0, need=1
            )
        self._kept = kept
        self._encodings = encodings
        features = [
            Feature(feature.property.name, encoding.kind, feature.known)
            for feature, encoding in zip(tag.features, encodings, strict=True)
        ]
        self.model = train_on_table(values[:, kept], left, [features[column] for column in kept])
        open_rows = values[~left][:, kept]
        self.levels = risks.levels_for(tag.levels, self.model.scorer.score(open_rows))

    def batches(self) -> Iterator[Scored]:
        """Everyone to whom it has not happened."""
        is_open = f"ifNull(label != {literal(self._tag.positive)}, true)"
        with self._store.engine.arrow_stream(self._sql(is_open, None), settings=LIMITS) as batches:
            for batch in batches:
                if batch.num_rows:
                    persons = batch.column("person").to_numpy(zero_copy_only=False)
                    values = encoded(batch, self._encodings)[:, self._kept]
                    yield risks.scored(self.model, self.levels, persons, values)

    def report(self) -> RiskReport:
        """After the batches: it counts them."""
        found = self.model.report
        codes = {
            feature.property.name: encoding.names
            for feature, encoding in zip(self._tag.features, self._encodings, strict=True)
        }
        return RiskReport(
            as_of=None,
            horizon_days=None,
            windows=[],
            test=risks.test_figures(found),
            baseline=None,
            candidates=risks.candidates(found),
            calibration="isotonic" if found.calibration == "isotonic" else "platt",
            fitted_on=found.fitted_on,
            chosen_on=found.chosen_on,
            sample=self.sample or 1.0,
            features=risks.features_used(self.model, codes),
            levels=self.levels.found(),
        )

    def _sql(self, condition: str, sample: float | None) -> str:
        access = PropertyAccess("p", self._ctx.time_zone)

        def text(ref: PropertyRef) -> str:
            return f"CAST({access.text(ref)} AS Nullable(String))"

        columns = [f"{text(self._tag.label)} AS label"]
        for index, feature in enumerate(self._tag.features):
            columns.append(f"{text(feature.property)} AS t{index}")
            columns.append(
                f"ifNull(CAST({access.number(feature.property)} AS Nullable(Float64)), nan) AS n{index}"
            )
        some = "" if sample is None else f" AND {in_sample_sql('p.person_id', sample)}"
        return (
            f"SELECT * FROM (SELECT p.person_id AS person, {', '.join(columns)}\n"
            f"FROM {self._ctx.table('profiles')} AS p FINAL WHERE NOT p.deleted{some})\nWHERE {condition}"
        )
