"""Which events a series, a step or a measure takes."""

from __future__ import annotations

from pydantic import Field

from bihuan.analytics.query.base import Value
from bihuan.analytics.query.filters import Filter


class EventSelector(Value):
    """Events by name and condition.

    ``events``: any of these names; empty means every event. ``filter`` narrows them. ``label`` is only
    shown.
    """

    events: tuple[str, ...] = Field(default=(), max_length=500)
    filter: Filter | None = None
    label: str | None = Field(default=None, max_length=200)

    @property
    def name(self) -> str:
        """What to call it: the label, else the event names."""
        return self.label or " | ".join(self.events) or "*"
