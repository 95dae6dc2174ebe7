"""Audiences on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from bihuan.insights import Author, Input, Name, PeopleQuestion, Words

MOST_IDS = 100_000
SHOWN_UNKNOWN = 100
DistinctId = Annotated[str, StringConstraints(min_length=1, max_length=1024)]


class ListedPeople(Input):
    """People by any of their ids."""

    distinct_ids: list[DistinctId] = Field(min_length=1, max_length=MOST_IDS)


class AudienceInput(Input):
    """A new static audience: the people behind a number of an answer, or those with these ids."""

    name: Name
    description: Words = ""
    people: PeopleQuestion | ListedPeople


class AudienceOutput(BaseModel):
    """An audience. ``size`` counts its people as they are now: merged ones once, erased ones not."""

    id: str
    name: str
    description: str
    kind: Literal["static"]
    size: int
    question: dict[str, Any] | None = Field(description="What it was made of, if it was a question.")
    created_by: Author
    created_at: datetime


class AudienceCreated(AudienceOutput):
    """A new audience, and which of the given ids nobody has (the first of them)."""

    unknown_count: int
    unknown_ids: list[str]
