"""Versions and refreshes of audiences and tags."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bihuan.database import Base, JsonValue, UtcDateTime, new_id, utc_now


class Version(Base):
    """What an audience or a tag was from one change of its definition to the next."""

    __tablename__ = "subject_versions"

    subject_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    definition: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    refresh: Mapped[str] = mapped_column(String(10))
    created_by: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class Run(Base):
    """One refresh: how many people had a value after it, and how many got, changed or lost theirs.

    ``sizes``: people by value; of tags with many values the most frequent ones only.
    """

    __tablename__ = "subject_runs"

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    subject_id: Mapped[str] = mapped_column(String(26), index=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    version: Mapped[int] = mapped_column()
    cause: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    milliseconds: Mapped[int] = mapped_column(default=0)
    people: Mapped[int] = mapped_column(default=0)
    entered: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    left: Mapped[int] = mapped_column(default=0)
    sizes: Mapped[dict[str, int]] = mapped_column(JsonValue, default=dict)
    error: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
