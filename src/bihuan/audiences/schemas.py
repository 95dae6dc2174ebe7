"""Audiences on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from fastapi import Query
from pydantic import BaseModel, Discriminator, Field, StringConstraints, Tag, model_validator

from bihuan.analytics.conditions import Condition
from bihuan.audiences.refreshing.schemas import Failure, Refresh
from bihuan.insights import Author, Input, Name, PeopleQuestion, Words

MOST_IDS = 100_000
SHOWN_UNKNOWN = 100
DistinctId = Annotated[str, StringConstraints(min_length=1, max_length=1024)]

PersonName = Annotated[
    str, Query(min_length=1, max_length=1024, description="Any id, or # and the person_id.")
]


class ListedPeople(Input):
    """People by any of their ids."""

    distinct_ids: list[DistinctId] = Field(min_length=1, max_length=MOST_IDS)


class PeopleByCondition(Input):
    """People for whom a condition holds."""

    condition: Condition


def _way(given: Any) -> str | None:
    """By which field people are given, so that a fault is told of the way that was meant."""
    ways = {"condition": "PeopleByCondition", "distinct_ids": "ListedPeople", "query": "PeopleQuestion"}
    return next((way for name, way in ways.items() if _has(given, name)), None)


def _has(given: Any, name: str) -> bool:
    return name in given if isinstance(given, dict) else hasattr(given, name)


AnyPeople = Annotated[
    Annotated[PeopleQuestion, Tag("PeopleQuestion")]
    | Annotated[ListedPeople, Tag("ListedPeople")]
    | Annotated[PeopleByCondition, Tag("PeopleByCondition")],
    Discriminator(_way),
]


class AudienceInput(Input):
    """A new audience: the people behind a number of an answer, those with these ids, or by a condition.

    Only an audience by a condition is refreshed: ``hourly``, ``daily`` (as the project's day begins),
    ``live`` (within seconds of an event, and daily) or ``never``: then it stays as it was made.
    """

    name: Name
    description: Words = ""
    people: AnyPeople
    refresh: Refresh = "never"

    @model_validator(mode="after")
    def _only_conditions_are_refreshed(self) -> Self:
        if self.refresh != "never" and not isinstance(self.people, PeopleByCondition):
            raise ValueError("only an audience by a condition is refreshed")
        return self


class AudienceChange(Input):
    """New values; those left out stay. A new condition or a new rhythm makes a version."""

    name: Name | None = None
    description: Words | None = None
    condition: Condition | None = None
    refresh: Refresh | None = None


class AudienceOutput(BaseModel):
    """An audience. ``size`` counts its people as they are now: merged ones once, erased ones not."""

    id: str
    name: str
    description: str
    kind: Literal["static", "condition"]
    size: int
    question: dict[str, Any] | None = Field(description="What it was made of, if it was a question.")
    condition: Condition | None
    refresh: Refresh
    version: int
    created_by: Author
    created_at: datetime
    updated_at: datetime
    refreshed_at: datetime | None
    error: Failure | None = Field(description="Why the last refresh failed.")


class AudienceCreated(AudienceOutput):
    """A new audience, and which of the given ids nobody has (the first of them)."""

    unknown_count: int
    unknown_ids: list[str]


class Stay(BaseModel):
    """A time in an audience; ``left`` is null for one that lasts."""

    entered: datetime
    left: datetime | None


class PersonAudience(BaseModel):
    """An audience that a person is or was in, and when; the latest stay is the last."""

    audience_id: str
    name: str
    inside: bool
    stays: list[Stay]


class EstimateInput(Input):
    """A condition that is being written. ``audience_id``: the one it is to be the condition of, if any."""

    condition: Condition
    audience_id: str | None = Field(default=None, max_length=64)


class Estimate(BaseModel):
    """How many people a condition has now.

    Of big projects a sample is counted: then ``low`` and ``high`` bound the number with 95 % confidence
    (Wilson's interval of the share).
    """

    people: int
    everyone: int
    low: int
    high: int
    sample: float = Field(description="Share of people that were counted; 1 is exact.")
    milliseconds: int
