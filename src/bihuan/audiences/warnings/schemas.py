"""Warnings on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from bihuan.analytics.conditions import Condition
from bihuan.audiences.refreshing.schemas import Failure
from bihuan.audiences.tags.definitions import TagValue
from bihuan.insights import Author, Input, Name


def _each_once(order: list[str]) -> list[str]:
    if len(set(order)) != len(order):
        raise ValueError("a value is in it twice")
    return order


Unit = Literal["day", "week", "month"]
Order = Annotated[
    list[TagValue],
    Field(min_length=2, max_length=50, description="From best to worst."),
    AfterValidator(_each_once),
]
History = Annotated[int, Field(ge=7, le=120, description="With how many before it is compared.")]
FalseAlarms = Annotated[
    float, Field(ge=0.0005, le=0.1, description="Share of usual days, at most, that are warned of.")
]


class RuleInput(Input):
    """A new rule: values of a tag from best to worst, and the people who matter."""

    name: Name
    tag_id: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    order: Order
    valuable: Condition | None = Field(
        default=None, description="Who counts, as of the start of the day; everybody if not given."
    )
    unit: Unit = "day"
    history: History = 28
    false_alarms: FalseAlarms = 0.005


class RuleChange(Input):
    """New values; those left out stay, and so does the tag. ``valuable`` null: everybody counts.

    Another order, unit or condition has the past counted anew. Warnings that were given keep their figures
    and their people.
    """

    name: Name | None = None
    order: Order | None = None
    valuable: Condition | None = None
    unit: Unit | None = None
    history: History | None = None
    false_alarms: FalseAlarms | None = None


class RuleOutput(BaseModel):
    """A rule, and why the last check failed if it did."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    tag_id: str
    order: list[str]
    valuable: Condition | None
    unit: Unit
    history: int
    false_alarms: float
    checked_at: datetime | None
    error: Failure | None
    created_by: Author
    created_at: datetime


class Counted(BaseModel):
    """How many of the people dropped on one day, week or month."""

    start: date
    dropped: int
    people: int


class Checked(BaseModel):
    """The current day, week or month against those before; from ``critical`` on it is a warning."""

    now: Counted
    before: list[Counted]
    expected: float
    critical: int
    p_value: float
    unusual: bool


class CountedBy(BaseModel):
    """What people are counted by."""

    order: list[str]
    valuable: Condition | None
    unit: Unit


class WarningOutput(BaseModel):
    """More dropped than usual. ``counted_by``: by what, if the rule was changed since."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    rule_id: str
    start: date
    raised_at: datetime
    dropped: int
    people: int
    expected: float
    critical: int
    p_value: float
    counted_by: CountedBy | None
    acknowledged_at: datetime | None
    acknowledged_by: Author | None
