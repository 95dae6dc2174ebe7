"""Changes of consent into the event log, once each."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bihuan.collect import Intake
from bihuan.collect.incoming import IncomingEvent, Parsed
from bihuan.database import Database
from bihuan.kernel.hashing import event_uuid
from bihuan.messages.consent.models import Proof
from bihuan.messages.consent.sets import among_texts
from bihuan.messages.outbox.claims import TABLE
from bihuan.messages.outbox.telling import message_properties
from bihuan.people import People

SOURCE = "bihuan"
_AT_ONCE = 1_000
_EVENTS = {
    "given": "$consent_given",
    "confirmed": "$consent_given",
    "pending": "$consent_requested",
    "withdrawn": "$consent_withdrawn",
}
UNSUBSCRIBED = "$message_unsubscribed"


def tell(database: Database, project_id: str, people: People, intake: Intake, *, now_ms: int) -> int:
    """Write what is not in the event log yet; returns how many events.

    Ids are derived from what they tell, so a crash between log and control database repeats nothing.
    """
    told = 0
    while True:
        with database.read_session() as session:
            wanted = select(Proof).where(Proof.project_id == project_id, Proof.untold)
            rows = list(session.scalars(wanted.order_by(Proof.id).limit(_AT_ONCE)))
        if not rows:
            return told
        items = _events(people, rows, _sent_messages(database, project_id, rows))
        if items:
            parsed = Parsed(items=list(items))
            intake.take_blocking(parsed, source=SOURCE, protocol=SOURCE, received_ms=now_ms)
        with database.session() as session:
            _mark(session, [row.id for row in rows])
        told += len(items)


def _mark(session: Session, ids: list[str]) -> None:
    done = update(Proof).where(among_texts(session, Proof.id, ids)).values(untold=False)
    session.connection().execute(done)


def _sent_messages(database: Database, project_id: str, rows: list[Proof]) -> dict[str, dict[str, Any]]:
    """The properties of the messages in which people said something, by the id that their links carry."""
    ids = {int(row.message_id) for row in rows if row.message_id.isdecimal() and len(row.message_id) < 19}
    if not ids:
        return {}
    wanted = select(TABLE).where(TABLE.c.project_id == project_id, TABLE.c.id.in_(ids))
    with database.read_session() as session:
        return {str(row.id): message_properties(row) for row in session.execute(wanted)}


def _events(people: People, rows: list[Proof], messages: dict[str, dict[str, Any]]) -> list[IncomingEvent]:
    persons = list({row.person_id for row in rows if row.person_id is not None})
    ids = {each.person_id: each.distinct_ids for each in people.summaries(persons)}
    found: list[IncomingEvent] = []
    for row in rows:
        # Of somebody who has no id any more there is nothing to write it to.
        names = ids.get(row.person_id or -1)
        if not names:
            continue
        found.append(_event(row, _EVENTS[row.action], names[0]))
        if row.action == "withdrawn" and row.message_id:
            unsubscribed = _event(row, UNSUBSCRIBED, names[0])
            unsubscribed.properties.update(messages.get(row.message_id, {}))
            found.append(unsubscribed)
    return found


def _event(row: Proof, name: str, distinct_id: str) -> IncomingEvent:
    properties: dict[str, Any] = {
        "$purpose": row.purpose,
        "$medium": row.medium,
        "$consent_source": row.source,
        "$confirmed": row.action == "confirmed",
    }
    if row.message_id:
        properties["$message_id"] = row.message_id
    return IncomingEvent(
        event=name,
        distinct_id=distinct_id,
        time_ms=row.at_ms,
        message_id=str(event_uuid(f"{name}\0{row.id}")),
        properties=properties,
    )
