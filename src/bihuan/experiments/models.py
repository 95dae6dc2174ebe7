"""Rows of experiments, their layers, looks and weights."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bihuan.database import Base, JsonValue, UtcDateTime, new_id, utc_now


class Layer(Base):
    """Experiments of a layer share no people: each has a range of the layer's draws."""

    __tablename__ = "experiment_layers"
    __table_args__ = (UniqueConstraint("project_id", "name"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    created_by: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class Experiment(Base):
    """A test of variants. ``plan`` is what was declared (``schemas.Plan``), fixed from the start on.

    ``slots``: its range of the layer's draws while it runs. ``weights``: a bandit's of now, by variant.
    """

    __tablename__ = "experiments"

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    hypothesis: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(10), default="draft")
    plan: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    salt: Mapped[str] = mapped_column(String(64))
    layer_id: Mapped[str | None] = mapped_column(ForeignKey("experiment_layers.id"), index=True)
    slots: Mapped[list[int] | None] = mapped_column(JsonValue)
    weights: Mapped[dict[str, float] | None] = mapped_column(JsonValue)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    created_by: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class Look(Base):
    """A reading that somebody, or the schedule, took: kept, so that nobody looks in secret."""

    __tablename__ = "experiment_looks"
    __table_args__ = (Index("ix_experiment_looks_experiment_id_at", "experiment_id", "at"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    experiment_id: Mapped[str] = mapped_column(ForeignKey("experiments.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    cause: Mapped[str] = mapped_column(String(20))
    reading: Mapped[dict[str, Any]] = mapped_column(JsonValue)


class Weighing(Base):
    """Weights of a bandit, in force from a time on."""

    __tablename__ = "experiment_weighings"

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    experiment_id: Mapped[str] = mapped_column(ForeignKey("experiments.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    weights: Mapped[dict[str, float]] = mapped_column(JsonValue)
    successes: Mapped[dict[str, Any]] = mapped_column(JsonValue)
