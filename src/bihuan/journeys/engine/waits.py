"""Leaving nodes where people wait: as the time is over, or as what is waited for happened."""

from __future__ import annotations

import numpy as np
from sqlalchemy import select, update

from bihuan.journeys.engine.log import zones
from bihuan.journeys.engine.moving import go_on, move_all
from bihuan.journeys.engine.running import Running, Version
from bihuan.journeys.engine.sets import among, chunks
from bihuan.journeys.graph.nodes import HAPPENED, NEXT, TIMED_OUT, WaitFor, WaitUntil
from bihuan.journeys.kernels import first_between
from bihuan.journeys.models import JourneyEntry
from bihuan.journeys.timing import UNKNOWN, known_zone, next_time_ms
from bihuan.kernel.arrays import Array


def release(running: Running, version: Version, node_id: str) -> int:
    """Move everybody on whose time is over."""
    node = version.definition.nodes[node_id]
    if isinstance(node, WaitFor):
        return move_all(running, version, (node_id, TIMED_OUT, node.timed_out))
    return move_all(running, version, (node_id, NEXT, dict(node.ways())[NEXT]))


def release_happened(running: Running, version: Version, node_id: str, done: tuple[Array, Array]) -> int:
    """Move those on who did what they are waited for, from arriving until the time is over.

    ``done``: persons and moments, sorted.
    """
    node = version.definition.nodes[node_id]
    assert isinstance(node, WaitFor)
    total = 0
    for persons in chunks(np.unique(done[0]).tolist(), running.chunk):
        with running.transaction() as session:
            rows = session.execute(
                select(
                    JourneyEntry.id, JourneyEntry.person_id, JourneyEntry.at_ms, JourneyEntry.due_ms
                ).where(
                    JourneyEntry.journey_id == running.journey.id,
                    JourneyEntry.version_id == version.id,
                    JourneyEntry.node == node_id,
                    JourneyEntry.left_ms.is_(None),
                    among(session, JourneyEntry.person_id, persons),
                )
            ).all()
            if not rows:
                continue
            owners = np.array([row.person_id for row in rows], np.uint64)
            since, until = (np.array([row[place] for row in rows], np.int64) for place in (2, 3))
            happened = first_between(done, owners, since, until) >= 0
            ids = np.array([row.id for row in rows], np.int64)[happened].tolist()
            if ids:
                way = (node_id, HAPPENED, node.happened)
                total += go_on(session, running, version, way, [among(session, JourneyEntry.id, ids)])
    return total


def set_clocks(running: Running, version: Version, node_id: str) -> None:
    """Find out until when those wait who have just come to wait for a time of day: a statement a zone."""
    node = version.definition.nodes[node_id]
    assert isinstance(node, WaitUntil)
    wanted = (
        select(JourneyEntry.id, JourneyEntry.person_id)
        .where(
            JourneyEntry.version_id == version.id,
            JourneyEntry.node == node_id,
            JourneyEntry.left_ms.is_(None),
            JourneyEntry.due_ms == UNKNOWN,
        )
        .limit(running.chunk)
    )
    own = running.project.time_zone
    while True:
        with running.database.read_session() as session:
            rows = session.execute(wanted).all()
        if not rows:
            return
        named: dict[int, str] = {}
        if node.zone == "person":
            named = zones(running.people.store, np.array([row.person_id for row in rows], np.uint64))
        by_zone: dict[str, list[int]] = {}
        for entry_id, person in rows:
            zone = named.get(person, own)
            by_zone.setdefault(zone if known_zone(zone) else own, []).append(entry_id)
        with running.transaction() as session:
            for zone, ids in by_zone.items():
                session.execute(
                    update(JourneyEntry)
                    .where(among(session, JourneyEntry.id, ids), JourneyEntry.due_ms == UNKNOWN)
                    .values(due_ms=next_time_ms(node, zone, running.now_ms))
                    .execution_options(synchronize_session=False)
                )
