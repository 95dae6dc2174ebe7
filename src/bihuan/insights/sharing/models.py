"""Rows of public links."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bihuan.database import Base, JsonValue, UtcDateTime, new_id, utc_now


class PublicLink(Base):
    """Lets whoever has its token see one insight or one board; only the token's SHA-256 is kept."""

    __tablename__ = "public_links"
    __table_args__ = (CheckConstraint("(insight_id IS NULL) <> (dashboard_id IS NULL)", name="one_target"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    insight_id: Mapped[str | None] = mapped_column(ForeignKey("insights.id", ondelete="CASCADE"), index=True)
    dashboard_id: Mapped[str | None] = mapped_column(
        ForeignKey("dashboards.id", ondelete="CASCADE"), index=True
    )
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    token_ending: Mapped[str] = mapped_column(String(4))
    period: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
