"""Rows of the tracking plan: events and properties, planned and seen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Float, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bihuan.database import Base, JsonValue, UtcDateTime, new_id, utc_now

NAME_LIMIT = 255


class PlanSettings(Base):
    """How strictly a project's plan is applied, and how far its traffic has been learned."""

    __tablename__ = "catalog_settings"

    project_id: Mapped[str] = mapped_column(
        String(40), ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True
    )
    mode: Mapped[str] = mapped_column(String(10), default="observe")
    unknown_events: Mapped[str] = mapped_column(String(10), default="allow")
    unknown_properties: Mapped[str] = mapped_column(String(10), default="allow")
    learned_until_ms: Mapped[int] = mapped_column(BigInteger, default=-1)
    revision: Mapped[int] = mapped_column(BigInteger, default=0)


class CatalogEvent(Base):
    """An event: what is planned for it, and how often it was seen."""

    __tablename__ = "catalog_events"
    __table_args__ = (UniqueConstraint("project_id", "name"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(String(40), ForeignKey("projects.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(NAME_LIMIT))
    status: Mapped[str] = mapped_column(String(10), default="draft")
    owner: Mapped[str] = mapped_column(String(200), default="")
    description_en: Mapped[str] = mapped_column(Text, default="")
    description_zh: Mapped[str] = mapped_column(Text, default="")
    seen_count: Mapped[int] = mapped_column(BigInteger, default=0)
    first_seen_ms: Mapped[int | None] = mapped_column(BigInteger)
    last_seen_ms: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class CatalogProperty(Base):
    """A property of an event: its rules, and the types it was seen with."""

    __tablename__ = "catalog_properties"
    __table_args__ = (UniqueConstraint("event_id", "name"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(String(26), ForeignKey("catalog_events.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(NAME_LIMIT))
    status: Mapped[str] = mapped_column(String(10), default="draft")
    type: Mapped[str | None] = mapped_column(String(12))
    required: Mapped[bool] = mapped_column(default=False)
    choices: Mapped[list[Any] | None] = mapped_column(JsonValue)
    pattern: Mapped[str | None] = mapped_column(Text)
    minimum: Mapped[float | None] = mapped_column(Float)
    maximum: Mapped[float | None] = mapped_column(Float)
    owner: Mapped[str] = mapped_column(String(200), default="")
    description_en: Mapped[str] = mapped_column(Text, default="")
    description_zh: Mapped[str] = mapped_column(Text, default="")
    seen_types: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict)
    seen_count: Mapped[int] = mapped_column(BigInteger, default=0)
    first_seen_ms: Mapped[int | None] = mapped_column(BigInteger)
    last_seen_ms: Mapped[int | None] = mapped_column(BigInteger)


class CatalogViolation(Base):
    """How often traffic broke the plan in one way; events are let in (warn) or set aside (enforce)."""

    __tablename__ = "catalog_violations"
    __table_args__ = (UniqueConstraint("project_id", "event", "path", "reason"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(String(40), ForeignKey("projects.id", ondelete="CASCADE"))
    event: Mapped[str] = mapped_column(String(NAME_LIMIT))
    path: Mapped[str] = mapped_column(String(NAME_LIMIT + 20))
    reason: Mapped[str] = mapped_column(String(40))
    example: Mapped[str] = mapped_column(Text, default="")
    count: Mapped[int] = mapped_column(BigInteger, default=0)
    first_seen_ms: Mapped[int] = mapped_column(BigInteger)
    last_seen_ms: Mapped[int] = mapped_column(BigInteger)


class CatalogBatch(Base):
    """Rows that are stored long after they were received, and what was learned of them so far.

    ``seen``: counts of events by name, and of properties by event and name with their types.
    """

    __tablename__ = "catalog_batches"

    project_id: Mapped[str] = mapped_column(
        String(40), ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True
    )
    source: Mapped[str] = mapped_column(String(100), primary_key=True)
    received_ms: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    seen: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict)
