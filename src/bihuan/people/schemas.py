"""People on the wire."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from bihuan.access import Mask
from bihuan.people.identity.links import LinkKind, LinkStatus
from bihuan.people.identity.repository import StoredLink
from bihuan.people.repository import TimelineEvent
from bihuan.people.service import PersonDetail, PersonSummary


class PersonOutput(BaseModel):
    """A person as lists show one."""

    person_id: str = Field(description="The 64-bit number as text, since JavaScript's numbers are shorter.")
    distinct_ids: list[str]
    first_seen: datetime | None
    updated_at: datetime | None
    properties: dict[str, Any]

    @classmethod
    def of(cls, person: PersonSummary, mask: Mask) -> PersonOutput:
        """From the service's value, as the caller may see it."""
        return cls(
            person_id=str(person.person_id),
            distinct_ids=mask.texts(person.distinct_ids),
            first_seen=moment(person.first_seen_ms),
            updated_at=moment(person.updated_ms),
            properties=mask.properties(person.properties),
        )


class PersonDetailOutput(PersonOutput):
    """A person with the count and span of their events."""

    event_count: int
    first_event_at: datetime | None
    last_event_at: datetime | None

    @classmethod
    def of_detail(cls, person: PersonDetail, mask: Mask) -> PersonDetailOutput:
        """From the service's value, as the caller may see it."""
        return cls(
            **PersonOutput.of(person.summary, mask).model_dump(),
            event_count=person.events.count,
            first_event_at=moment(person.events.first_ms),
            last_event_at=moment(person.events.last_ms),
        )


class TimelineEventOutput(BaseModel):
    """One event of a timeline."""

    event_id: UUID
    event: str
    time: datetime
    distinct_id: str
    session_id: str
    session: str = Field(description="What groups events: the sender's session, else when it began.")
    source: str
    properties: dict[str, Any]

    @classmethod
    def of(cls, event: TimelineEvent, session_start_ms: int, mask: Mask) -> TimelineEventOutput:
        """From the service's values, as the caller may see them."""
        return cls(
            event_id=event.event_id,
            event=event.event,
            time=datetime.fromtimestamp(event.time_ms / 1000, UTC),
            distinct_id=mask.text(event.distinct_id),
            session_id=event.session_id,
            session=event.session_id or str(session_start_ms),
            source=event.source,
            properties=mask.properties(event.properties),
        )


class LinkOutput(BaseModel):
    """A row of the identity log and what became of it."""

    link_id: UUID
    kind: LinkKind
    time: datetime
    received_at: datetime
    from_id: str
    to_id: str
    target: UUID | None = Field(description="Of an undo: the row it takes back.")
    status: LinkStatus
    reason: str = Field(description="unusable_id, both_known, linked_to_another, merged, or empty.")
    actor: str

    @classmethod
    def of(cls, stored: StoredLink, mask: Mask) -> LinkOutput:
        """From the stored row, as the caller may see it."""
        link = stored.link
        return cls(
            link_id=link.link_id,
            kind=link.kind,
            time=datetime.fromtimestamp(link.time_ms / 1000, UTC),
            received_at=datetime.fromtimestamp(stored.received_ms / 1000, UTC),
            from_id=mask.text(link.from_id),
            to_id=mask.text(link.to_id),
            target=link.target if link.target.int else None,
            status=stored.verdict.status,
            reason=stored.verdict.reason,
            actor=link.actor,
        )


class MergeInput(BaseModel):
    """Join two persons: the person of ``from_id`` becomes part of the person of ``to_id``."""

    from_id: str = Field(min_length=1, max_length=1024)
    to_id: str = Field(min_length=1, max_length=1024)


class LinksChanged(BaseModel):
    """The rows of the identity log that a call wrote, and how many persons' ids changed."""

    links: list[LinkOutput]
    persons_changed: int


class ErasedOutput(BaseModel):
    """What was erased."""

    distinct_ids: list[str]


def moment(milliseconds: int | None) -> datetime | None:
    """A Unix time in milliseconds, or None."""
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)
