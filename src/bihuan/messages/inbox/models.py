"""Rows of messages inside the app."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bihuan.database import Base, JsonValue, PersonKey


class InboxMessage(Base):
    """What a person finds in the app; the id is the outbox's. Times are Unix milliseconds."""

    __tablename__ = "inbox_messages"
    __table_args__ = (Index("ix_inbox_messages_person", "project_id", "person_id"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(PersonKey)
    content: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    created_ms: Mapped[int] = mapped_column(BigInteger)
    expires_ms: Mapped[int | None] = mapped_column(BigInteger)
    seen_ms: Mapped[int | None] = mapped_column(BigInteger)
    clicked_ms: Mapped[int | None] = mapped_column(BigInteger)
    dismissed_ms: Mapped[int | None] = mapped_column(BigInteger)
