"""Activity scores from 0 to 100, made of weighted parts, in tiers."""

from bihuan.analytics.activity_score.query import (
    ActivityScore,
    FixedCap,
    Part,
    PercentileCap,
    Tiers,
    default_score,
)
from bihuan.analytics.activity_score.result import (
    PartPoints,
    PartSummary,
    PersonScore,
    ScoreSizes,
    TierSize,
    read_explained,
    read_sizes,
)
from bihuan.analytics.activity_score.sql import explained_sql, people_sql, sizes_sql, trend_sql, values_sql

__all__ = [
    "ActivityScore",
    "FixedCap",
    "Part",
    "PartPoints",
    "PartSummary",
    "PercentileCap",
    "PersonScore",
    "ScoreSizes",
    "TierSize",
    "Tiers",
    "default_score",
    "explained_sql",
    "people_sql",
    "read_explained",
    "read_sizes",
    "sizes_sql",
    "trend_sql",
    "values_sql",
]
