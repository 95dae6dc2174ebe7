"""An event log small enough to read."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from bihuan.analytics.values import PropertyValue

Properties = dict[str, PropertyValue]


@dataclass(frozen=True)
class LogEvent:
    """One stored event.

    ``person`` is whose it is now, all merges considered; ``stored_person`` is what its row says (None:
    the same). ``properties`` are flat: names with dots stand for nested objects; None values are absent.
    """

    event: str
    time_ms: int
    person: int
    distinct_id: str = ""
    properties: Properties = field(default_factory=dict)
    session_id: str = ""
    source: str = ""
    event_id: uuid.UUID = field(default_factory=uuid.uuid4)
    stored_person: int | None = None

    @property
    def order(self) -> tuple[int, int, int]:
        """Sorts a person's events: by time, then by event id as the engine does (low half first)."""
        return self.time_ms, self.event_id.int & (2**64 - 1), self.event_id.int >> 64


@dataclass(frozen=True)
class EventLog:
    """Events (each id once, in any order) and, by person, profiles, values of tags and audiences of now."""

    events: tuple[LogEvent, ...]
    profiles: dict[int, Properties] = field(default_factory=dict)
    tags: dict[int, dict[str, str]] = field(default_factory=dict)
    audiences: dict[int, frozenset[str]] = field(default_factory=dict)

    def by_person(self) -> dict[int, list[LogEvent]]:
        """Every person's events in order."""
        people: dict[int, list[LogEvent]] = {}
        for event in sorted(self.events, key=lambda event: event.order):
            people.setdefault(event.person, []).append(event)
        return people
