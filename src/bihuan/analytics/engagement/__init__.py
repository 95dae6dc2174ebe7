"""Engagement: on how many days people are active."""

from bihuan.analytics.engagement.query import EngagementQuery, EngagementSelection
from bihuan.analytics.engagement.result import EngagementResult, EngagementRow, read_engagement
from bihuan.analytics.engagement.sql import engagement_sql, people_sql
from bihuan.analytics.registry import AnalysisKind

__all__ = ["ANALYSIS", "EngagementQuery", "EngagementResult", "EngagementRow", "EngagementSelection"]

ANALYSIS = AnalysisKind(
    kind="engagement",
    query=EngagementQuery,
    result=EngagementResult,
    selection=EngagementSelection,
    sql=engagement_sql,
    read=read_engagement,
    people_sql=people_sql,
)
