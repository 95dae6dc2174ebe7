"""The global holdout on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bihuan.analytics.conditions import Condition
from bihuan.experiments.measuring import Metric
from bihuan.experiments.readings.course import CourseOutput
from bihuan.experiments.readings.schemas import Reading
from bihuan.insights import Author, Input


class HoldoutInput(Input):
    """How many are held out of everything, for how long, and who never is."""

    percent: float = Field(gt=0, le=50)
    rotation_days: int | None = Field(
        default=90, ge=7, le=1_000, description="After so many days others are drawn; null: always the same."
    )
    excluded: Condition | None = Field(default=None, description="People who are never held out.")


class HoldoutOutput(BaseModel):
    """The global holdout; ``round`` counts its draws, from 0."""

    model_config = ConfigDict(from_attributes=True)

    percent: float
    rotation_days: int | None
    excluded: Condition | None
    started_at: datetime
    round: int
    next_round_at: datetime | None
    updated_by: Author
    updated_at: datetime


class HoldoutSize(BaseModel):
    """How many people are held out now, of how many."""

    people: int
    of: int


class HoldoutQuestion(Input):
    """What is compared between people held out and all others; at least one metric is primary."""

    metrics: tuple[Metric, ...] = Field(min_length=1, max_length=10)
    pre_days: int = Field(default=14, ge=0, le=365)

    @model_validator(mode="after")
    def _has_a_primary(self) -> Self:
        if not any(each.role == "primary" for each in self.metrics):
            raise ValueError("at least one metric is primary")
        return self


class HoldoutReading(BaseModel):
    """What everything together changed since ``since``: when others were drawn, or it was last changed.

    ``course``: how the same question came to it, reading by reading since then.
    """

    since: datetime
    reading: Reading
    course: list[CourseOutput]


class HoldoutLookOutput(BaseModel):
    """A reading of the holdout that was taken, and why: by a ``member`` or by the ``schedule``."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    at: datetime
    cause: str
    since: datetime
    question: HoldoutQuestion
    reading: Reading
