"""Events as they arrive, on the wire."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from bihuan.access import Mask
from bihuan.insights.live.repository import Arrived


class LiveEvent(BaseModel):
    """One event."""

    event_id: UUID
    event: str
    time: datetime
    received_at: datetime
    person_id: str = Field(description="The 64-bit number as text, since JavaScript's numbers are shorter.")
    distinct_id: str
    session_id: str
    source: str
    properties: dict[str, Any]

    @classmethod
    def of(cls, event: Arrived, mask: Mask) -> LiveEvent:
        """From the stored row, as the caller may see it."""
        return cls(
            event_id=event.event_id,
            event=event.event,
            time=datetime.fromtimestamp(event.time_ms / 1000, UTC),
            received_at=datetime.fromtimestamp(event.received_ms / 1000, UTC),
            person_id=str(event.person_id),
            distinct_id=mask.text(event.distinct_id),
            session_id=event.session_id,
            source=event.source,
            properties=mask.properties(event.properties),
        )
