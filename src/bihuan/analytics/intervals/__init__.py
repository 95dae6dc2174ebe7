"""Intervals: how long it takes from one event to another."""

from bihuan.analytics.intervals.query import IntervalsQuery, IntervalsSelection
from bihuan.analytics.intervals.result import IntervalsResult, read_intervals
from bihuan.analytics.intervals.sql import intervals_sql, people_sql
from bihuan.analytics.registry import AnalysisKind

__all__ = ["ANALYSIS", "IntervalsQuery", "IntervalsResult", "IntervalsSelection"]

ANALYSIS = AnalysisKind(
    kind="intervals",
    query=IntervalsQuery,
    result=IntervalsResult,
    selection=IntervalsSelection,
    sql=intervals_sql,
    read=read_intervals,
    people_sql=people_sql,
)
