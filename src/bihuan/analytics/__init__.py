"""Analyses of the event log: query values, their SQL, results, and oracles that define them."""

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query.query import Query, Selection
from bihuan.analytics.result import Result
from bihuan.analytics.run import Limits, cancel, people, people_sql, run, sql_of

__all__ = [
    "Limits",
    "ProjectContext",
    "Query",
    "Result",
    "Selection",
    "cancel",
    "people",
    "people_sql",
    "run",
    "sql_of",
]
