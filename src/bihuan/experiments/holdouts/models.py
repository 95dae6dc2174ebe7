"""The row of a project's global holdout."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bihuan.database import Base, JsonValue, UtcDateTime, utc_now


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
