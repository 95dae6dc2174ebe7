"""Rows of audiences; who is in them is in the event store."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from bihuan.audiences.refreshing import Refreshed
from bihuan.database import Base, JsonValue


class Audience(Refreshed, Base):
    """A set of people with a name.

    ``definition`` is the condition of one that is found again and again, or was found once. ``question`` is
    what a static one was made of, if it was a question.
    """

    __tablename__ = "audiences"

    kind: Mapped[str] = mapped_column(String(10), default="static")
    question: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
