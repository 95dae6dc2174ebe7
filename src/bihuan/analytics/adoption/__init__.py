"""Feature adoption: reach, frequency and retention of each event."""

from bihuan.analytics.adoption.query import AdoptionQuery, AdoptionSelection
from bihuan.analytics.adoption.result import Adoption, AdoptionResult, read_adoption
from bihuan.analytics.adoption.sql import adoption_sql, people_sql
from bihuan.analytics.registry import AnalysisKind

__all__ = ["ANALYSIS", "Adoption", "AdoptionQuery", "AdoptionResult", "AdoptionSelection"]

ANALYSIS = AnalysisKind(
    kind="adoption",
    query=AdoptionQuery,
    result=AdoptionResult,
    selection=AdoptionSelection,
    sql=adoption_sql,
    read=read_adoption,
    people_sql=people_sql,
)
