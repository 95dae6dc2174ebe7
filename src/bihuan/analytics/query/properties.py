"""References to properties of events and people."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from bihuan.analytics.query.base import Value

Scope = Literal["event", "person", "field"]
FIELDS = ("event", "time", "distinct_id", "session_id", "source", "hour_of_day", "day_of_week")


class PropertyRef(Value):
    """A property of an event or person, or a field every event has.

    ``scope`` ``field`` names one of ``event``, ``time``, ``distinct_id``, ``session_id``, ``source``,
    ``hour_of_day`` (0–23) and ``day_of_week`` (1 Monday – 7 Sunday), both on the project's clock.
    Dots in ``name`` lead into nested objects.
    """

    scope: Scope = "event"
    name: str = Field(min_length=1, max_length=400)

    @model_validator(mode="after")
    def _known_field(self) -> PropertyRef:
        if self.scope == "field" and self.name not in FIELDS:
            raise ValueError(f"a field is one of {', '.join(FIELDS)}")
        if not all(self.name.split(".")):
            raise ValueError("a property name has text between its dots")
        return self
