"""Tags on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from bihuan.audiences.refreshing.schemas import Failure, Refresh
from bihuan.audiences.tags.definitions import TagValue
from bihuan.audiences.tags.kinds import AnyTag
from bihuan.insights import Author, Input, Name, Words

MOST_IDS = 100_000
SHOWN_UNKNOWN = 100
DistinctId = Annotated[str, StringConstraints(min_length=1, max_length=1024)]
Category = Annotated[
    str,
    StringConstraints(max_length=200, pattern=r"^([^/\x00-\x1f\x7f]+(/[^/\x00-\x1f\x7f]+)*)?$"),
    Field(description="Where it is in the tree: names from the root, with / between."),
]
Owner = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]


class TagInput(Input):
    """A new tag. Values of a manual one are given later."""

    name: Name
    description: Words = ""
    category: Category = ""
    owner: Owner = ""
    definition: AnyTag
    refresh: Refresh = "daily"


class TagChange(Input):
    """New values; those left out stay. A new definition or rhythm makes a version."""

    name: Name | None = None
    description: Words | None = None
    category: Category | None = None
    owner: Owner | None = None
    definition: AnyTag | None = None
    refresh: Refresh | None = None


class ValueSize(BaseModel):
    """How many people have a value now."""

    value: str
    people: int


class TagOutput(BaseModel):
    """A tag. ``values``: the most frequent ones, with how many people have them now."""

    id: str
    name: str
    description: str
    category: str
    owner: str
    kind: str
    definition: AnyTag
    refresh: Refresh
    version: int
    people: int
    values: list[ValueSize]
    value_count: int
    created_by: Author
    created_at: datetime
    updated_at: datetime
    refreshed_at: datetime | None
    error: Failure | None = Field(description="Why the last refresh failed.")


class GivenValues(Input):
    """A value for some people, by any of their ids; null takes theirs away."""

    distinct_ids: list[DistinctId] = Field(min_length=1, max_length=MOST_IDS)
    value: TagValue | None


class ValuesGiven(BaseModel):
    """How many people's value changed, and the ids that nobody has (the first of them)."""

    changed: int
    unknown_count: int
    unknown_ids: list[str]


class ImportedValues(ValuesGiven):
    """Also the lines that could not be read: line numbers (the heading is line 1) with the reason."""

    lines: int
    refused: list[RefusedLine]


class RefusedLine(BaseModel):
    """A line of a file that could not be taken."""

    line: int
    reason_en: str
    reason_zh: str


class PersonTag(BaseModel):
    """A tag of one person: the value now, since when, and what it was before."""

    tag_id: str
    name: str
    category: str
    kind: str
    value: str | None
    since: datetime
    history: list[PastValue]


class PastValue(BaseModel):
    """A change of a person's value; null is none."""

    at: datetime
    before: str | None
    value: str | None


ImportedValues.model_rebuild()
PersonTag.model_rebuild()
