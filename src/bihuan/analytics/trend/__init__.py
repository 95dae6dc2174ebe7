"""Trend: measures over time, with breakdowns, formulae and comparison."""

from bihuan.analytics.registry import AnalysisKind
from bihuan.analytics.trend.query import Formula, TrendQuery, TrendSelection, TrendSeries
from bihuan.analytics.trend.result import TrendLine, TrendResult, read_trend
from bihuan.analytics.trend.sql import people_sql, trend_sql

__all__ = ["ANALYSIS", "Formula", "TrendLine", "TrendQuery", "TrendResult", "TrendSelection", "TrendSeries"]

ANALYSIS = AnalysisKind(
    kind="trend",
    query=TrendQuery,
    result=TrendResult,
    selection=TrendSelection,
    sql=trend_sql,
    read=read_trend,
    people_sql=people_sql,
    sequenced="bihuan.analytics.trend.sequenced",
)
