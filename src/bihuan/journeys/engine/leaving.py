"""Leaving early: who did what the journey is for, who left the audience, and everybody when it is stopped."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bihuan.journeys.engine.moving import go_out
from bihuan.journeys.engine.running import Running
from bihuan.journeys.engine.sets import among, chunks
from bihuan.journeys.graph.definition import Goal
from bihuan.journeys.kernels import first_between
from bihuan.journeys.models import JourneyEntry
from bihuan.kernel.arrays import Array

GOAL, LEFT_ON, LEFT_AUDIENCE, STOPPED, MERGED = "goal", "event", "left_audience", "stopped", "merged"


def convert(running: Running, goal: Goal, done: tuple[Array, Array]) -> None:
    """Write down who reached the goal in time, the first time; with ``leave`` they leave.

    ``done``: persons and times, sorted.
    """
    for persons in chunks(np.unique(done[0]).tolist(), running.chunk):
        with running.transaction() as session:
            rows = session.execute(
                select(JourneyEntry.id, JourneyEntry.person_id, JourneyEntry.entered_ms).where(
                    JourneyEntry.journey_id == running.journey.id,
                    JourneyEntry.converted_ms.is_(None),
                    among(session, JourneyEntry.person_id, persons),
                )
            ).all()
            ids, owners, entered = _columns(rows)
            times = first_between(done, owners, entered, entered + goal.within.milliseconds)
            reached = times >= 0
            _write_conversions(session, ids[reached], times[reached])
            if goal.leave:
                _leave(session, running, ids[reached].tolist(), GOAL)


def leave_on(running: Running, done: tuple[Array, Array]) -> None:
    """Have those leave who did something since they came in."""
    far = np.iinfo(np.int64).max
    for persons in chunks(np.unique(done[0]).tolist(), running.chunk):
        with running.transaction() as session:
            rows = session.execute(
                select(JourneyEntry.id, JourneyEntry.person_id, JourneyEntry.entered_ms).where(
                    JourneyEntry.journey_id == running.journey.id,
                    JourneyEntry.left_ms.is_(None),
                    among(session, JourneyEntry.person_id, persons),
                )
            ).all()
            ids, owners, entered = _columns(rows)
            times = first_between(done, owners, entered, np.full(len(ids), far))
            _leave(session, running, ids[times >= 0].tolist(), LEFT_ON)


def leave_persons(running: Running, persons: Sequence[int], reason: str) -> None:
    """Have people leave from wherever they are, in one transaction."""
    with running.transaction() as session:
        wanted = select(JourneyEntry.id).where(
            JourneyEntry.journey_id == running.journey.id,
            JourneyEntry.left_ms.is_(None),
            among(session, JourneyEntry.person_id, persons),
        )
        _leave(session, running, list(session.scalars(wanted)), reason)


def leave_all(running: Running) -> None:
    """Have everybody leave, as the journey is stopped."""
    for version in running.versions:
        wanted = select(JourneyEntry.id).where(
            JourneyEntry.version_id == version.id, JourneyEntry.left_ms.is_(None)
        )
        while True:
            with running.transaction() as session:
                ids = list(session.scalars(wanted.limit(running.chunk)))
                _leave(session, running, ids, STOPPED)
            if len(ids) < running.chunk:
                break


def join_merged(running: Running, owners: dict[int, int]) -> None:
    """Follow persons into those they became part of: ``owners`` by the id of before.

    Where both are inside and the journey lets nobody in twice, the one who came later leaves.
    """
    mine = (JourneyEntry.journey_id == running.journey.id, JourneyEntry.left_ms.is_(None))
    rule = running.current.definition.reentry.rule
    for persons in chunks(sorted(owners), running.chunk):
        with running.transaction() as session:
            found = set(
                session.scalars(
                    select(JourneyEntry.person_id)
                    .where(*mine, among(session, JourneyEntry.person_id, persons))
                    .distinct()
                )
            )
            for person in sorted(found):
                session.execute(
                    update(JourneyEntry)
                    .where(*mine, JourneyEntry.person_id == person)
                    .values(person_id=owners[person])
                    .execution_options(synchronize_session=False)
                )
            if rule != "always":
                _leave(session, running, _second(session, running, {owners[each] for each in found}), MERGED)


def _second(session: Session, running: Running, persons: set[int]) -> list[int]:
    rows = session.execute(
        select(JourneyEntry.id, JourneyEntry.person_id)
        .where(
            JourneyEntry.journey_id == running.journey.id,
            JourneyEntry.left_ms.is_(None),
            among(session, JourneyEntry.person_id, sorted(persons)),
        )
        .order_by(JourneyEntry.entered_ms, JourneyEntry.id)
    ).all()
    seen: set[int] = set()
    later = []
    for entry_id, person in rows:
        if person in seen:
            later.append(entry_id)
        seen.add(person)
    return later


def _leave(session: Session, running: Running, ids: Sequence[int], reason: str) -> None:
    """One statement for those at the same node."""
    if not ids:
        return
    rows = session.execute(
        select(JourneyEntry.id, JourneyEntry.version_id, JourneyEntry.node).where(
            among(session, JourneyEntry.id, ids), JourneyEntry.left_ms.is_(None)
        )
    ).all()
    places: dict[tuple[int, str], list[int]] = {}
    for entry_id, version_id, node in rows:
        places.setdefault((version_id, node), []).append(entry_id)
    for (version_id, node), there in places.items():
        version = next(each for each in running.versions if each.id == version_id)
        go_out(session, running, version, node, reason, [among(session, JourneyEntry.id, there)])


def _write_conversions(session: Session, ids: Array, times: Array) -> None:
    for moment in np.unique(times).tolist():
        there = ids[times == moment].tolist()
        session.execute(
            update(JourneyEntry)
            .where(among(session, JourneyEntry.id, there))
            .values(converted_ms=moment)
            .execution_options(synchronize_session=False)
        )


def _columns(rows: Sequence[tuple[int, int, int]]) -> tuple[Array, Array, Array]:
    """Ids, persons (uint64) and moments."""
    ids = np.array([row[0] for row in rows], np.int64)
    return ids, np.array([row[1] for row in rows], np.uint64), np.array([row[2] for row in rows], np.int64)
