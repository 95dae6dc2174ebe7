"""Approvals on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bihuan.access import Role
from bihuan.campaigns.plan.schemas import Amount
from bihuan.insights import Author, Input, Name, Words

# Whoever may only look decides nothing.
Approver = Literal["owner", "director", "manager", "specialist", "analyst"]


class RuleInput(Input):
    """A rule: a campaign above the budget or above the reach needs ``needed`` members of these roles.

    Without budget and reach it holds for every campaign.
    """

    name: Name
    budget_above: Amount | None = None
    reach_above: int | None = Field(default=None, ge=0, le=1_000_000_000)
    roles: list[Approver] = Field(min_length=1, max_length=5)
    needed: int = Field(default=1, ge=1, le=5)


class RuleOutput(BaseModel):
    """A rule."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    budget_above: float | None
    reach_above: int | None
    roles: list[Role]
    needed: int
    created_by: Author
    created_at: datetime


class DecisionInput(Input):
    """Whether to let it start. A refusal takes it back to draft."""

    decision: Literal["approved", "rejected"]
    note: Words = ""


class DecisionOutput(BaseModel):
    """What a member decided."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    round: int
    member_id: str
    member_name: str
    role: Role
    decision: Literal["approved", "rejected"]
    note: str
    at: datetime


class Demand(BaseModel):
    """A rule that applies to a campaign, and how many of those it needs agreed."""

    rule_id: str
    name: str
    roles: list[Role]
    needed: int
    approved: int
    met: bool


class ApprovalState(BaseModel):
    """Who has to agree, who did, and the figures that the rules were asked about."""

    budget: float
    reach: int
    approved: bool
    demands: list[Demand]
    decisions: list[DecisionOutput]
