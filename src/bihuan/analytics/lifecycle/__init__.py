"""Lifecycle: new, returning, resurrected and dormant people."""

from bihuan.analytics.lifecycle.query import STAGES, LifecycleQuery, LifecycleSelection, Stage
from bihuan.analytics.lifecycle.result import LifecycleGroup, LifecycleResult, LifecycleUnit, read_lifecycle
from bihuan.analytics.lifecycle.sql import lifecycle_sql, people_sql
from bihuan.analytics.registry import AnalysisKind

__all__ = [
    "ANALYSIS",
    "STAGES",
    "LifecycleGroup",
    "LifecycleQuery",
    "LifecycleResult",
    "LifecycleSelection",
    "LifecycleUnit",
    "Stage",
]

ANALYSIS = AnalysisKind(
    kind="lifecycle",
    query=LifecycleQuery,
    result=LifecycleResult,
    selection=LifecycleSelection,
    sql=lifecycle_sql,
    read=read_lifecycle,
    people_sql=people_sql,
)
