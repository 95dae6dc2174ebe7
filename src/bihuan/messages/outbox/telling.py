"""What became of messages, into the event log: however often it is told, it is stored once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select, update

from bihuan.collect import IncomingEvent, Parsed
from bihuan.database import Database
from bihuan.messages.outbox.claims import TABLE
from bihuan.messages.outbox.ports import Recipient, SendingProject
from bihuan.messages.outbox.recipients import OWN_SOURCE, recipients_of

SENT, BOUNCED, SUPPRESSED = "$message_sent", "$message_bounced", "$message_suppressed"
_NAMESPACE = uuid.UUID("5d2a1f0e-6a0b-5c63-9a0f-6a1d0f3b7c11")
_ROWS = TABLE.c
_COLUMNS = tuple(
    _ROWS[name]
    for name in (
        *("id", "project_id", "person_id", "occurrence", "step", "state", "reason", "medium", "channel_id"),
        *("template_id", "variant", "purpose", "origin", "sent_ms", "ended_ms"),
    )
)
_AT_ONCE = 2_000


def message_event_id(
    project_id: str, person_id: int, occurrence: str, step: str, event: str, detail: str = ""
) -> str:
    """The id of an event about a message: derived from what it tells."""
    said = "\0".join((project_id, str(person_id), occurrence, step, event, detail))
    return str(uuid.uuid5(_NAMESPACE, said))


def message_properties(row: Any) -> dict[str, Any]:
    """The properties that all events about a message have; ``row`` is of the outbox."""
    said = {
        "$message_id": str(row.id),
        "$channel": row.medium,
        "$channel_id": row.channel_id,
        "$template_id": row.template_id,
        "$variant": row.variant,
        "$purpose": row.purpose,
        **(row.origin or {}),
    }
    return {name: value for name, value in said.items() if value}


def tell(
    database: Database,
    project: SendingProject,
    *,
    now_ms: int,
    ids: Sequence[int] | None = None,
    recipients: Mapping[int, Recipient] | None = None,
) -> int:
    """Write the events of messages that the log has not been told of; returns how many messages.

    Args:
        ids: only these; None: any, up to a bound.
        recipients: who they are, by the id they were queued under, as far as that is known already.
    """
    wanted = select(*_COLUMNS).where(_ROWS.project_id == project.row.id, _ROWS.untold)
    if ids is not None:
        wanted = wanted.where(_ROWS.id.in_(ids))
    with database.read_session() as session:
        rows = session.execute(wanted.order_by(_ROWS.id).limit(_AT_ONCE)).all()
    if not rows:
        return 0
    known = dict(recipients or {})
    unknown = [row.person_id for row in rows if row.person_id not in known]
    known |= recipients_of(project, unknown) if unknown else {}
    events = [_event(row, known[row.person_id]) for row in rows if row.person_id in known]
    write_events(project, events, now_ms)
    told = update(TABLE).where(_ROWS.id.in_([row.id for row in rows])).values(untold=False)
    with database.session() as session:
        session.connection().execute(told)
    return len(rows)


def write_events(project: SendingProject, events: Sequence[IncomingEvent], now_ms: int) -> None:
    """Store events of this system, durably. Raises ``Overloaded``, ``EngineUnavailable``."""
    if events:
        parsed = Parsed(items=list(events))
        project.intake.take_blocking(parsed, source=OWN_SOURCE, protocol=OWN_SOURCE, received_ms=now_ms)


def _event(row: Row[Any], recipient: Recipient) -> IncomingEvent:
    name = SENT if row.state == "sent" else BOUNCED if row.sent_ms is not None else SUPPRESSED
    properties = message_properties(row)
    if row.reason:
        properties["$reason"] = row.reason
    return IncomingEvent(
        event=name,
        distinct_id=recipient.distinct_id,
        time_ms=row.sent_ms if name == SENT else row.ended_ms,
        message_id=message_event_id(row.project_id, row.person_id, row.occurrence, row.step, name),
        properties=properties,
    )
