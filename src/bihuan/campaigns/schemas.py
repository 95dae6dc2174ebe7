"""Campaigns on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bihuan.campaigns.plan.schemas import Amount, Id, Lever, Plan
from bihuan.insights import Author, Input, Name, Words

Status = Literal["draft", "review", "scheduled", "running", "paused", "finished", "evaluated"]
Verb = Literal[
    "submit", "withdraw", "schedule", "unschedule", "start", "pause", "resume", "finish", "evaluate"
]
Category = Literal["media", "messages", "offer", "content", "people", "tools", "other"]


class Doer(BaseModel):
    """Who did something: a member, a key, or Bihuan itself when its time came."""

    model_config = ConfigDict(from_attributes=True)

    kind: Literal["member", "key", "system"]
    id: str
    name: str


class CampaignInput(Input):
    """A new campaign, maybe made of a template; ``plan`` replaces the template's."""

    name: Name
    description: Words = ""
    lever: Lever | None = Field(default=None, description="Which lever it pulls; that of the template.")
    owner_id: Id | None = Field(default=None, description="A member; whoever makes it, if not given.")
    template: str | None = Field(default=None, max_length=40)
    plan: Plan | None = None


class CampaignChange(Input):
    """New values; those left out stay. ``plan`` is given whole, and only to a draft.

    ``revision``: the one that was read; another means that somebody changed it meanwhile.
    """

    name: Name | None = None
    description: Words | None = None
    lever: Lever | None = None
    owner_id: Id | None = Field(default=None, description="A member of the project.")
    plan: Plan | None = None
    revision: int | None = Field(default=None, ge=1)


class CopyInput(Input):
    """A new campaign like another. ``from_report``: with what was measured as its hypothesis."""

    name: Name
    from_report: bool = False


class CampaignOutput(BaseModel):
    """A campaign. ``actions``: what can be done with it now, by whoever may."""

    id: str
    name: str
    description: str
    lever: Lever
    owner_id: str | None
    owner_name: str = Field(description="Who answers for it.")
    template: str | None
    copied_from: str | None
    status: Status
    actions: list[Verb]
    plan: Plan
    expected: float | None = Field(description="Expected reach × effect × value.")
    revision: int
    round: int = Field(description="How often it was submitted.")
    planned_cost: float
    actual_cost: float
    submitted_by: Author | None
    submitted_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    evaluated_at: datetime | None
    problem: dict[str, Any] | None = Field(description="Why it could not start when it was due.")
    created_by: Author
    created_at: datetime
    updated_by: Author
    updated_at: datetime


class ActivityOutput(BaseModel):
    """Something that was done to a campaign."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    at: datetime
    actor: Doer
    action: str
    details: dict[str, Any]


class CommentInput(Input):
    """What to say."""

    text: Words = Field(min_length=1)


class CommentOutput(BaseModel):
    """What somebody said."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    text: str
    author: Author
    created_at: datetime
    edited_at: datetime | None


class CostInput(Input):
    """A line of money in the project's currency."""

    kind: Literal["planned", "actual"]
    category: Category = "other"
    label: Name
    amount: Amount
    spent_at: datetime | None = None


class CostOutput(BaseModel):
    """A line of money."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    kind: Literal["planned", "actual"]
    category: Category
    label: str
    amount: float
    spent_at: datetime | None
    created_by: Author
    created_at: datetime


class Money(BaseModel):
    """What a campaign costs: lines, and their sums."""

    currency: str
    budget: float | None
    planned: float
    actual: float
    lines: list[CostOutput]


class TransitionInput(Input):
    """``note`` is kept in the activity log."""

    note: Words = ""
