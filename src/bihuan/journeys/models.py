"""Rows of journeys: what they are, who is where in them, and what is still to be done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bihuan.database import Base, JsonValue, PersonKey, Revised, UtcDateTime, new_id, utc_now

# SQLite numbers rows by itself only where the type is exactly INTEGER.
RowNumber = BigInteger().with_variant(Integer, "sqlite")
INSIDE = text("left_ms IS NULL")
CONVERTED = text("converted_ms IS NOT NULL")


class Journey(Revised, Base):
    """A journey. ``draft`` is what is being edited; ``version`` numbers what people come into, 0 for none.

    ``fed``: how far the log has been read (``engine.feeds``). ``admit_ms``: what arrived before does not let
    anybody in. ``lease_owner``, ``lease_until_ms``: which process moves its people. ``told_entry``,
    ``told_left_ms``: who has been written of in the log.
    """

    __tablename__ = "journeys"

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(10), default="draft")
    # Not JsonValue: the order of nodes and variants is kept.
    draft: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=0)
    created_by: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    admit_ms: Mapped[int] = mapped_column(BigInteger, default=0)
    fed: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict)
    ticked_ms: Mapped[int] = mapped_column(BigInteger, default=0)
    told_entry: Mapped[int] = mapped_column(BigInteger, default=0)
    told_left_ms: Mapped[int] = mapped_column(BigInteger, default=0)
    lease_owner: Mapped[str | None] = mapped_column(String(40))
    lease_until_ms: Mapped[int] = mapped_column(BigInteger, default=0)


class JourneyVersion(Base):
    """A published definition. ``moves``: where people at each node go on to in the newest version; None: they
    finish on this one."""

    __tablename__ = "journey_versions"
    __table_args__ = (UniqueConstraint("journey_id", "number"),)

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    journey_id: Mapped[str] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column()
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    moves: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    created_by: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class JourneyEntry(Base):
    """A person's way through a journey.

    ``node`` is where the person is since ``at_ms``, and is looked at from ``due_ms`` on (0: when is not found
    out yet). ``hops`` counts moves; ``path`` tells them (``trace.py``). ``left_ms``, ``reason``: when and why
    the person left. ``converted_ms``: when the goal was reached. ``cause`` is what let the person in, and
    ``context`` what it said.
    """

    __tablename__ = "journey_entries"
    __table_args__ = (
        Index(
            "ix_journey_entries_due",
            "version_id",
            "node",
            "due_ms",
            sqlite_where=INSIDE,
            postgresql_where=INSIDE,
        ),
        Index("ix_journey_entries_person", "journey_id", "person_id"),
        Index("ix_journey_entries_left", "journey_id", "left_ms"),
        Index(
            "ix_journey_entries_converted",
            "journey_id",
            "converted_ms",
            sqlite_where=CONVERTED,
            postgresql_where=CONVERTED,
        ),
        # Keys and ids of events follow from the number: that of a deleted row is never given again.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    journey_id: Mapped[str] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"))
    version_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("journey_versions.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(PersonKey)
    node: Mapped[str] = mapped_column(String(40))
    entered_ms: Mapped[int] = mapped_column(BigInteger)
    at_ms: Mapped[int] = mapped_column(BigInteger)
    due_ms: Mapped[int] = mapped_column(BigInteger)
    hops: Mapped[int] = mapped_column(default=0)
    path: Mapped[str] = mapped_column(Text, default="")
    left_ms: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str | None] = mapped_column(String(20))
    converted_ms: Mapped[int | None] = mapped_column(BigInteger)
    cause: Mapped[str] = mapped_column(String(100), default="")
    context: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)


class JourneyFlow(Base):
    """How many went which way: ``people`` left ``node`` of a version by ``port`` to ``target``.

    ``node`` '' is the outside; a ``target`` of '' leads there.
    """

    __tablename__ = "journey_flows"

    version_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("journey_versions.id", ondelete="CASCADE"), primary_key=True
    )
    node: Mapped[str] = mapped_column(String(40), primary_key=True)
    port: Mapped[str] = mapped_column(String(40), primary_key=True)
    target: Mapped[str] = mapped_column(String(40), primary_key=True)
    people: Mapped[int] = mapped_column(BigInteger, default=0)


class JourneySeen(Base):
    """An event that was looked at as a reason to come in; kept as long as it may be read again."""

    __tablename__ = "journey_seen"
    __table_args__ = (Index("ix_journey_seen_at", "journey_id", "at_ms"),)

    journey_id: Mapped[str] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"), primary_key=True)
    cause: Mapped[str] = mapped_column(String(100), primary_key=True)
    at_ms: Mapped[int] = mapped_column(BigInteger)


class JourneyRequest(Base):
    """Somebody whom another system sends in; ``key`` tells requests apart. ``taken_ms``: when it was done."""

    __tablename__ = "journey_requests"
    __table_args__ = (
        UniqueConstraint("journey_id", "key"),
        Index("ix_journey_requests_taken", "journey_id", "taken_ms", "id"),
    )

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    journey_id: Mapped[str] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(100))
    person_id: Mapped[int] = mapped_column(PersonKey)
    context: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    at_ms: Mapped[int] = mapped_column(BigInteger)
    taken_ms: Mapped[int | None] = mapped_column(BigInteger)


class JourneyDeed(Base):
    """What a node does to a person apart from a message; deleted once it is done.

    ``state``: waiting, failed, uncertain (it may have happened; it is tried again if somebody says so).
    """

    __tablename__ = "journey_deeds"
    __table_args__ = (Index("ix_journey_deeds_due", "journey_id", "state", "due_ms"),)

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    journey_id: Mapped[str] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"))
    version_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("journey_versions.id", ondelete="CASCADE"))
    entry_id: Mapped[int] = mapped_column(BigInteger)
    person_id: Mapped[int] = mapped_column(PersonKey)
    node: Mapped[str] = mapped_column(String(40))
    step: Mapped[str] = mapped_column(String(60))
    at_ms: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    due_ms: Mapped[int] = mapped_column(BigInteger)
    error: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)

    @property
    def key(self) -> str:
        """What tells it apart from all others: the same key is done once, however often it is tried."""
        return f"{self.journey_id}:{self.entry_id}:{self.step}"
