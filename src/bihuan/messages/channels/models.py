"""Rows of the configured channels of a project."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bihuan.database import Base, JsonValue, UtcDateTime, new_id, utc_now


class MessageChannel(Base):
    """Where messages of a project go out.

    ``kind`` and ``settings`` are what ``delivery`` opens; ``secrets`` are encrypted (sealing.py).
    ``per_second``: at most so many messages; None: what the channel itself declares.
    ``cost_per_message``: in the project's currency; of an SMS, for each of its parts.
    ``free_ms``: the moment at which the messages sent so far are within that rate.
    """

    __tablename__ = "message_channels"
    __table_args__ = (UniqueConstraint("project_id", "name"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(40))
    medium: Mapped[str] = mapped_column(String(12))
    settings: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    secrets: Mapped[str] = mapped_column(Text)
    address_property: Mapped[str | None] = mapped_column(String(400))
    per_second: Mapped[float | None] = mapped_column()
    cost_per_message: Mapped[float | None] = mapped_column()
    enabled: Mapped[bool] = mapped_column(default=True)
    free_ms: Mapped[int] = mapped_column(BigInteger, default=0)
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
