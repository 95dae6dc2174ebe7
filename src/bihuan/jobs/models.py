"""What Bihuan keeps about jobs beside DBOS's own tables."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bihuan.database import Base, UtcDateTime, utc_now


class JobProgress(Base):
    """How far a job is, and whose it is; one row a job, made when it is enqueued."""

    __tablename__ = "job_progress"

    job_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    project_id: Mapped[str | None] = mapped_column(String(40), index=True)
    done: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[int | None] = mapped_column(BigInteger)
    note: Mapped[str | None] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class JobWorker(Base):
    """A process that runs jobs and says so every few seconds; one that falls silent has died."""

    __tablename__ = "job_workers"

    worker_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    seen_ms: Mapped[int] = mapped_column(BigInteger)
