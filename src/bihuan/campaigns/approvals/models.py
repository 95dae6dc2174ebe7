"""Rows of approval rules and decisions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Double, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bihuan.database import Base, JsonValue, UtcDateTime, new_id, utc_now


class ApprovalRule(Base):
    """Campaigns above a budget or a reach need members of some roles to agree; without either, all do."""

    __tablename__ = "campaign_approval_rules"

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    budget_above: Mapped[float | None] = mapped_column(Double)
    reach_above: Mapped[int | None] = mapped_column(BigInteger)
    roles: Mapped[list[str]] = mapped_column(JsonValue)
    needed: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class Approval(Base):
    """What one member decided on a campaign as it was submitted in a round."""

    __tablename__ = "campaign_approvals"
    __table_args__ = (UniqueConstraint("campaign_id", "round", "member_id"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    round: Mapped[int] = mapped_column()
    member_id: Mapped[str] = mapped_column(String(26))
    member_name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    decision: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
