"""Rules of warnings, what was counted for them, and the warnings."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bihuan.database import Base, JsonValue, UtcDateTime, new_id, utc_now


class WarningRule(Base):
    """What is watched: a tag whose ``order`` of values goes from best to worst, and for whom it matters.

    ``valuable``: a condition; everybody if None. ``unit``: days, weeks or months are compared with up to
    ``history`` before. ``false_alarms``: how often, at most, a usual one is warned of.
    """

    __tablename__ = "warning_rules"

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    tag_id: Mapped[str] = mapped_column(ForeignKey("tags.id", ondelete="CASCADE"), index=True)
    order: Mapped[list[str]] = mapped_column(JsonValue)
    valuable: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    unit: Mapped[str] = mapped_column(String(10))
    history: Mapped[int] = mapped_column()
    false_alarms: Mapped[float] = mapped_column()
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    created_by: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class WarningCount(Base):
    """How many of the valuable people dropped on a past day, week or month, which does not change."""

    __tablename__ = "warning_counts"

    rule_id: Mapped[str] = mapped_column(ForeignKey("warning_rules.id", ondelete="CASCADE"), primary_key=True)
    start: Mapped[date] = mapped_column(Date, primary_key=True)
    dropped: Mapped[int] = mapped_column()
    people: Mapped[int] = mapped_column()


class DropWarning(Base):
    """More dropped than usual; the figures are those of the last check in that day, week or month.

    ``counted_by``: ``order``, ``valuable`` and ``unit`` of the rule as they were, if they were changed since.
    """

    __tablename__ = "drop_warnings"
    __table_args__ = (UniqueConstraint("rule_id", "start"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    rule_id: Mapped[str] = mapped_column(ForeignKey("warning_rules.id", ondelete="CASCADE"), index=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    start: Mapped[date] = mapped_column(Date)
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    dropped: Mapped[int] = mapped_column()
    people: Mapped[int] = mapped_column()
    expected: Mapped[float] = mapped_column()
    critical: Mapped[int] = mapped_column()
    p_value: Mapped[float] = mapped_column()
    counted_by: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged_by: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
