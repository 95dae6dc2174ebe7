"""Correlation: what separates the people who convert in a funnel from the others who entered it."""

from bihuan.analytics.correlation.query import FunnelCorrelationQuery, FunnelCorrelationSelection
from bihuan.analytics.correlation.result import (
    CorrelationFactor,
    FunnelCorrelationResult,
    read_correlation,
)
from bihuan.analytics.correlation.sql import correlation_sql, people_sql
from bihuan.analytics.registry import AnalysisKind

__all__ = [
    "ANALYSIS",
    "CorrelationFactor",
    "FunnelCorrelationQuery",
    "FunnelCorrelationResult",
    "FunnelCorrelationSelection",
]

ANALYSIS = AnalysisKind(
    kind="funnel_correlation",
    query=FunnelCorrelationQuery,
    result=FunnelCorrelationResult,
    selection=FunnelCorrelationSelection,
    sql=correlation_sql,
    read=read_correlation,
    people_sql=people_sql,
)
