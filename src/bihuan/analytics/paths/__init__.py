"""Paths: the ways people take from, to and around an event."""

from bihuan.analytics.paths.query import NodeRule, PathsQuery, PathsSelection
from bihuan.analytics.paths.result import PathLink, PathNode, PathsResult, read_paths
from bihuan.analytics.paths.sql import paths_sql, people_sql
from bihuan.analytics.registry import AnalysisKind

__all__ = ["ANALYSIS", "NodeRule", "PathLink", "PathNode", "PathsQuery", "PathsResult", "PathsSelection"]

ANALYSIS = AnalysisKind(
    kind="paths",
    query=PathsQuery,
    result=PathsResult,
    selection=PathsSelection,
    sql=paths_sql,
    read=read_paths,
    people_sql=people_sql,
    sequenced="bihuan.analytics.paths.sequenced",
)
