"""Every kind of tag: what it is defined by, and its SELECT of ``person, value``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bihuan.analytics import ProjectContext, activity_score, rfm, stages, statistic
from bihuan.analytics.activity_score import ActivityScore
from bihuan.analytics.conditions import All, AnyCondition, values_sql
from bihuan.analytics.rfm import RfmQuery
from bihuan.analytics.stages import StageDefinition
from bihuan.analytics.statistic import TEXTS, Statistic
from bihuan.audiences.prediction.definitions import ChurnTag, OutcomeTag, ValueTag
from bihuan.audiences.tags import sql_tag
from bihuan.audiences.tags.definitions import ActivityTier, ManualTag, RuleTag
from bihuan.audiences.tags.sql_tag import SqlTag

TagDefinition = (
    RuleTag
    | Statistic
    | SqlTag
    | RfmQuery
    | StageDefinition
    | ActivityScore
    | ActivityTier
    | ChurnTag
    | ValueTag
    | OutcomeTag
    | ManualTag
)
AnyTag = Annotated[TagDefinition, Field(discriminator="kind")]


def tag_values_sql(ctx: ProjectContext, tag: TagDefinition, *, among: str | None = None) -> str:
    """SELECT of ``person, value``; ``among``: a SELECT of the only persons in question."""
    match tag:
        case RuleTag():
            return values_sql(ctx, rule_cases(tag), among=among)
        case Statistic():
            return statistic.values_sql(ctx, tag, among=among)
        case SqlTag():
            return sql_tag.values_sql(ctx, tag, among=among)
        case RfmQuery():
            return rfm.values_sql(ctx, tag, among=among)
        case StageDefinition():
            return stages.values_sql(ctx, tag, among=among)
        case ActivityScore():
            return activity_score.values_sql(ctx, tag, among=among)
        case ActivityTier():
            return activity_score.values_sql(ctx, tag.score, of="tier", among=among)
        case ChurnTag() | ValueTag() | OutcomeTag():
            raise ValueError("what models foretell is found by training them")
        case ManualTag():
            raise ValueError("values that members give are not found out")


def gives_numbers(tag: TagDefinition) -> bool:
    """Whether a tag's values are numbers, not names."""
    match tag:
        case ActivityScore():
            return True
        case Statistic():
            return tag.bins is None and tag.aggregate not in TEXTS
        case _:
            return False


def rule_cases(tag: TagDefinition) -> list[tuple[AnyCondition, str]]:
    """The conditions of a tag by rule with their values, the first that holds first; none of other tags."""
    if not isinstance(tag, RuleTag):
        return []
    cases: list[tuple[AnyCondition, str]] = [(case.condition, case.value) for case in tag.cases]
    if tag.otherwise is not None:
        cases.append((All(items=()), tag.otherwise))
    return cases
