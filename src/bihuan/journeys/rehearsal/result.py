"""What a rehearsal answers."""

from __future__ import annotations

from pydantic import BaseModel, Field

from bihuan.journeys.schemas import MoveOutput, NodeCount, WayCount


class Walk(BaseModel):
    """How one person would have gone. Times are Unix milliseconds; ``left_ms`` null: still inside."""

    person_id: str
    entered_ms: int
    left_ms: int | None
    converted_ms: int | None
    moves: list[MoveOutput]


class RehearsedDay(BaseModel):
    """A day of the project: who would have come in, and messages that would have been queued."""

    day: str
    entered: int
    messages: int


class Rehearsal(BaseModel):
    """What would have happened.

    ``converted``: people who did what the goal asks in time, without any message: what is to be beaten.
    ``occasions``: events, moves into the audience or times at which people could have come in.
    """

    occasions: int
    entered: int
    people: int
    refused_again: int
    refused_full: int
    inside: int
    left: dict[str, int]
    converted: int
    nodes: list[NodeCount]
    ways: list[WayCount]
    messages: int = Field(description="Messages that would have been queued, before consent and caps.")
    days: list[RehearsedDay]
    sample: list[Walk]
    notes: list[str] = Field(description="What is not exact in it, in words (codes).")
