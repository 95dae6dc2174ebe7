"""Tasks on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from bihuan.insights import Author, Input, PersonBehind

MemberTaskState = Literal["open", "done"]


class MemberTaskChange(Input):
    """Tick a task off, or open it again."""

    state: MemberTaskState


class MemberTaskOutput(BaseModel):
    """Something that a member should do about a person. ``person`` null: nothing is recorded any more."""

    id: str
    journey_id: str
    journey_name: str | None
    node: str
    person: PersonBehind | None
    member_id: str
    member_name: str
    title: str
    due_at: datetime | None
    overdue: bool
    state: MemberTaskState
    done_at: datetime | None
    done_by: Author | None
    created_at: datetime
