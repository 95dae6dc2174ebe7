"""Training: learn, say it of everyone, and write down how good it is or why it was refused."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, Protocol

from sqlalchemy import delete, select

from bihuan.analytics import ProjectContext
from bihuan.audiences.prediction.definitions import ChurnTag, OutcomeTag, PredictionDefinition, ValueTag
from bihuan.audiences.prediction.models import Prediction
from bihuan.audiences.prediction.reports import ContractReport, RiskReport, ValueReport
from bihuan.database import Database, new_id, utc_now
from bihuan.kernel.errors import BihuanError
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.scores import Scored, add_scores, score_values_sql, seal_scores

KEPT_RUNS = 50


class Training(Protocol):
    """A trained model: what it says of whom, and then what is known of it."""

    def batches(self) -> Iterator[Scored]:
        """What it says of everyone."""

    def report(self) -> RiskReport | ValueReport | ContractReport:
        """How good it is; after the batches."""


def train(
    database: Database,
    ctx: ProjectContext,
    store: ProjectStore,
    project_id: str,
    tag: tuple[str, int],
    wanted: PredictionDefinition,
) -> str:
    """Train the model of a tag (id and version) and foretell; returns a SELECT of ``person, value``.

    Raises:
        what is kept as the refusal: DataInsufficient, LeakFound, NothingLearned, FitNotConverged, …
    """
    tag_id, version = tag
    run = Prediction(
        id=new_id(), project_id=project_id, tag_id=tag_id, version=version, at=utc_now(), people=0
    )
    begun = time.monotonic()
    try:
        # Imported where it is used: scikit-learn takes a second to load.
        trained = _trained(ctx, store, wanted)
        of_scores = time.time_ns() // 1_000_000
        for batch in trained.batches():
            add_scores(store, tag_id, of_scores, batch)
            run.people += len(batch.persons)
        run.report = trained.report().model_dump(mode="json")
        run.state = "ready"
    except BihuanError as error:
        run.state, run.refusal = "refused", refusal_of(error)
        _keep(database, run, begun)
        raise
    seal_scores(store, tag_id, of_scores)
    _keep(database, run, begun)
    return score_values_sql(store.table, tag_id)


def refusal_of(error: BihuanError) -> dict[str, Any]:
    """Why it was refused, in both languages, with how much there is and is needed."""
    counts = {
        name: error.params[name] for name in ("have", "need") if isinstance(error.params.get(name), int)
    }
    leaks = [
        {"feature": leak.feature, "rule": leak.rule, "figure": leak.figure}
        for leak in error.params.get("findings", ())
    ]
    return {
        "code": error.code,
        "en": error.message("en"),
        "zh": error.message("zh"),
        "hint_en": error.hint("en"),
        "hint_zh": error.hint("zh"),
        "have": counts.get("have"),
        "need": counts.get("need"),
        "leaks": leaks,
    }


def _trained(ctx: ProjectContext, store: ProjectStore, wanted: PredictionDefinition) -> Training:
    from bihuan.audiences.prediction.churn import ChurnTraining  # noqa: PLC0415
    from bihuan.audiences.prediction.contracts import ContractTraining  # noqa: PLC0415
    from bihuan.audiences.prediction.outcomes import OutcomeTraining  # noqa: PLC0415
    from bihuan.audiences.prediction.purchases import PurchaseTraining  # noqa: PLC0415

    match wanted:
        case ChurnTag():
            return ChurnTraining(ctx, store, wanted)
        case OutcomeTag():
            return OutcomeTraining(ctx, store, wanted)
        case ValueTag(contract=None):
            return PurchaseTraining(ctx, store, wanted)
        case ValueTag():
            return ContractTraining(ctx, store, wanted, wanted.contract or "month")


def _keep(database: Database, run: Prediction, begun: float) -> None:
    run.milliseconds = round((time.monotonic() - begun) * 1000)
    with database.session() as session:
        session.add(run)
        session.flush()
        own = select(Prediction.id).where(Prediction.tag_id == run.tag_id)
        last = session.scalars(own.order_by(Prediction.id.desc()).offset(KEPT_RUNS).limit(1)).first()
        if last is not None:
            session.execute(delete(Prediction).where(Prediction.tag_id == run.tag_id, Prediction.id <= last))
        session.flush()
        session.expunge(run)
