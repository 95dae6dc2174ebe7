"""Rows that saved insights and dashboards share."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bihuan.database import Base


class Star(Base):
    """Something that one caller starred: ``target_id`` is an insight or a dashboard."""

    __tablename__ = "stars"

    actor: Mapped[str] = mapped_column(String(80), primary_key=True)
    target_id: Mapped[str] = mapped_column(String(26), primary_key=True, index=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
