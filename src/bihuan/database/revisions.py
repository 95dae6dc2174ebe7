"""What several people write: whoever saves over what was saved meanwhile is told, and nothing is lost."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Mapped, mapped_column

from bihuan.database.base import JsonValue, UtcDateTime, utc_now
from bihuan.database.errors import ChangedMeanwhile


class Revised:
    """A row with a draft. ``revision`` counts what was saved of it; ``saved_by``, ``saved_at``: last."""

    name: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)
    saved_by: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    saved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def require_revision(self, read: int | None, time_zone: str) -> None:
        """Refuse to overwrite what the caller has not read; the row is locked.

        Args:
            read: the revision that the caller's change starts from; None: the caller does not mind.
            time_zone: in which the moment is told.

        Raises:
            ChangedMeanwhile.
        """
        if read is None or read == self.revision:
            return
        at = self.saved_at.astimezone(ZoneInfo(time_zone)) if self.saved_at else None
        raise ChangedMeanwhile(
            path="revision",
            name=self.name,
            by=(self.saved_by or {}).get("name", "?"),
            at=f"{at:%Y-%m-%d %H:%M}" if at else "?",
            revision=self.revision,
        )

    def saved(self, by: dict[str, Any]) -> None:
        """It was saved by somebody (an author) now."""
        self.revision += 1
        self.saved_by, self.saved_at = by, utc_now()
