"""Funnel: how many people get how far through steps, in which time, and where they are lost."""

from bihuan.analytics.funnel.query import (
    ConversionTime,
    Exclusion,
    FunnelBreakdown,
    FunnelQuery,
    FunnelSelection,
    FunnelStep,
    FunnelWindow,
)
from bihuan.analytics.funnel.result import FunnelGroup, FunnelResult, read_funnel
from bihuan.analytics.funnel.sql import funnel_sql, people_sql
from bihuan.analytics.registry import AnalysisKind

__all__ = [
    "ANALYSIS",
    "ConversionTime",
    "Exclusion",
    "FunnelBreakdown",
    "FunnelGroup",
    "FunnelQuery",
    "FunnelResult",
    "FunnelSelection",
    "FunnelStep",
    "FunnelWindow",
]

ANALYSIS = AnalysisKind(
    kind="funnel",
    query=FunnelQuery,
    result=FunnelResult,
    selection=FunnelSelection,
    sql=funnel_sql,
    read=read_funnel,
    people_sql=people_sql,
    sequenced="bihuan.analytics.funnel.sequenced",
)
