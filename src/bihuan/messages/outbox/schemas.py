"""The outbox on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from bihuan.insights import Input
from bihuan.messages.media import Medium
from bihuan.messages.outbox.policies.choosing import Chosen, Default

State = Literal[
    "queued", "held", "claimed", "sending", "sent", "rejected", "suppressed", "cancelled", "uncertain"
]
MessageId = Annotated[int, Field(ge=1, le=9_007_199_254_740_991)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]


class Attempt(BaseModel):
    """A channel that did not take the message, and why."""

    channel_id: str
    reason: str


class MessageOutput(BaseModel):
    """A message. ``person``: ``#`` and the number, by which routes of people take it.

    ``due_at``: not before then. ``sent_at``: when it was given to the channel.
    """

    id: int
    person: str
    occurrence: str
    step: str
    state: State
    reason: str | None
    detail: str | None
    channel_id: str
    medium: str
    trail: list[Attempt]
    template_id: str | None
    template_version: int | None
    variant: str | None
    purpose: str
    priority: int
    send_time: Chosen | None = Field(description="Null: queued before this was kept.")
    by_policy: list[Default] = Field(description="What of these the project's rules said, not the message.")
    origin: dict[str, str]
    attempts: int
    provider_id: str | None
    created_at: datetime
    due_at: datetime
    expires_at: datetime | None
    sent_at: datetime | None
    ended_at: datetime | None


class MessageDetail(MessageOutput):
    """A message with what its template saw beside the person."""

    context: dict[str, Any]


class MessagePage(BaseModel):
    """Messages, the newest first."""

    items: list[MessageOutput]
    next_cursor: str | None


class CountOutput(BaseModel):
    """How many messages of a channel are in a state, for a reason."""

    channel_id: str
    state: State
    reason: str | None
    count: int


class StatisticsOutput(BaseModel):
    """How many messages there are."""

    counts: list[CountOutput]


class ResolveInput(Input):
    """What is to be done about messages whose fate is unknown; without ``message_ids``: about all."""

    decision: Literal["resend", "give_up"] = Field(
        description="resend: somebody may get it twice. give_up: somebody may never get it."
    )
    message_ids: list[MessageId] | None = Field(default=None, min_length=1, max_length=1_000)


class CancelInput(Input):
    """Which messages are not to be sent: of an ``occurrence``, or these."""

    occurrence: Text | None = None
    message_ids: list[MessageId] | None = Field(default=None, min_length=1, max_length=1_000)


class HappenedInput(Input):
    """What somebody else knows of a message, such as an answer that came to a mailbox."""

    event: Literal["replied", "delivered", "opened", "clicked", "complained", "unsubscribed"]
    properties: dict[
        Annotated[str, StringConstraints(min_length=1, max_length=200)],
        Annotated[str, StringConstraints(max_length=4_000)] | float | bool,
    ] = Field(default={}, max_length=50)


class ChangedOutput(BaseModel):
    """How many messages were changed."""

    changed: int


class Seed(Input):
    """Somebody who gets tests."""

    medium: Medium
    address: Annotated[str, StringConstraints(min_length=1, max_length=1_000, pattern=r"^[^\x00]+$")]
    name: Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")] = ""


class SeedList(Input):
    """The seed list of a project."""

    seeds: Annotated[list[Seed], Field(max_length=200)]
