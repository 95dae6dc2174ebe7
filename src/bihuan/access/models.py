"""Rows of projects, their sources and their keys."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bihuan.database import Base, JsonValue, UtcDateTime, new_id, utc_now


class Project(Base):
    """A company's product: its events live in a warehouse database of their own."""

    __tablename__ = "projects"
    __table_args__ = (
        CheckConstraint("first_weekday BETWEEN 1 AND 7", name="first_weekday"),
        CheckConstraint("session_gap_seconds > 0", name="session_gap"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    time_zone: Mapped[str] = mapped_column(String(64))
    first_weekday: Mapped[int]
    session_gap_seconds: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    settings: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    def now_ms(self) -> int:
        """The moment in Unix milliseconds that questions count back from.

        It is now, or ``as_of`` of the settings where that is given: the log of a study that has ended is
        looked at as of its end.
        """
        as_of = (self.settings or {}).get("as_of")
        if as_of is None:
            return time.time_ns() // 1_000_000
        return round(datetime.fromisoformat(as_of).timestamp() * 1000)

    def present_ms(self) -> int:
        """The moment until which is read what is done from here: now, even where questions count back from
        a past one. What people are shown and sent, and what they do then, is later than that (decision 8).
        """
        return max(self.now_ms(), time.time_ns() // 1_000_000)


class Source(Base):
    """Where events come from: a site, an app, an import."""

    __tablename__ = "sources"
    __table_args__ = (UniqueConstraint("project_id", "name"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(100))
    protocol: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class WriteKey(Base):
    """A public key that lets a sender write events of one source, and nothing else."""

    __tablename__ = "write_keys"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("sources.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ApiKey(Base):
    """A secret key of the HTTP API; only its SHA-256 is kept."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    project_id: Mapped[str | None] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    secret_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    secret_ending: Mapped[str] = mapped_column(String(4))
    scopes: Mapped[list[str]] = mapped_column(JsonValue)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class InstanceSecret(Base):
    """A random value that every process of the installation uses, such as the key of a hash."""

    __tablename__ = "instance_secrets"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(64))
