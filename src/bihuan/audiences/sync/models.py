"""Where audiences are sent to, and each time they were."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bihuan.database import Base, JsonValue, UtcDateTime, new_id, utc_now


class AudienceSync(Base):
    """An audience, or a tag's value, that is sent out.

    ``kind``: ``webhook`` (to ``url``, whenever somebody enters or leaves) or ``files`` (``every`` hour or
    day).
    ``secret_number`` tells a webhook's secret from those before; the secret itself is derived, not stored.
    ``sent_ms``: moves until then were delivered; ``erased_ms``: webhooks were told of erasures until then.
    ``next_at``: not before then, after failures.
    """

    __tablename__ = "audience_syncs"

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    subject_id: Mapped[str] = mapped_column(String(26), index=True)
    value: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(10))
    url: Mapped[str | None] = mapped_column(Text)
    secret_number: Mapped[int] = mapped_column(default=1)
    every: Mapped[str | None] = mapped_column(String(10))
    keep_days: Mapped[int] = mapped_column(default=30)
    properties: Mapped[list[str]] = mapped_column(JsonValue, default=list)
    unmask: Mapped[bool] = mapped_column(default=False)
    enabled: Mapped[bool] = mapped_column(default=True)
    sent_ms: Mapped[int] = mapped_column(BigInteger, default=0)
    erased_ms: Mapped[int] = mapped_column(BigInteger, default=0)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    created_by: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class Delivery(Base):
    """One message or file. A message's id is its ``webhook-id``, the same however often it is tried.

    A message is of the ``moves`` in ``(after_ms, until_ms]`` of the persons in
    ``(after_person, until_person]``, or of who was ``erased`` in that time; until it is delivered, or given
    up, no other of its sync is made.
    """

    __tablename__ = "sync_deliveries"

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    sync_id: Mapped[str] = mapped_column(ForeignKey("audience_syncs.id", ondelete="CASCADE"), index=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10), default="moves")
    state: Mapped[str] = mapped_column(String(10), default="pending")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    status: Mapped[int | None] = mapped_column()
    error: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    after_ms: Mapped[int] = mapped_column(BigInteger, default=0)
    until_ms: Mapped[int] = mapped_column(BigInteger, default=0)
    # Person ids do not fit a signed number.
    after_person: Mapped[str | None] = mapped_column(String(20))
    until_person: Mapped[str | None] = mapped_column(String(20))
    entered: Mapped[int] = mapped_column(default=0)
    left: Mapped[int] = mapped_column(default=0)
    file: Mapped[str | None] = mapped_column(String(200))
    masked: Mapped[bool] = mapped_column(default=True)
    people: Mapped[int] = mapped_column(default=0)
    size_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
