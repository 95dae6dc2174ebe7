"""Stickiness: in how many days, weeks or months people are active."""

from bihuan.analytics.registry import AnalysisKind
from bihuan.analytics.stickiness.query import StickinessQuery, StickinessSelection
from bihuan.analytics.stickiness.result import (
    StickinessGroup,
    StickinessResult,
    StickinessSpan,
    read_stickiness,
)
from bihuan.analytics.stickiness.sql import people_sql, stickiness_sql

__all__ = [
    "ANALYSIS",
    "StickinessGroup",
    "StickinessQuery",
    "StickinessResult",
    "StickinessSelection",
    "StickinessSpan",
]

ANALYSIS = AnalysisKind(
    kind="stickiness",
    query=StickinessQuery,
    result=StickinessResult,
    selection=StickinessSelection,
    sql=stickiness_sql,
    read=read_stickiness,
    people_sql=people_sql,
)
