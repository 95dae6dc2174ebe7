"""Deciding about what failed or is uncertain."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from sqlalchemy import Select, and_, delete, select, update
from sqlalchemy.orm import Session

from bihuan.database import Database
from bihuan.journeys.deeds.schemas import Decision, ResolveDeeds
from bihuan.journeys.engine.running import versions_of
from bihuan.journeys.engine.sets import among, chunks
from bihuan.journeys.graph.nodes import Give
from bihuan.journeys.models import Journey, JourneyDeed
from bihuan.journeys.ports import Origin, Services, Wanted

_DECIDED: dict[Decision, tuple[str, ...]] = {
    "retry": ("failed", "uncertain"),
    "happened": ("uncertain",),
    "give_up": ("failed", "uncertain"),
}


def deeds(
    journey_id: str, *, state: str | None, node: str | None, after: int | None = None
) -> Select[JourneyDeed]:
    """What was not done (yet), the newest first."""
    wanted = select(JourneyDeed).where(JourneyDeed.journey_id == journey_id)
    if state is not None:
        wanted = wanted.where(JourneyDeed.state == state)
    if node is not None:
        wanted = wanted.where(JourneyDeed.node == node)
    if after is not None:
        wanted = wanted.where(JourneyDeed.id < after)
    return wanted.order_by(JourneyDeed.id.desc())


def resolve(
    database: Database,
    services: Services,
    journey: Journey,
    given: ResolveDeeds,
    record: Callable[[Session, int], None],
) -> int:
    """Decide; returns about how many. Again it changes nothing, and of two who decide at once one does.

    ``record`` writes into the audit log, in the transaction that decides, about how many.
    """
    wanted = [JourneyDeed.journey_id == journey.id, JourneyDeed.state.in_(_DECIDED[given.decision])]
    if given.node is not None:
        wanted.append(JourneyDeed.node == given.node)
    with database.read_session() as session:
        if given.deed_ids is not None:
            wanted.append(among(session, JourneyDeed.id, given.deed_ids))
        ids = list(session.scalars(select(JourneyDeed.id).where(*wanted).order_by(JourneyDeed.id)))
    total = 0
    for part in chunks(ids):
        if given.decision == "happened":
            _write_down(database, services, journey, part)
        with database.session() as session:
            changed = _decide(session, given.decision, part)
            if changed:
                record(session, changed)
        total += changed
    return total


def _decide(session: Session, decision: Decision, ids: Sequence[int]) -> int:
    which = and_(among(session, JourneyDeed.id, ids), JourneyDeed.state.in_(_DECIDED[decision]))
    again = {"state": "waiting", "attempts": 0, "due_ms": time.time_ns() // 1_000_000}
    statement = (
        update(JourneyDeed).where(which).values(**again)
        if decision == "retry"
        else delete(JourneyDeed).where(which)
    )
    done = session.execute(statement.execution_options(synchronize_session=False))
    return int(done.rowcount)  # type: ignore[attr-defined]


def _write_down(database: Database, services: Services, journey: Journey, ids: Sequence[int]) -> None:
    """Rewards that were given after all come into the log."""
    if services.rewards is None:
        return
    with database.read_session() as session:
        versions = {each.id: each.definition for each in versions_of(session, journey.id)}
        rows = list(session.scalars(select(JourneyDeed).where(among(session, JourneyDeed.id, ids))))
    groups: dict[tuple[int, str], list[Wanted]] = {}
    for row in rows:
        wanted = Wanted(row.key, row.person_id, row.at_ms)
        groups.setdefault((row.version_id, row.node), []).append(wanted)
    for (version_id, node_id), group in groups.items():
        node = versions[version_id].nodes[node_id]
        if isinstance(node, Give):
            services.rewards.confirm(Origin(journey.project_id, journey.id, node_id), node, group)
