"""Rows of what is known about the way back of a channel."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bihuan.database import Base, JsonValue, UtcDateTime, utc_now


class ChannelReturns(Base):
    """How reports about the messages of a channel come in.

    ``settings`` as in schemas.py, ``secrets`` encrypted as those of channels are. ``turn``: counted up, it
    makes another address for callbacks. ``polled_ms``: when the mailbox was last read; ``problem``: why that
    failed. ``heard_ms`` and ``heard``: the last report, and how many there were.
    """

    __tablename__ = "message_channel_returns"

    channel_id: Mapped[str] = mapped_column(
        ForeignKey("message_channels.id", ondelete="CASCADE"), primary_key=True
    )
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    settings: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict)
    secrets: Mapped[str] = mapped_column(Text, default="")
    turn: Mapped[int] = mapped_column(default=1)
    polled_ms: Mapped[int | None] = mapped_column(BigInteger)
    problem: Mapped[str | None] = mapped_column(String(500))
    heard_ms: Mapped[int | None] = mapped_column(BigInteger)
    heard: Mapped[int] = mapped_column(BigInteger, default=0)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
