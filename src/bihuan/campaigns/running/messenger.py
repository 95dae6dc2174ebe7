"""What campaigns need of messages: queueing, holding back, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy.orm import Session

from bihuan.campaigns.findings import Finding
from bihuan.campaigns.plan.schemas import Message
from bihuan.messages.outbox.policies.choosing import Choice


@dataclass(frozen=True, slots=True)
class Queued:
    """A message to one person; the same (person, occurrence, step) is queued once.

    ``due_ms``: not before then. ``expires_ms``: not after then. ``origin``: properties of its events.
    """

    person_id: int
    occurrence: str
    step: str
    message: Message
    variant: str
    template_version: int
    due_ms: int
    expires_ms: int | None
    context: Mapping[str, Any] = field(default_factory=dict)
    origin: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reach:
    """How many people a message can reach, by channel in the order they are tried; nobody counts twice.

    ``blocked``: why others cannot be reached, and how many. ``delayed``: of those who can, how many have
    quiet hours then and get it afterwards. ``choice``: how soon and before which others it goes.
    """

    by_channel: Mapping[str, int]
    blocked: Mapping[str, int]
    delayed: int
    choice: Choice


@dataclass(frozen=True)
class Sample:
    """A message as one real person would get it; ``content`` is what their channel shows."""

    person_id: int
    channel_id: str
    content: Mapping[str, Any]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Price:
    """What one message by a channel costs, in the project's currency; None: nobody said."""

    name: str
    medium: str
    each: float | None


class Messenger(Protocol):
    """Messages, as far as campaigns know them."""

    def prices(self, project_id: str, messages: Sequence[Message]) -> Mapping[str, Price]:
        """What the channels of some messages cost, by id."""

    def check(self, session: Session, project_id: str, message: Message, path: str) -> list[Finding]:
        """What keeps a message from being sent at all: no such channel, template or purpose."""
        ...

    def seal(self, session: Session, project_id: str, message: Message) -> int:
        """Fix what a message says from now on; returns the version of its template."""
        ...

    def enqueue(self, session: Session, project_id: str, rows: Sequence[Queued]) -> int:
        """Queue messages in this transaction; returns how many were new."""
        ...

    def hold(self, session: Session, project_id: str, occurrence: str) -> int:
        """Send nothing of an occurrence until it is released; returns how many wait."""
        ...

    def release(self, session: Session, project_id: str, occurrence: str) -> int:
        """Go on with what was held."""
        ...

    def end(self, session: Session, project_id: str, occurrence: str) -> int:
        """Send nothing more of an occurrence, ever; returns how many were withdrawn."""
        ...

    def states(self, session: Session, project_id: str, occurrence: str) -> dict[str, int]:
        """How many messages of an occurrence are in each state."""
        ...

    def spent(self, session: Session, project_id: str, occurrence: str) -> float:
        """What the messages of an occurrence that went out cost, by the prices of their channels."""
        ...

    def reach(self, project_id: str, message: Message, person_ids: Sequence[int], at_ms: int) -> Reach:
        """Who of these people could be sent a message at a moment, and by which channel."""
        ...

    def sample(self, project_id: str, message: Message, person_id: int, context: Mapping[str, Any]) -> Sample:
        """The message as this person would get it; nothing is sent."""
        ...


def occurrence_of(campaign_id: str) -> str:
    """What the outbox calls a campaign's messages."""
    return f"campaign/{campaign_id}"
