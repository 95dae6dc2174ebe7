"""A journey while its people are moved: its lease, its versions, its moment."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, exists, or_, select, text, update
from sqlalchemy.orm import Session

from bihuan.access import Project
from bihuan.database import Database
from bihuan.journeys.engine.sets import CHUNK
from bihuan.journeys.graph.definition import Definition
from bihuan.journeys.graph.plan import Plan
from bihuan.journeys.models import Journey, JourneyDeed, JourneyVersion
from bihuan.journeys.ports import Origin, Services
from bihuan.people import People

# Whoever moves a journey's people and says nothing for so long is taken for dead.
LEASE_MS = 60_000
# Whoever waits to write to SQLite looks every 0.1 s whether he may: after this much writing he finds it free.
WRITING_SECONDS, PAUSE_SECONDS = 0.3, 0.11
MOVING = ("running", "closing", "stopping")
# People are moved, or nobody is inside any more and something about those who were is still to be done.
TO_LOOK_AT = or_(
    Journey.state.in_(MOVING),
    and_(
        Journey.state == "ended",
        exists().where(JourneyDeed.journey_id == Journey.id, JourneyDeed.state == "waiting"),
    ),
)


class LeaseLost(Exception):
    """Another process moves the people now, or somebody paused it: nothing of the transaction holds."""


@dataclass(frozen=True)
class Version:
    """A published definition."""

    id: int
    number: int
    plan: Plan
    moves: dict[str, str | None] | None

    @property
    def definition(self) -> Definition:
        """What it says."""
        return self.plan.definition


@dataclass
class Running:
    """One tick of one journey.

    ``now_ms`` is the moment at which people are moved; ``fed`` is how far the log has been read, written with
    the next transaction. ``chunk``: rows of one transaction. ``faults``: of nodes that failed.
    ``halted``: whether the process is to end.
    ``written_seconds``: since others could write.
    """

    database: Database
    project: Project
    people: People
    services: Services
    journey: Journey
    versions: list[Version]
    owner: str
    now_ms: int
    fed: dict[str, Any] = field(default_factory=dict)
    chunk: int = CHUNK
    faults: dict[str, Any] = field(default_factory=dict)
    halted: Callable[[], bool] = lambda: False
    written_seconds: float = 0.0

    @property
    def current(self) -> Version:
        """The version that people come into."""
        return self.versions[-1]

    @property
    def zone(self) -> ZoneInfo:
        """The project's time zone."""
        return ZoneInfo(self.project.time_zone)

    def origin(self, node: str) -> Origin:
        """Who asks, at a node."""
        return Origin(self.project.id, self.journey.id, node)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A transaction that holds only if this process has the lease; it keeps it. Raises ``LeaseLost``."""
        if self.halted():
            raise LeaseLost
        with self.database.session() as session:
            kept = session.execute(
                update(Journey)
                .where(
                    Journey.id == self.journey.id,
                    Journey.lease_owner == self.owner,
                    Journey.state == self.journey.state,
                )
                .values(lease_until_ms=clock_ms(session) + LEASE_MS)
            )
            if not kept.rowcount:  # type: ignore[attr-defined]
                raise LeaseLost
            begun = time.monotonic()
            yield session
        self._let_others_write(time.monotonic() - begun)

    def _let_others_write(self, seconds: float) -> None:
        if self.database.is_sqlite:
            self.written_seconds += seconds
            if self.written_seconds >= WRITING_SECONDS:
                self.written_seconds = 0.0
                time.sleep(PAUSE_SECONDS)

    def keep_fed(self, session: Session, **values: Any) -> None:
        """Write down how far the log has been read, with what was done about it."""
        self.fed = {**self.fed, **values}
        session.execute(update(Journey).where(Journey.id == self.journey.id).values(fed=self.fed))


def take_lease(database: Database, journey_id: str, owner: str) -> Journey | None:
    """Be the one who moves a journey's people; None while another process is, or nobody is to."""
    with database.session() as session:
        now_ms = clock_ms(session)
        free = or_(
            Journey.lease_owner.is_(None), Journey.lease_owner == owner, Journey.lease_until_ms < now_ms
        )
        taken = session.execute(
            update(Journey)
            .where(Journey.id == journey_id, TO_LOOK_AT, free)
            .values(lease_owner=owner, lease_until_ms=now_ms + LEASE_MS)
        )
        if not taken.rowcount:  # type: ignore[attr-defined]
            return None
        return session.get_one(Journey, journey_id, populate_existing=True)


def give_up_leases(database: Database, owner: str) -> None:
    """Leave the journeys to others, as this process ends."""
    with database.session() as session:
        session.execute(
            update(Journey).where(Journey.lease_owner == owner).values(lease_owner=None, lease_until_ms=0)
        )


def versions_of(session: Session, journey_id: str) -> list[Version]:
    """The versions of a journey, in order."""
    rows = session.scalars(
        select(JourneyVersion).where(JourneyVersion.journey_id == journey_id).order_by(JourneyVersion.number)
    )
    return [
        Version(row.id, row.number, Plan(Definition.model_validate(row.definition)), row.moves)
        for row in rows
    ]


def clock_ms(session: Session) -> int:
    """The clock that all processes share, in Unix milliseconds: leases do not follow a test's clock."""
    if session.get_bind().dialect.name == "sqlite":
        return time.time_ns() // 1_000_000
    return int(session.scalar(text("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")) or 0)
