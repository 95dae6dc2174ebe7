"""Tasks and files on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from bihuan.campaigns.plan.schemas import Id, Ids
from bihuan.insights import Author, Input, Name, Words

TaskState = Literal["open", "doing", "done"]


class Item(Input):
    """A line of a checklist."""

    text: Name
    done: bool = False


class TaskInput(Input):
    """Something to be done. ``required``: the campaign cannot start before it is done."""

    title: Name
    description: Words = ""
    owner_id: Id | None = Field(default=None, description="A member of the project.")
    due_at: AwareDatetime | None = None
    required: bool = False
    checklist: list[Item] = Field(default_factory=list, max_length=50)
    depends_on: Ids = Field(default_factory=list, description="Tasks that must be done before.")


class TaskChange(Input):
    """New values; those left out stay."""

    title: Name | None = None
    description: Words | None = None
    owner_id: Id | None = None
    due_at: AwareDatetime | None = None
    state: TaskState | None = None
    required: bool | None = None
    checklist: list[Item] | None = Field(default=None, max_length=50)
    depends_on: Ids | None = None


class TaskOutput(BaseModel):
    """A task. ``waits_for``: those it depends on that are not done."""

    id: str
    campaign_id: str
    title: str
    description: str
    owner_id: str | None
    owner_name: str
    due_at: datetime | None
    state: TaskState
    overdue: bool
    required: bool
    checklist: list[Item]
    depends_on: list[str]
    waits_for: list[str]
    done_at: datetime | None
    created_by: Author
    created_at: datetime


class FileOutput(BaseModel):
    """A file."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    task_id: str | None
    name: str
    media_type: str
    size_bytes: int
    sha256: str
    created_by: Author
    created_at: datetime
