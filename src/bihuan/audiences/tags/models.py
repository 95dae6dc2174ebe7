"""Rows of tags; who has which value is in the event store."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bihuan.audiences.refreshing import Refreshed
from bihuan.database import Base, JsonValue


class Tag(Refreshed, Base):
    """A named value of people. ``category``: names from the root of the tree, with ``/`` between."""

    __tablename__ = "tags"
    __table_args__ = (UniqueConstraint("project_id", "name"),)

    kind: Mapped[str] = mapped_column(String(20))
    category: Mapped[str] = mapped_column(String(200), default="")
    owner: Mapped[str] = mapped_column(String(200), default="")
    options: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict)
