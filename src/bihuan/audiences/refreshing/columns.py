"""Columns of whatever gives people values: audiences and tags."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bihuan.database import JsonValue, UtcDateTime, new_id, utc_now


class Refreshed:
    """A definition with a name, and how its last refresh went.

    ``refresh``: ``never`` (stays as it was made), ``hourly``, ``daily`` (as the project's day begins) or
    ``live`` (when somebody's events come, and daily). ``claimed_at``: since when somebody refreshes it.
    ``error``: why the last refresh failed, in both languages.
    """

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    definition: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    refresh: Mapped[str] = mapped_column(String(10), default="never")
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    refreshed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
