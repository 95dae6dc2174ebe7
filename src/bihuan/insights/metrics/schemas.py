"""Metrics on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from bihuan.analytics.trend import TrendQuery
from bihuan.insights.wire import Author, Input, Name, Words

Direction = Literal["up", "down"]
Unit = Annotated[
    str, StringConstraints(max_length=40, pattern=r"^[^\x00-\x1f\x7f]*$"), Field(examples=["CNY"])
]
Owner = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]


def _one_line(query: TrendQuery) -> TrendQuery:
    if len(query.formulas) != 1 and (query.formulas or len(query.series) != 1):
        raise ValueError("a metric is one series, or one formula over several")
    if query.breakdowns or query.compare or query.moving_average or query.cumulative or query.sample:
        raise ValueError("breakdowns, comparison, averages, sums and samples belong to the insight")
    if any(series.metric is not None for series in query.series):
        raise ValueError("a metric does not refer to metrics")
    if "\\u0000" in query.model_dump_json():
        raise ValueError("it has the character U+0000")
    return query


Definition = Annotated[
    TrendQuery,
    AfterValidator(_one_line),
    Field(description="A trend with one series, or with one formula. Its period and interval mean nothing."),
]


class MetricInput(Input):
    """A new metric."""

    name: Name
    unit: Unit = ""
    query: Definition
    description: Words = ""
    direction: Direction = "up"
    owner: Owner = ""


class MetricChange(Input):
    """New values for the fields that are given; the others stay."""

    name: Name | None = None
    unit: Unit | None = None
    query: Definition | None = None
    description: Words | None = None
    direction: Direction | None = None
    owner: Owner | None = None


class MetricOutput(BaseModel):
    """A metric; ``direction`` says which way is good. ``query`` is null if it cannot be read any more."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    unit: str
    query: TrendQuery | None
    description: str
    direction: Direction
    owner: str
    created_by: Author
    created_at: datetime
    updated_by: Author
    updated_at: datetime


class Use(BaseModel):
    """Something that uses a metric."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str


class MetricUses(BaseModel):
    """Where a metric is used: insights, and the dashboards they are on."""

    insights: list[Use]
    dashboards: list[Use]
