"""How messages went, from the event log: by time, channel and reason; and the life of one message."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel

from bihuan.access import Mask
from bihuan.messages.outbox.models import OutboxMessage
from bihuan.messages.outbox.ports import SendingProject
from bihuan.warehouse.sql import json_path, literal, time_ms, tuple_of

EVENTS = (
    *("$message_sent", "$message_delivered", "$message_opened", "$message_clicked", "$message_replied"),
    *("$message_bounced", "$message_complained", "$message_unsubscribed", "$message_suppressed"),
    *("$message_dismissed", "$message_converted"),
)
DAY_MS = 86_400_000
# Up to so many days the course is by hours.
_DAYS_BY_HOUR = 3
_MOST_ROWS = 50_000
_HIDDEN = frozenset(("$message_id", "$channel_id", "$template_id", "$purpose", "$channel"))


class CourseRow(BaseModel):
    """How many events of a kind there were in an hour or a day, of a channel, for a reason.

    What providers say in their own words is counted as ``told_by_provider``.
    """

    at: datetime
    channel_id: str
    event: str
    reason: str
    count: int


class CourseOutput(BaseModel):
    """``unit``: hour or day, in the project's zone."""

    unit: str
    rows: list[CourseRow]


class MessageEvent(BaseModel):
    """Something that happened to a message."""

    event: str
    at: datetime
    properties: dict[str, Any]


def course(project: SendingProject, days: int, now_ms: int, channel_id: str | None = None) -> CourseOutput:
    """What happened in the last days; one statement on the log."""
    unit = "hour" if days <= _DAYS_BY_HOUR else "day"
    zone = literal(project.row.time_zone)
    start = f"toStartOf{unit.title()}(toTimeZone(time, {zone}))"
    channel = f"ifNull(toString(properties.{json_path('$channel_id')}), '')"
    said = f"ifNull(toString(properties.{json_path('$reason')}), '')"
    reason = f"if(match({said}, '^[a-z_]{{1,60}}$') OR {said} = '', {said}, 'told_by_provider')"
    only = f" AND {channel} = {literal(channel_id)}" if channel_id else ""
    rows = project.store.engine.rows(
        f"SELECT toUnixTimestamp({start}) AS began, {channel} AS channel, event, {reason} AS reason, count() "
        f"FROM {project.store.table('events')} WHERE event IN {tuple_of(EVENTS)} "
        f"AND time > {time_ms(now_ms - days * DAY_MS)}{only} "
        f"GROUP BY began, channel, event, reason ORDER BY began LIMIT {_MOST_ROWS}"
    )
    names = ("at", "channel_id", "event", "reason", "count")
    found = [CourseRow.model_validate(dict(zip(names, row, strict=True))) for row in rows]
    return CourseOutput(unit=unit, rows=found)


def life(project: SendingProject, row: OutboxMessage, mask: Mask) -> list[MessageEvent]:
    """What the log knows of a message, in order of time; at most 500 events."""
    persons = {row.person_id, project.people.identities.person_of(row.person_id)}
    rows = project.store.engine.rows(
        "SELECT event, toUnixTimestamp64Milli(time), toString(properties) "
        f"FROM {project.store.table('events')} WHERE event IN {tuple_of(EVENTS)} "
        f"AND person_id IN ({', '.join(map(str, sorted(persons)))}) "
        f"AND ifNull(toString(properties.{json_path('$message_id')}), '') = {literal(str(row.id))} "
        "ORDER BY time, event LIMIT 500"
    )
    return [_event(name, at_ms, properties, mask) for name, at_ms, properties in rows]


def _event(name: str, at_ms: int, properties: str, mask: Mask) -> MessageEvent:
    said = {key: value for key, value in _present(json.loads(properties)) if key not in _HIDDEN}
    shown = {key: mask.text(value) if isinstance(value, str) else value for key, value in said.items()}
    return MessageEvent(event=name, at=datetime.fromtimestamp(at_ms / 1000, UTC), properties=shown)


def _present(given: dict[str, Any]) -> Iterable[tuple[str, Any]]:
    return ((key, value) for key, value in given.items() if value is not None)
