"""Versions, refreshes and moves on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bihuan.insights import Author, Input

Refresh = Literal["never", "hourly", "daily", "live"]


class Failure(BaseModel):
    """Why a refresh failed, in both languages."""

    code: str
    en: str
    zh: str
    at: datetime


class RunOutput(BaseModel):
    """One refresh: people after it, and how many got a value, changed it or lost it."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    at: datetime
    cause: str
    version: int
    milliseconds: int
    people: int
    entered: int
    changed: int
    left: int
    sizes: dict[str, int]
    error: Failure | None


class VersionOutput(BaseModel):
    """What a definition was from one change to the next."""

    model_config = ConfigDict(from_attributes=True)

    version: int
    definition: dict[str, Any] | None
    refresh: Refresh
    created_by: Author
    created_at: datetime


class BackfillInput(Input):
    """From which day on the history is found out, and as of the ends of which units."""

    from_date: date
    unit: Literal["day", "week", "month"] = "month"


class Move(BaseModel):
    """How many people went from one value to another; null is none."""

    before: str | None
    value: str | None
    people: int


class Moves(BaseModel):
    """The most frequent moves in a span of time."""

    after: datetime
    until: datetime
    moves: list[Move]
    ways: int = Field(description="How many there are in all: of numbers there can be as many as people.")


class Node(BaseModel):
    """A definition in the graph of what refers to what."""

    id: str
    name: str
    type: Literal["audience", "tag"]
    refresh: Refresh
    failed: bool
    numeric: bool = Field(description="Whether its values are numbers, not names.")


class Link(BaseModel):
    """``user`` refers to ``used``."""

    user: str
    used: str


class Graph(BaseModel):
    """What refers to what."""

    nodes: list[Node]
    links: list[Link]
