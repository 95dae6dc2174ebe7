"""A project whose log, clock and journeys a test moves; messages go into a table like the outbox."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, MetaData, Select, String, Table, UniqueConstraint, select
from sqlalchemy.orm import Session

from bihuan.access import Project, ProjectInput, create_project, get_project
from bihuan.database import Database, JsonValue, PersonKey
from bihuan.journeys.engine.telling import WriterOfLog
from bihuan.journeys.engine.ticking import tick
from bihuan.journeys.graph.definition import Definition
from bihuan.journeys.graph.nodes import Send
from bihuan.journeys.models import Journey, JourneyEntry, JourneyFlow, JourneyVersion
from bihuan.journeys.ports import Origin, Services
from bihuan.kernel.hashing import key64
from bihuan.people import People
from bihuan.warehouse import Batch, Engine, GroupWriter, event_row, open_project
from tests.ready import take_out

START_MS = 1_767_225_600_000  # 2026-01-01T00:00:00Z
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000

SENT = Table(
    "test_sent",
    MetaData(),
    Column("person_id", PersonKey),
    Column("occurrence", String(120)),
    Column("step", String(80)),
    Column("context", JsonValue),
    UniqueConstraint("person_id", "occurrence", "step"),
)


class SentTable:
    """Messages as rows with the outbox's key; ``break_after``: fail at that call, once."""

    def __init__(self) -> None:
        self.calls = 0
        self.break_at: int | None = None

    def enqueue(
        self, session: Session, origin: Origin, node: Send, people: Select[Any], *, now_ms: int
    ) -> None:
        self.calls += 1
        if self.calls == self.break_at:
            raise KilledHere
        found = people.subquery()
        names = ["person_id", "occurrence", "step", "context"]
        columns = [found.c[name] for name in names]
        session.execute(SENT.insert().from_select(names, select(*columns)))


class KilledHere(Exception):
    """The process ended in the middle."""


@dataclass
class Stage:
    database: Database
    project: Project
    people: People
    writer: GroupWriter
    sent: SentTable = field(default_factory=SentTable)
    now_ms: int = START_MS
    services: Services = field(default_factory=Services)

    def happen(
        self, who: str, event: str, at_ms: int, *, received_ms: int | None = None, **properties: Any
    ) -> uuid.UUID:
        event_id = uuid.uuid4()
        row = event_row(
            event_id=event_id,
            event=event,
            time_ms=at_ms,
            received_ms=at_ms if received_ms is None else received_ms,
            distinct_id=who,
            source="test",
            properties=properties,
            person_id=self.people.identities.person_of(key64(who)),
        )
        self.writer.submit(self.people.store, Batch(events=[row])).result()
        return event_id

    def begin(self, definition: Definition | dict[str, Any], name: str = "Test") -> str:
        """A running journey with this definition as its first version."""
        stored = Definition.model_validate(definition).stored()
        author = {"kind": "key", "id": "1", "name": "test"}
        with self.database.session() as session:
            row = Journey(
                project_id=self.project.id,
                name=name,
                state="running",
                draft=stored,
                version=1,
                created_by=author,
                admit_ms=self.now_ms,
                told_left_ms=0,
            )
            session.add(row)
            session.flush()
            session.add(JourneyVersion(journey_id=row.id, number=1, definition=stored, created_by=author))
            return row.id

    def tick(
        self,
        journey_id: str,
        now_ms: int | None = None,
        *,
        owner: str = "here",
        chunk: int = 1_000,
        tell: bool = False,
    ) -> bool:
        self.now_ms = self.now_ms if now_ms is None else now_ms
        return tick(
            self.database,
            self.project,
            self.people,
            self.services,
            journey_id,
            owner=owner,
            now_ms=self.now_ms,
            writer=WriterOfLog(self.writer) if tell else None,
            chunk=chunk,
        )

    def entries(self, journey_id: str) -> list[JourneyEntry]:
        with self.database.read_session() as session:
            wanted = select(JourneyEntry).where(JourneyEntry.journey_id == journey_id)
            return list(session.scalars(wanted.order_by(JourneyEntry.id)))

    def at(self, journey_id: str) -> dict[str, list[str]]:
        """Who is where; people who left under ``!`` and the reason."""
        found: dict[str, list[str]] = {}
        for row in self.entries(journey_id):
            place = row.node if row.left_ms is None else f"!{row.reason}"
            found.setdefault(place, []).append(NAMES[row.person_id])
        return {place: sorted(names) for place, names in sorted(found.items())}

    def messages(self) -> list[tuple[int, str, str]]:
        with self.database.read_session() as session:
            rows = session.execute(select(SENT.c.person_id, SENT.c.occurrence, SENT.c.step)).all()
        return sorted((row[0], row[1], row[2]) for row in rows)

    def contexts(self) -> dict[str, dict[str, Any]]:
        with self.database.read_session() as session:
            rows = session.execute(select(SENT.c.occurrence, SENT.c.context))
            return {row[0]: row[1] for row in rows}

    def flows(self, journey_id: str) -> dict[tuple[str, str, str], int]:
        with self.database.read_session() as session:
            rows = session.scalars(
                select(JourneyFlow)
                .join(JourneyVersion, JourneyVersion.id == JourneyFlow.version_id)
                .where(JourneyVersion.journey_id == journey_id)
            ).all()
        found: dict[tuple[str, str, str], int] = {}
        for row in rows:
            way = (row.node, row.port, row.target)
            found[way] = found.get(way, 0) + row.people
        return found


PEOPLE = ("ann", "bob", "cid", "dee", "eve", *(f"p{number}" for number in range(30)))
NAMES = {key64(name): name for name in PEOPLE}


@contextmanager
def stage_in(engine: Engine, database: Database, project_id: str) -> Iterator[Stage]:
    with database.session() as session:
        create_project(session, ProjectInput(id=project_id, name="Test", time_zone="Asia/Shanghai"))
    with database.session() as session:
        project = get_project(session, project_id)
        session.expunge(project)
    SENT.metadata.create_all(database.engine)
    store = open_project(engine, project_id, durable=False)
    writer = GroupWriter()
    writer.open(store)
    opened = Stage(database, project, People(store), writer)
    opened.services = Services(sending=opened.sent)
    yield opened
    writer.close()
    take_out(store)
