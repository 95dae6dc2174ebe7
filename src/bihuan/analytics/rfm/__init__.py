"""RFM: buyers by recency, frequency and monetary value, in scores and eight groups."""

from bihuan.analytics.rfm.asking import ask_people, ask_rfm
from bihuan.analytics.rfm.query import (
    GROUPS,
    Fixed,
    Group,
    GroupCode,
    Mean,
    Quantiles,
    RfmQuery,
    RfmSelection,
)
from bihuan.analytics.rfm.result import Cell, GroupSize, RfmResult, Thresholds, read_rfm
from bihuan.analytics.rfm.sql import people_sql, rfm_sql, values_sql

__all__ = [
    "GROUPS",
    "Cell",
    "Fixed",
    "Group",
    "GroupCode",
    "GroupSize",
    "Mean",
    "Quantiles",
    "RfmQuery",
    "RfmResult",
    "RfmSelection",
    "Thresholds",
    "ask_people",
    "ask_rfm",
    "people_sql",
    "read_rfm",
    "rfm_sql",
    "values_sql",
]
