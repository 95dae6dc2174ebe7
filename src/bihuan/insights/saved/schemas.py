"""Saved insights on the wire."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bihuan.analytics import Query
from bihuan.analytics.registry import AnyQuery
from bihuan.insights.wire import Author, Chart, Input, Name, Options, Tags, Words

MOST_QUERY_BYTES = 1 << 20


def _storable(query: Query) -> Query:
    text = query.model_dump_json()
    if "\\u0000" in text:
        raise ValueError("it has the character U+0000")
    if len(text) > MOST_QUERY_BYTES:
        raise ValueError(f"it has {len(text)} bytes, more than {MOST_QUERY_BYTES}")
    return query


SavedQuery = Annotated[AnyQuery, AfterValidator(_storable)]


class InsightInput(Input):
    """A new insight: a question with a name and how it is drawn."""

    name: Name
    description: Words = ""
    query: SavedQuery
    chart: Chart | None = None
    options: Options = Field(default_factory=dict)
    tags: Tags = Field(default_factory=list)


class InsightChange(Input):
    """New values for the fields that are given; the others stay.

    With ``version`` the change is refused unless the insight still has that version.
    """

    name: Name | None = None
    description: Words | None = None
    query: SavedQuery | None = None
    chart: Chart | None = None
    options: Options | None = None
    tags: Tags | None = None
    version: int | None = Field(default=None, ge=1)


class CopyInput(Input):
    """How to call a copy; without a name it is numbered."""

    name: Name | None = None


class Unreadable(BaseModel):
    """A stored question that this version cannot read: what is stored, and why not."""

    stored: dict[str, Any]
    reason: str


class InsightContent(BaseModel):
    """What a version of an insight holds. ``query`` is null if it cannot be read any more."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    description: str
    query: AnyQuery | None
    unreadable: Unreadable | None = None
    chart: str | None
    options: dict[str, Any]
    tags: list[str]
    version: int
    created_by: Author
    created_at: datetime


class InsightOutput(InsightContent):
    """An insight as it is now."""

    id: str
    starred: bool
    updated_by: Author
    updated_at: datetime


class TagOutput(BaseModel):
    """A tag, and how many insights and dashboards have it."""

    tag: str
    count: int


class InsightVersionOutput(InsightContent):
    """An insight as it was."""


def as_stored(query: Query) -> dict[str, Any]:
    """A question as the database keeps it."""
    stored: dict[str, Any] = json.loads(query.model_dump_json())
    return stored
