"""Distribution: how often people do something."""

from bihuan.analytics.distribution.query import DistributionQuery, DistributionSelection
from bihuan.analytics.distribution.result import DistributionResult, read_distribution
from bihuan.analytics.distribution.sql import distribution_sql, people_sql
from bihuan.analytics.registry import AnalysisKind

__all__ = ["ANALYSIS", "DistributionQuery", "DistributionResult", "DistributionSelection"]

ANALYSIS = AnalysisKind(
    kind="distribution",
    query=DistributionQuery,
    result=DistributionResult,
    selection=DistributionSelection,
    sql=distribution_sql,
    read=read_distribution,
    people_sql=people_sql,
)
