"""Opens, clicks, replies and reports of providers, as events of the person who got the message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Row, select

from bihuan.collect import IncomingEvent
from bihuan.database import Database
from bihuan.messages.outbox.claims import TABLE
from bihuan.messages.outbox.ports import Recipient, SendingProject
from bihuan.messages.outbox.recipients import recipients_of
from bihuan.messages.outbox.telling import message_event_id, message_properties, write_events

Happening = Literal[
    "$message_delivered",
    "$message_opened",
    "$message_clicked",
    "$message_bounced",
    "$message_complained",
    "$message_unsubscribed",
    "$message_replied",
    "$message_dismissed",
]
_OFTEN = frozenset(("$message_opened", "$message_clicked", "$message_replied"))
# Reloads of a pixel and double clicks are one.
SAME_SECONDS = 10


def happened(
    database: Database,
    project: SendingProject,
    message_id: str,
    event: Happening,
    *,
    at_ms: int,
    properties: Mapping[str, Any] | None = None,
    user_agent: str | None = None,
    ip: str | None = None,
) -> bool:
    """Write what happened to a message; whether the message, and its person, are known.

    The same told again is stored once: of a delivery, bounce or complaint whenever it comes, of an open,
    click or reply within ten seconds and with the same properties.
    """
    if not message_id.isdecimal() or len(message_id) > 18:
        return False
    wanted = select(TABLE).where(TABLE.c.id == int(message_id), TABLE.c.project_id == project.row.id)
    with database.read_session() as session:
        row = session.execute(wanted).one_or_none()
    if row is None:
        return False
    recipient = recipients_of(project, [row.person_id]).get(row.person_id)
    if recipient is None:
        return False
    one = Happened(row, recipient, event, at_ms, properties or {}, user_agent, ip)
    write_happened(project, [one], at_ms)
    return True


@dataclass(frozen=True)
class Happened:
    """Something that happened to a message; ``message`` is a row of the outbox."""

    message: Row[Any]
    recipient: Recipient
    event: Happening
    at_ms: int
    properties: Mapping[str, Any]
    user_agent: str | None = None
    ip: str | None = None


def write_happened(project: SendingProject, those: Sequence[Happened], now_ms: int) -> None:
    """Write what happened to several messages, at once. Raises ``Overloaded``, ``EngineUnavailable``."""
    write_events(project, [_incoming(project.row.id, each) for each in those], now_ms)


def _incoming(project_id: str, each: Happened) -> IncomingEvent:
    row, said = each.message, dict(each.properties)
    told = f"{each.at_ms // 1000 // SAME_SECONDS}\0{sorted(said.items())}" if each.event in _OFTEN else ""
    event_id = message_event_id(project_id, row.person_id, row.occurrence, row.step, each.event, told)
    return IncomingEvent(
        event=each.event,
        distinct_id=each.recipient.distinct_id,
        time_ms=each.at_ms,
        message_id=event_id,
        properties={**message_properties(row), **said},
        user_agent=each.user_agent,
        ip=each.ip,
    )
