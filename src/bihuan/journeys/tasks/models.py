"""Rows of tasks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bihuan.database import Base, JsonValue, PersonKey, UtcDateTime, new_id, utc_now


class JourneyTask(Base):
    """Something that a member should do about a person; it outlives the journey. ``key``: what made it."""

    __tablename__ = "journey_tasks"
    __table_args__ = (
        UniqueConstraint("project_id", "key"),
        Index("ix_journey_tasks_state", "project_id", "state", "member_id"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    journey_id: Mapped[str] = mapped_column(String(26))
    node: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(140))
    person_id: Mapped[int] = mapped_column(PersonKey)
    member_id: Mapped[str] = mapped_column(String(26))
    member_name: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(400))
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(10), default="open")
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
