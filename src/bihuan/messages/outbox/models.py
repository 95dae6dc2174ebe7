"""Rows of the outbox, and how a project wants its messages sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from bihuan.database import Base, JsonValue, PersonKey, UtcDateTime, utc_now

HIGH, NORMAL, LOW = 2, 1, 0
PRIORITIES = (HIGH, NORMAL, LOW)

# SQLite numbers rows by itself only in an INTEGER column.
MessageKey = BigInteger().with_variant(Integer, "sqlite")


class OutboxMessage(Base):
    """One message to one person. Times are Unix milliseconds.

    ``state``: queued, held (as ``OutboxHold`` says), claimed (by ``worker`` until ``lease_ms``), sending
    (given to the channel; nobody may give it again), then sent, rejected, suppressed, cancelled, or
    uncertain: given, with no answer.
    ``due_ms``: not before then. ``expires_ms``: not after then. ``local_time`` (HH:MM) and ``best_time`` are
    still to be turned into a ``due_ms``. ``fallbacks``: channels to try when this one does not take it.
    ``trail``: the channels that did not. ``origin``: properties of its events, such as ``$campaign_id``.
    ``send_time``: how its time was chosen, which stays when ``local_time`` and ``best_time`` are turned;
    ``by_policy``: what of that the project's rules said, not the message.
    ``parts`` and ``price``: what was paid for, and the price of each then; None: nobody said.
    ``untold``: what became of it is not in the event log yet.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("project_id", "person_id", "occurrence", "step"),
        Index("ix_outbox_queue", "channel_id", "state", "priority", "due_ms"),
        Index("ix_outbox_occurrence", "project_id", "occurrence", "state"),
        Index(
            "ix_outbox_lease_ms",
            "lease_ms",
            postgresql_where=text("lease_ms IS NOT NULL"),
            sqlite_where=text("lease_ms IS NOT NULL"),
        ),
        Index("ix_outbox_untold", "id", postgresql_where=text("untold"), sqlite_where=text("untold")),
        # Receipts of text messages name them as the provider does; a mail's name has our id in it.
        Index(
            "ix_outbox_provider_id",
            "channel_id",
            "provider_id",
            postgresql_where=text("medium = 'sms'"),
            sqlite_where=text("medium = 'sms'"),
        ),
    )

    id: Mapped[int] = mapped_column(MessageKey, primary_key=True, autoincrement=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(PersonKey)
    occurrence: Mapped[str] = mapped_column(String(120))
    step: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(12), default="queued")
    channel_id: Mapped[str] = mapped_column(String(26))
    medium: Mapped[str] = mapped_column(String(12), default="")
    fallbacks: Mapped[list[str]] = mapped_column(JsonValue, default=list)
    trail: Mapped[list[dict[str, str]]] = mapped_column(JsonValue, default=list)
    template_id: Mapped[str | None] = mapped_column(String(26))
    template_version: Mapped[int | None] = mapped_column()
    variant: Mapped[str | None] = mapped_column(String(80))
    context: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict)
    origin: Mapped[dict[str, str]] = mapped_column(JsonValue, default=dict)
    purpose: Mapped[str] = mapped_column(String(60))
    priority: Mapped[int] = mapped_column(default=NORMAL)
    due_ms: Mapped[int] = mapped_column(BigInteger)
    expires_ms: Mapped[int | None] = mapped_column(BigInteger)
    local_time: Mapped[str | None] = mapped_column(String(5))
    best_time: Mapped[bool] = mapped_column(default=False)
    worker: Mapped[str | None] = mapped_column(String(40))
    lease_ms: Mapped[int | None] = mapped_column(BigInteger)
    attempts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None] = mapped_column(String(60))
    detail: Mapped[str | None] = mapped_column(Text)
    provider_id: Mapped[str | None] = mapped_column(String(200))
    created_ms: Mapped[int] = mapped_column(BigInteger)
    sent_ms: Mapped[int | None] = mapped_column(BigInteger)
    ended_ms: Mapped[int | None] = mapped_column(BigInteger)
    untold: Mapped[bool] = mapped_column(default=False)
    send_time: Mapped[str | None] = mapped_column(String(10))
    by_policy: Mapped[list[str] | None] = mapped_column(JsonValue)
    parts: Mapped[int | None] = mapped_column()
    price: Mapped[float | None] = mapped_column()


class OutboxWriting(Base):
    """With what a message was written (writings.py), as long as the project keeps that."""

    __tablename__ = "outbox_writings"
    __table_args__ = (Index("ix_outbox_writings_kept", "project_id", "kept_ms"),)

    message_id: Mapped[int] = mapped_column(
        MessageKey, ForeignKey("outbox.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    kept_ms: Mapped[int] = mapped_column(BigInteger)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class OutboxHold(Base):
    """An occurrence of which nothing is sent until it is released, whenever its messages were queued.

    ``ended``: it never is.
    """

    __tablename__ = "outbox_holds"

    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    occurrence: Mapped[str] = mapped_column(String(120), primary_key=True)
    ended: Mapped[bool] = mapped_column(default=False)


class MessagePolicy(Base):
    """How a project wants its messages sent: ``settings`` as in policies/settings.py, and its seed list."""

    __tablename__ = "message_policies"

    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    settings: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    seeds: Mapped[list[dict[str, Any]]] = mapped_column(JsonValue, default=list)
    converted_ms: Mapped[int] = mapped_column(BigInteger, default=0)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
