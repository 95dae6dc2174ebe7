"""Between what one person's value will probably lie."""

from __future__ import annotations

import numpy as np

from bihuan.audiences.prediction.definitions import PredictionDefinition, ValueTag
from bihuan.audiences.prediction.reports import ContractReport, Parameter, RiskReport, ValueReport
from bihuan.audiences.prediction.schemas import Foretold


def with_interval(
    found: Foretold,
    definition: PredictionDefinition,
    report: RiskReport | ValueReport | ContractReport | None,
) -> Foretold:
    """With the range of what people like this one buy or spend, of models that tell it."""
    if not isinstance(definition, ValueTag) or not isinstance(report, ValueReport):
        return found
    from bihuan.stats.purchases import (  # noqa: PLC0415
        PurchaseModel,
        SpendModel,
        purchase_histories,
        purchase_range,
        value_range,
    )

    figures = found.figures
    frequency, recency, age = (
        np.array([figures.get(name) or 0.0]) for name in ("frequency", "recency", "age")
    )
    histories = purchase_histories(frequency, recency, age)
    horizon = float(report.horizon_days)
    r, alpha, a, b = _values(report.parameters)
    model = PurchaseModel(r, alpha, a, b)
    if report.spend_parameters:
        mean = figures.get("mean_value")
        p, q, gamma = _values(report.spend_parameters)
        spend = SpendModel(p, q, gamma)
        mean_value = np.array([np.nan if mean is None else mean])
        low, high = value_range(model, spend, histories, mean_value, horizon)
    else:
        low, high = purchase_range(model, histories, horizon)
    return found.model_copy(update={"low": float(low[0]), "high": float(high[0])})


def _values(parameters: list[Parameter]) -> list[float]:
    return [parameter.value for parameter in parameters]
