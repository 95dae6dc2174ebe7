"""Retention: who comes back, when, and with what."""

from bihuan.analytics.registry import AnalysisKind
from bihuan.analytics.retention.query import (
    MAX_AGE,
    AgeRange,
    Brackets,
    On,
    OnOrAfter,
    RetentionQuery,
    RetentionSelection,
    Rolling,
)
from bihuan.analytics.retention.result import (
    RetentionCohort,
    RetentionGroup,
    RetentionResult,
    read_retention,
)
from bihuan.analytics.retention.sql import people_sql, retention_sql

__all__ = [
    "ANALYSIS",
    "MAX_AGE",
    "AgeRange",
    "Brackets",
    "On",
    "OnOrAfter",
    "RetentionCohort",
    "RetentionGroup",
    "RetentionQuery",
    "RetentionResult",
    "RetentionSelection",
    "Rolling",
]

ANALYSIS = AnalysisKind(
    kind="retention",
    query=RetentionQuery,
    result=RetentionResult,
    selection=RetentionSelection,
    sql=retention_sql,
    read=read_retention,
    people_sql=people_sql,
)
