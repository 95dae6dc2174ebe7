"""Pure statistics: sufficient statistics in, frozen results out. Imports no storage.

``purchases`` and ``churn`` are packages of their own, to be imported where they are used: they load SciPy and
scikit-learn.
"""

from bihuan.stats.many_comparisons import adjusted_p_values
from bihuan.stats.proportions import (
    Interval,
    OddsRatio,
    Proportion,
    ProportionDifference,
    Representation,
    ShareRatio,
    odds_ratio,
    proportion,
    proportion_difference,
    representation,
    share_ratio,
)
from bihuan.stats.returns import (
    InactivityThreshold,
    ReturnCurve,
    inactivity_threshold,
    knee_of,
    return_curve,
)

__all__ = [
    "InactivityThreshold",
    "Interval",
    "OddsRatio",
    "Proportion",
    "ProportionDifference",
    "Representation",
    "ReturnCurve",
    "ShareRatio",
    "adjusted_p_values",
    "inactivity_threshold",
    "knee_of",
    "odds_ratio",
    "proportion",
    "proportion_difference",
    "representation",
    "return_curve",
    "share_ratio",
]
