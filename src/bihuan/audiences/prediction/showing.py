"""Runs, people and reasons as callers may see them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from pydantic import TypeAdapter

from bihuan.access import Mask
from bihuan.audiences.prediction.definitions import (
    CONTRACT_FIGURES,
    VALUE_FIGURES,
    PredictionDefinition,
    ValueTag,
)
from bihuan.audiences.prediction.models import Prediction
from bihuan.audiences.prediction.reports import (
    AnyReport,
    ContractReport,
    FeatureUsed,
    Interval,
    RiskReport,
    ValueReport,
)
from bihuan.audiences.prediction.schemas import (
    Foretold,
    PredictionOutput,
    PredictionSummary,
    ReasonOutput,
    RunOfModel,
    State,
)
from bihuan.audiences.prediction.wording import property_of, words_of
from bihuan.audiences.tags.models import Tag
from bihuan.database import utc_now
from bihuan.warehouse.scores import PersonScore

_TRAINING = timedelta(hours=1)
_report: TypeAdapter[RiskReport | ValueReport | ContractReport] = TypeAdapter(AnyReport)


def summary(tag: Tag, last: Prediction | None, ready: Prediction | None) -> PredictionSummary:
    """A prediction with its latest run and the figure of its latest report."""
    return PredictionSummary.model_validate(_values(tag, last, report_of(ready)))


def output(tag: Tag, last: Prediction | None, ready: Prediction | None, mask: Mask) -> PredictionOutput:
    """A prediction with its latest report."""
    report = report_of(ready)
    values = _values(tag, last, report)
    shown = masked(report, mask) if isinstance(report, RiskReport) else report
    return PredictionOutput.model_validate(
        {**values, "report": shown, "reported_at": ready.at if ready is not None else None}
    )


def report_of(run: Prediction | None) -> RiskReport | ValueReport | ContractReport | None:
    """The report of a run."""
    return None if run is None or run.report is None else _report.validate_python(run.report)


def masked(report: RiskReport, mask: Mask) -> RiskReport:
    """Without texts of properties that the caller may not see."""
    features = [
        each
        if each.codes is None
        else each.model_copy(
            update={"codes": [mask.value(property_of(each.name), code) for code in each.codes]}
        )
        for each in report.features
    ]
    return report.model_copy(update={"features": features})


def foretold(
    found: PersonScore,
    definition: PredictionDefinition,
    report: RiskReport | ValueReport | ContractReport | None,
    mask: Mask,
) -> Foretold:
    """What is foretold of a person."""
    names: Sequence[str] = ()
    if isinstance(definition, ValueTag):
        names = VALUE_FIGURES if definition.contract is None else CONTRACT_FIGURES
    used = {each.name: each for each in report.features} if isinstance(report, RiskReport) else {}
    return Foretold(
        score=found.score,
        value=found.value,
        figures={name: _known(value) for name, value in zip(names, found.figures, strict=False)},
        reasons=[
            _reason(name, size, _known(held), used.get(name), mask)
            for name, size, held in zip(found.reasons, found.sizes, found.held, strict=True)
        ],
    )


def _values(tag: Tag, last: Prediction | None, report: Any) -> dict[str, Any]:
    named = ("id", "name", "description", "category", "kind", "definition", "refresh", "version")
    made = ("created_by", "created_at", "refreshed_at", "error")
    return {
        **{name: getattr(tag, name) for name in (*named, *made)},
        "state": _state(tag, last),
        "last_run": RunOfModel.model_validate(last) if last is not None else None,
        "auc": report.test.auc if isinstance(report, RiskReport) else None,
        "total": _total(report),
    }


def _state(tag: Tag, last: Prediction | None) -> State:
    if tag.claimed_at is not None and utc_now() - tag.claimed_at < _TRAINING:
        return "training"
    if last is None:
        return "waiting"
    return "ready" if last.state == "ready" else "refused"


def _total(report: Any) -> float | None:
    if isinstance(report, ContractReport):
        return report.value
    if isinstance(report, ValueReport):
        found: Interval = report.value or report.purchases
        return found.value
    return None


def _reason(name: str, size: float, held: float | None, used: FeatureUsed | None, mask: Mask) -> ReasonOutput:
    words = words_of(name)
    codes = used.codes if used is not None else None
    usual = used.usual if used is not None else None
    hidden = mask.hides and mask.kind(property_of(name)) is not None
    held_text, usual_text = (None if hidden else _text(each, codes, name, mask) for each in (held, usual))
    raises = size > 0
    return ReasonOutput(
        feature=name,
        en=words.en,
        zh=words.zh,
        direction="raises" if raises else "lowers",
        size=abs(size),
        held=None if hidden else held,
        usual=None if hidden else usual,
        held_text=held_text,
        usual_text=usual_text,
        sentence_en=f"{words.en}: {held_text or 'unknown'} (usually {usual_text or 'unknown'}) "
        f"{'raises' if raises else 'lowers'} the risk",
        sentence_zh=f"{words.zh}为 {held_text or '未知'}（通常为 {usual_text or '未知'}），"
        f"{'提高' if raises else '降低'}风险",
    )


def _text(value: float | None, codes: list[str] | None, name: str, mask: Mask) -> str | None:
    if value is None:
        return None
    if codes is not None:
        code = codes[int(value)] if 0 <= int(value) < len(codes) else "…"
        shown: str = mask.value(property_of(name), code)
        return shown
    return f"{value:.4g}" if abs(value) < 1000 else f"{value:,.0f}"


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
