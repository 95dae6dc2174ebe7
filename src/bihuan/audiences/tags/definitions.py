"""What gives people a tag's value."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from bihuan.analytics.activity_score import ActivityScore
from bihuan.analytics.conditions import Condition
from bihuan.analytics.query import Value

TagValue = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]


class Case(Value):
    """A value and whom it is for."""

    value: TagValue
    condition: Condition


class RuleTag(Value):
    """The value of the first case whose condition holds; ``otherwise`` is for everyone else."""

    kind: Literal["rule"] = "rule"
    cases: tuple[Case, ...] = Field(min_length=1, max_length=50)
    otherwise: TagValue | None = None


class ManualTag(Value):
    """Members give the values, one by one or by importing a list of ids."""

    kind: Literal["manual"] = "manual"


class ActivityTier(Value):
    """The tier of the activity score."""

    kind: Literal["activity_tier"] = "activity_tier"
    score: ActivityScore
