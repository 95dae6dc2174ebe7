"""Rows of dashboards and their tiles."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bihuan.database import Base, JsonValue, UtcDateTime, new_id, utc_now
from bihuan.insights.columns import TagList


class Dashboard(Base):
    """A board of insights; its filter and period apply to all of them."""

    __tablename__ = "dashboards"

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    tags: Mapped[list[str]] = mapped_column(TagList)
    filters: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    period: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    refresh_seconds: Mapped[int | None]
    template: Mapped[str | None] = mapped_column(String(40))
    created_by: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_by: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class Tile(Base):
    """A place on a board with an insight or a text in it."""

    __tablename__ = "dashboard_tiles"

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    dashboard_id: Mapped[str] = mapped_column(ForeignKey("dashboards.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    insight_id: Mapped[str | None] = mapped_column(ForeignKey("insights.id", ondelete="CASCADE"), index=True)
    text: Mapped[str | None] = mapped_column(Text)
    x: Mapped[int]
    y: Mapped[int]
    w: Mapped[int]
    h: Mapped[int]
