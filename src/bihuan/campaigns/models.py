"""Rows of campaigns, what happened to them and what was said about them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Double, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bihuan.database import Base, JsonValue, Revised, UtcDateTime, new_id, utc_now


class Campaign(Revised, Base):
    """A campaign from idea to verdict.

    ``revision`` counts changes of the plan. ``round`` counts how often it was submitted: approvals belong
    to one. ``started_at`` and the rest are when it came into a state for the first time.
    ``problem`` is why it could not start when it was due.
    """

    __tablename__ = "campaigns"
    __table_args__ = (Index("ix_campaigns_project_id_status", "project_id", "status"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    lever: Mapped[str] = mapped_column(String(20))
    template: Mapped[str | None] = mapped_column(String(40))
    owner_id: Mapped[str | None] = mapped_column(String(26))
    owner_name: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))
    copied_from: Mapped[str | None] = mapped_column(String(26))
    status: Mapped[str] = mapped_column(String(20), default="draft")
    plan: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    round: Mapped[int] = mapped_column(default=0)
    submitted_by: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    evaluated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    problem: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    created_by: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_by: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class CampaignActivity(Base):
    """Something that was done to a campaign, by whom."""

    __tablename__ = "campaign_activities"

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    actor: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    action: Mapped[str] = mapped_column(String(60))
    details: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict)


class CampaignComment(Base):
    """What a member said about a campaign."""

    __tablename__ = "campaign_comments"

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    author: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CampaignCost(Base):
    """A line of money, planned or spent, in the project's currency."""

    __tablename__ = "campaign_costs"

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    category: Mapped[str] = mapped_column(String(20))
    label: Mapped[str] = mapped_column(String(200))
    amount: Mapped[float] = mapped_column(Double)
    spent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_by: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
