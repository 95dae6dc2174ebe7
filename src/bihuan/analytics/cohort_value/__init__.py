"""Cohort value: cumulative value of cohorts by age, in all and per person."""

from bihuan.analytics.cohort_value.query import CohortValueQuery, CohortValueSelection
from bihuan.analytics.cohort_value.result import CohortValueResult, ValueCohort, ValueGroup, read_cohort_value
from bihuan.analytics.cohort_value.sql import cohort_value_sql, people_sql
from bihuan.analytics.registry import AnalysisKind

__all__ = [
    "ANALYSIS",
    "CohortValueQuery",
    "CohortValueResult",
    "CohortValueSelection",
    "ValueCohort",
    "ValueGroup",
]

ANALYSIS = AnalysisKind(
    kind="cohort_value",
    query=CohortValueQuery,
    result=CohortValueResult,
    selection=CohortValueSelection,
    sql=cohort_value_sql,
    read=read_cohort_value,
    people_sql=people_sql,
)
