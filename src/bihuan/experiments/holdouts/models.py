"""Rows of a project's global holdout and of the readings taken of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bihuan.database import Base, JsonValue, UtcDateTime, new_id, utc_now


class GlobalHoldout(Base):
    """A share of everyone whom nothing reaches, so that all of it together can be measured.

    Every ``rotation_days`` from ``started_at`` on others are drawn. ``excluded``: a condition; people of whom
    it holds are never held out.
    """

    __tablename__ = "global_holdouts"

    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    percent: Mapped[float] = mapped_column()
    rotation_days: Mapped[int | None] = mapped_column()
    excluded: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    salt: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_by: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class HoldoutLook(Base):
    """A reading of the holdout that somebody, or the schedule, took: kept, so that nobody looks in secret.

    ``since``: the draw or change that it counts from. Looks with one ``question_key`` and one ``since`` make
    one course.
    """

    __tablename__ = "holdout_looks"
    __table_args__ = (Index("ix_holdout_looks_project_id_since", "project_id", "since"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    question_key: Mapped[str] = mapped_column(String(16))
    question: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    cause: Mapped[str] = mapped_column(String(20))
    reading: Mapped[dict[str, Any]] = mapped_column(JsonValue)
