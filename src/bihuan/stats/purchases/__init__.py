"""How often people will buy and what they will be worth; how long people under contract stay."""

from bihuan.stats.purchases.bg_nbd import PurchaseModel, fit_purchases, log_likelihood
from bihuan.stats.purchases.forecasts import (
    alive_chance,
    at_least,
    expected_purchases,
    expected_since_first,
    parameter_error,
    purchase_moments,
    purchase_range,
)
from bihuan.stats.purchases.gamma_gamma import SpendModel, fit_spend, mean_value_of
from bihuan.stats.purchases.histories import PurchaseHistories, purchase_histories
from bihuan.stats.purchases.holdout import (
    FrequencyRow,
    HoldoutComparison,
    PurchaseCurve,
    compare_with_holdout,
    purchase_curve,
)
from bihuan.stats.purchases.maximum_likelihood import Fitted
from bihuan.stats.purchases.retention import (
    RetentionCurve,
    RetentionModel,
    fit_retention,
    remaining_renewals,
    residual_lifetime,
    retention_curve,
    retention_rates,
    survival,
)
from bihuan.stats.purchases.value import (
    PeopleForecast,
    Total,
    ValueTiers,
    forecast_people,
    total_purchases,
    total_value,
    value_range,
    value_tiers,
)

__all__ = [
    "Fitted",
    "FrequencyRow",
    "HoldoutComparison",
    "PeopleForecast",
    "PurchaseCurve",
    "PurchaseHistories",
    "PurchaseModel",
    "RetentionCurve",
    "RetentionModel",
    "SpendModel",
    "Total",
    "ValueTiers",
    "alive_chance",
    "at_least",
    "compare_with_holdout",
    "expected_purchases",
    "expected_since_first",
    "fit_purchases",
    "fit_retention",
    "fit_spend",
    "forecast_people",
    "log_likelihood",
    "mean_value_of",
    "parameter_error",
    "purchase_curve",
    "purchase_histories",
    "purchase_moments",
    "purchase_range",
    "remaining_renewals",
    "residual_lifetime",
    "retention_curve",
    "retention_rates",
    "survival",
    "total_purchases",
    "total_value",
    "value_range",
    "value_tiers",
]
