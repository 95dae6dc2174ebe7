"""What the outbox needs of others: who is who, whom it may write to, and what a message says."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bihuan.access import Project
from bihuan.collect import Intake
from bihuan.delivery import Content
from bihuan.messages.outbox.claims import Message
from bihuan.people import People
from bihuan.warehouse import ProjectStore


class SendingProject(Protocol):
    """A project whose messages are sent: ``bihuan.projects.OpenProject``."""

    @property
    def row(self) -> Project:
        """The project."""

    @property
    def store(self) -> ProjectStore:
        """Its event log."""

    @property
    def people(self) -> People:
        """Its people."""

    @property
    def intake(self) -> Intake:
        """Where its events come in."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets a message: the person as they are now, one of their ids, and their zone."""

    person_id: int
    distinct_id: str
    properties: Mapping[str, Any]
    zone: ZoneInfo


@dataclass(slots=True)
class Surroundings:
    """What a message is written with beside its person and its context. Whoever renders it fills this in.

    Attributes:
        now_ms: the moment that it was written at.
        for_good: it is written to be sent, so its template must stay as it is.
        kept: everything here is of when it was written; rendered with it, it says the same again.
        template: the template and its version; None for content brought along.
        rows: of look-up tables what it read, by table and key; None where there was no such row.
    """

    now_ms: int = field(default_factory=lambda: time.time_ns() // 1_000_000)
    for_good: bool = False
    kept: bool = False
    base_url: str = ""
    project_name: str = ""
    company: str = ""
    template: tuple[str, int] | None = None
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """A message about to be rendered, and where it goes."""

    message: Message
    medium: str
    recipient: Recipient
    address: str
    surroundings: Surroundings = field(default_factory=Surroundings)


@dataclass(frozen=True, slots=True)
class Unrendered:
    """Why a message says nothing: a code, and what is wrong in words."""

    reason: str
    detail: str = ""


class Permission(Protocol):
    """Whom messages may go to."""

    def refused(
        self, session: Session, project_id: str, medium: str, purpose: str, addresses: Mapping[int, str]
    ) -> Mapping[int, str]:
        """Of these persons and their addresses those that must not be written to, each with the reason."""
        ...


class Renderer(Protocol):
    """What messages say."""

    def render(self, project: SendingProject, drafts: Sequence[Draft]) -> Mapping[int, Content | Unrendered]:
        """The content of each draft, by the id of its message."""
        ...
