"""Pure statistics: sufficient statistics in, frozen results out. Imports no storage."""

from bihuan.stats.many_comparisons import adjusted_p_values
from bihuan.stats.proportions import (
    OddsRatio,
    Proportion,
    ProportionDifference,
    odds_ratio,
    proportion,
    proportion_difference,
)

__all__ = [
    "OddsRatio",
    "Proportion",
    "ProportionDifference",
    "adjusted_p_values",
    "odds_ratio",
    "proportion",
    "proportion_difference",
]
