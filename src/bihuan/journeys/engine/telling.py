"""What the log is told: who came in and who left, as events of those people.

Ids of events follow from what they tell, so that telling again after a crash stores nothing twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import select, update

from bihuan.journeys.engine.running import Running
from bihuan.journeys.models import Journey, JourneyEntry
from bihuan.journeys.people_ids import distinct_ids
from bihuan.kernel.hashing import event_uuid
from bihuan.warehouse import Batch, EventRow, GroupWriter, ProjectStore, event_row

ENTERED, EXITED = "$journey_entered", "$journey_exited"
SOURCE = "bihuan"


class LogWriter(Protocol):
    """The way into the log."""

    def write(self, store: ProjectStore, rows: list[EventRow]) -> None:
        """Store events; on return they are durable."""
        ...


class WriterOfLog:
    """``LogWriter`` of an installation."""

    def __init__(self, writer: GroupWriter) -> None:
        self._writer = writer

    def write(self, store: ProjectStore, rows: list[EventRow]) -> None:
        """Store events; on return they are durable."""
        self._writer.submit(store, Batch(events=rows)).result()


def tell(running: Running, writer: LogWriter) -> None:
    """Write of those who came in and left since the last time, in parts."""
    while _tell_entered(running, writer):
        pass
    _tell_left(running, writer)


def _tell_entered(running: Running, writer: LogWriter) -> bool:
    """Returns whether there may be more."""
    wanted = (
        select(JourneyEntry)
        .where(JourneyEntry.journey_id == running.journey.id, JourneyEntry.id > running.journey.told_entry)
        .order_by(JourneyEntry.id)
        .limit(running.chunk)
    )
    with running.database.read_session() as session:
        rows = list(session.scalars(wanted))
    if not rows:
        return False
    _write(running, writer, rows, ENTERED)
    running.journey.told_entry = rows[-1].id
    _keep(running, told_entry=rows[-1].id)
    return len(rows) == running.chunk


def _tell_left(running: Running, writer: LogWriter) -> None:
    """Those who left up to this moment: all of a moment left in one tick, which is over."""
    after_id = 0
    while True:
        wanted = (
            select(JourneyEntry)
            .where(
                JourneyEntry.journey_id == running.journey.id,
                JourneyEntry.left_ms > running.journey.told_left_ms,
                JourneyEntry.left_ms <= running.now_ms,
                JourneyEntry.id > after_id,
            )
            .order_by(JourneyEntry.id)
            .limit(running.chunk)
        )
        with running.database.read_session() as session:
            rows = list(session.scalars(wanted))
        if rows:
            _write(running, writer, rows, EXITED)
            after_id = rows[-1].id
        if len(rows) < running.chunk:
            break
    running.journey.told_left_ms = running.now_ms
    _keep(running, told_left_ms=running.now_ms)


def _write(running: Running, writer: LogWriter, rows: Sequence[JourneyEntry], event: str) -> None:
    people = running.people
    ids = distinct_ids(people, [row.person_id for row in rows])
    numbers = {version.id: version.number for version in running.versions}
    made = []
    for row in rows:
        # Nothing is written of people of whom nothing is recorded any more: they may have been erased.
        if named := ids.get(row.person_id) or _said(row):
            at_ms = row.entered_ms if event == ENTERED else row.left_ms or 0
            made.append(_event(running, row, event, named[0], at_ms, numbers[row.version_id]))
    if made:
        writer.write(people.store, made)


def _said(row: JourneyEntry) -> list[str]:
    """The id under which another system sent the person in; rows of erased people are deleted."""
    said = (row.context or {}).get("event", {}).get("distinct_id")
    return [said] if said else []


def _event(
    running: Running, row: JourneyEntry, event: str, distinct_id: str, at_ms: int, version: int
) -> EventRow:
    properties: dict[str, Any] = {"$journey_id": running.journey.id, "$journey_version": float(version)}
    properties["$node_id"] = row.node
    if event == EXITED:
        properties["$reason"] = row.reason
    else:
        # Where the person is by now depends on when this is told.
        properties["$node_id"] = running.current.definition.start
    return event_row(
        event_id=event_uuid(f"{running.project.id}\0{event}\0{row.id}"),
        event=event,
        time_ms=at_ms,
        received_ms=running.now_ms,
        distinct_id=distinct_id,
        source=SOURCE,
        properties=properties,
        person_id=row.person_id,
    )


def _keep(running: Running, **values: int) -> None:
    with running.transaction() as session:
        session.execute(update(Journey).where(Journey.id == running.journey.id).values(**values))
