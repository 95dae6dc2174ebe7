"""Sessions: how many, how long, how deep, where they begin and end."""

from bihuan.analytics.registry import AnalysisKind
from bihuan.analytics.sessions.query import SessionsQuery, SessionsSelection
from bihuan.analytics.sessions.result import (
    SessionEnd,
    SessionFigures,
    SessionGroup,
    SessionsResult,
    read_sessions,
)
from bihuan.analytics.sessions.sql import people_sql, sessions_sql

__all__ = [
    "ANALYSIS",
    "SessionEnd",
    "SessionFigures",
    "SessionGroup",
    "SessionsQuery",
    "SessionsResult",
    "SessionsSelection",
]

ANALYSIS = AnalysisKind(
    kind="sessions",
    query=SessionsQuery,
    result=SessionsResult,
    selection=SessionsSelection,
    sql=sessions_sql,
    read=read_sessions,
    people_sql=people_sql,
)
