"""Rows of imports: what was imported when, and how its rows are told from all others."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bihuan.database import Base, JsonValue, UtcDateTime, new_id, utc_now


class FileImport(Base):
    """An import of one file.

    Every row that it stored has its ``source`` and was received at ``received_ms``, which no other row of
    that source was; links between ids have its ``actor``. ``file_key`` stands for file and mapping.
    """

    __tablename__ = "imports"
    __table_args__ = (UniqueConstraint("project_id", "source", "received_ms"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    upload_id: Mapped[str] = mapped_column(String(40))
    file_name: Mapped[str] = mapped_column(String(255))
    file_key: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    source: Mapped[str] = mapped_column(String(100))
    received_ms: Mapped[int] = mapped_column(BigInteger)
    mapping: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    started_by: Mapped[str] = mapped_column(String(200))
    job_id: Mapped[str] = mapped_column(String(200), default="")
    totals: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    undo_job_id: Mapped[str | None] = mapped_column(String(200))
    undone: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def actor(self) -> str:
        """Who says what the import says of ids."""
        return f"import:{self.id}"
