"""Rows of runs of models; what is foretold of people is in the event store."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bihuan.database import Base, JsonValue, UtcDateTime, new_id, utc_now


class Prediction(Base):
    """One run of a tag's model. ``state``: ``ready`` with a report, or ``refused`` with the reason.

    ``version``: of the tag. ``people``: of how many something was foretold.
    """

    __tablename__ = "predictions"

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    tag_id: Mapped[str] = mapped_column(ForeignKey("tags.id", ondelete="CASCADE"), index=True)
    version: Mapped[int] = mapped_column()
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    milliseconds: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(10))
    people: Mapped[int] = mapped_column(default=0)
    report: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    refusal: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
