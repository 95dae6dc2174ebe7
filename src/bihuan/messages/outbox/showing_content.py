"""What a message says, as whoever looks at it may see it."""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, datetime
from functools import partial
from typing import Any

from pydantic import BaseModel
from sqlalchemy.orm import Session

from bihuan.access import Mask
from bihuan.messages.channels.kinds import address_of
from bihuan.messages.channels.models import MessageChannel
from bihuan.messages.consent.addresses import shown
from bihuan.messages.outbox.claims import Message
from bihuan.messages.outbox.models import OutboxMessage
from bihuan.messages.outbox.ports import Draft, Renderer, SendingProject, Surroundings, Unrendered
from bihuan.messages.outbox.recipients import recipients_of
from bihuan.messages.outbox.writings import Writing, writing_of

# Whoever looks at a message must not unsubscribe its person, or confirm for them.
_LINKS = re.compile(r"(/m/(?:unsubscribe|preferences|confirm|c|o)/)[A-Za-z0-9_.-]+")
_GIVEN = ("sending", "sent", "uncertain", "rejected")


class ContentOutput(BaseModel):
    """What a message said, or says to its person as they are known now, or why it says nothing.

    ``written_at``: it is shown as it was written then, when it went out; null: it is written anew.
    ``address`` is masked, links for the person are cut off.
    """

    medium: str
    address: str
    content: dict[str, Any] | None
    problem: str | None
    written_at: datetime | None


def content_of(
    renderer: Renderer,
    project: SendingProject,
    row: OutboxMessage,
    channel: MessageChannel,
    mask: Mask,
    writing: Writing | None = None,
) -> ContentOutput:
    """Render a message of the outbox; values are masked before they are put in.

    Args:
        writing: with what it was written when it went out.
    """
    if writing is None:
        recipient, around = recipients_of(project, [row.person_id]).get(row.person_id), Surroundings()
    else:
        recipient, around = writing.recipient, writing.surroundings
    output = partial(ContentOutput, medium=channel.medium, written_at=_moment(writing))
    if recipient is None:
        return output(address="", content=None, problem="person_unknown")
    known = recipient.properties
    address = address_of(channel.kind, channel.address_property, recipient.person_id, known) or ""
    masked = dataclasses.replace(
        recipient, properties=mask.properties(dict(known)), distinct_id=mask.text(recipient.distinct_id)
    )
    message = Message(**{name: getattr(row, name) for name in Message.__dataclass_fields__})
    message.context = mask.properties(row.context)
    said = renderer.render(project, [Draft(message, channel.medium, masked, "", around)])[row.id]
    where = shown(channel.medium, address) if address and channel.medium != "in_app" else ""
    if isinstance(said, Unrendered):
        problem = f"{said.reason}: {said.detail}" if said.detail else said.reason
        return output(address=where, content=None, problem=mask.text(problem))
    content = _cut(dataclasses.asdict(said))
    return output(address=where, content=content, problem=None)


def went_out(session: Session, row: OutboxMessage) -> Writing | None:
    """With what a message was written that was given to its channel; None of others."""
    return writing_of(session, row.id) if row.state in _GIVEN else None


def _moment(writing: Writing | None) -> datetime | None:
    return None if writing is None else datetime.fromtimestamp(writing.surroundings.now_ms / 1000, UTC)


def _cut(value: Any) -> Any:
    if isinstance(value, str):
        return _LINKS.sub(r"\1…", value)
    if isinstance(value, dict):
        return {key: _cut(each) for key, each in value.items()}
    return [_cut(each) for each in value] if isinstance(value, list | tuple) else value
