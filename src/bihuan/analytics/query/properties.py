"""References to properties of events and people."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from bihuan.analytics.query.base import Value

# Scopes that say something of a person, whatever the event.
OF_PEOPLE = ("person", "tag", "audience")
Scope = Literal["event", "person", "field", "tag", "audience"]
FIELDS = ("event", "time", "distinct_id", "session_id", "source", "hour_of_day", "day_of_week")


class PropertyRef(Value):
    """A property of an event or person, a field every event has, or what a person is counted among.

    ``scope`` ``field`` names one of ``event``, ``time``, ``distinct_id``, ``session_id``, ``source``,
    ``hour_of_day`` (0–23) and ``day_of_week`` (1 Monday – 7 Sunday), both on the project's clock.
    ``tag`` and ``audience`` name one by its id: the value the person has of the tag now, as text; ``1`` for
    people who are in the audience now. Dots in the name of a property lead into nested objects.
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
