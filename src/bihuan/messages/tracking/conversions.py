"""Conversions: what a project counts as success, told of the message that went before."""

from __future__ import annotations

import json
import uuid

from bihuan.collect import IncomingEvent
from bihuan.database import Database
from bihuan.messages.outbox.policies.kept import policy_of
from bihuan.messages.outbox.ports import SendingProject
from bihuan.messages.outbox.recipients import OWN_SOURCE
from bihuan.messages.outbox.service import policy_row
from bihuan.messages.outbox.telling import SENT, write_events
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.sql import json_path, literal, time_ms, tuple_of

CONVERTED = "$message_converted"
_NAMESPACE = uuid.UUID("b1f6c1de-8f0c-5a3e-8d51-2c0f5d6f9a07")
_HOUR_MS = 3_600_000
# Rows wait in the queue for moments before they can be read.
SETTLED_MS = 10_000
_AT_ONCE = 20_000
_CARRIED = (
    *("$message_id", "$channel", "$channel_id", "$template_id", "$variant", "$purpose"),
    *("$campaign_id", "$journey_id", "$node_id", "$experiment_id"),
)


def tell_conversions(database: Database, project: SendingProject, *, now_ms: int) -> int:
    """Write ``$message_converted`` for what arrived since the last time; returns how many.

    An event counts for the last message sent to its person in the hours before it that the policy says. One
    statement finds all; ids are derived from the event's, so that twice is once.
    """
    project_id = project.row.id
    with database.read_session() as session:
        policy = policy_of(session, project_id)
    if not policy.conversion_events:
        return 0
    with database.session() as session:
        row = policy_row(session, project_id)
        # From now on where nobody has looked before: history is no news.
        since_ms = row.converted_ms or now_ms - _HOUR_MS
    until_ms = now_ms - SETTLED_MS
    found = _found(project.store, policy.conversion_events, policy.conversion_hours, since_ms, until_ms)
    for start in range(0, len(found), _AT_ONCE):
        write_events(project, found[start : start + _AT_ONCE], now_ms)
    with database.session() as session:
        policy_row(session, project_id).converted_ms = until_ms
    return len(found)


def _found(
    store: ProjectStore, events: list[str], hours: int, since_ms: int, until_ms: int
) -> list[IncomingEvent]:
    carried = ", ".join(f"ifNull(toString(properties.{json_path(name)}), '')" for name in _CARRIED)
    revenue = f"properties.{json_path('$revenue')} AS revenue"
    rows = store.engine.rows(
        "SELECT toString(e.event_id), e.event, e.distinct_id, toUnixTimestamp64Milli(e.time), "
        "toString(e.revenue), m.carried FROM ("
        f"SELECT event_id, event, distinct_id, person_id, time, {revenue} "
        f"FROM {store.table('events')} WHERE event IN {tuple_of(events)} "
        f"AND received_at > {time_ms(since_ms)} AND received_at <= {time_ms(until_ms)} "
        f"AND source != {literal(OWN_SOURCE)}) AS e "
        f"ASOF INNER JOIN (SELECT person_id, time, [{carried}] AS carried FROM {store.table('events')} "
        f"WHERE event = {literal(SENT)}) AS m ON e.person_id = m.person_id AND e.time >= m.time "
        f"WHERE toUnixTimestamp64Milli(e.time) - toUnixTimestamp64Milli(m.time) <= {hours * _HOUR_MS}"
    )
    return [_event(*row) for row in rows]


def _event(
    event_id: str, event: str, distinct_id: str, at_ms: int, revenue: str | None, carried: list[str]
) -> IncomingEvent:
    properties = {name: value for name, value in zip(_CARRIED, carried, strict=True) if value}
    properties["$event"] = event
    said: dict[str, object] = dict(properties)
    if revenue is not None:
        # Not as $revenue: sums over all events would count it twice.
        said["$conversion_value"] = json.loads(revenue)
    message_id = str(uuid.uuid5(_NAMESPACE, event_id))
    return IncomingEvent(
        event=CONVERTED, distinct_id=distinct_id, time_ms=at_ms, message_id=message_id, properties=said
    )
