"""Queries on journeys and the people in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bihuan.insights import contains
from bihuan.journeys.engine.admitting import AGAIN, FULL, OUTSIDE
from bihuan.journeys.engine.moving import COMPLETED
from bihuan.journeys.engine.upgrading import MOVED
from bihuan.journeys.models import Journey, JourneyDeed, JourneyEntry, JourneyFlow, JourneyVersion
from bihuan.journeys.schemas import Counts, NodeCount, WayCount


def journeys(project_id: str, *, search: str | None = None) -> Select[Journey]:
    """The journeys of a project."""
    statement = select(Journey).where(Journey.project_id == project_id)
    return statement.where(contains(Journey.name, search)) if search else statement


def find_journey(session: Session, project_id: str, journey_id: str) -> Journey | None:
    """The journey, when it is of this project."""
    return session.scalar(journeys(project_id).where(Journey.id == journey_id))


def versions(session: Session, journey_id: str) -> list[JourneyVersion]:
    """The versions of a journey, in order."""
    wanted = select(JourneyVersion).where(JourneyVersion.journey_id == journey_id)
    return list(session.scalars(wanted.order_by(JourneyVersion.number)))


def flows(session: Session, version_ids: Sequence[int]) -> dict[tuple[str, str, str], int]:
    """How many people went each way, over some versions."""
    rows = session.scalars(select(JourneyFlow).where(JourneyFlow.version_id.in_(version_ids)))
    found: defaultdict[tuple[str, str, str], int] = defaultdict(int)
    for row in rows:
        found[row.node, row.port, row.target] += row.people
    return found


def counts(
    session: Session, journey_id: str, version_ids: Sequence[int], ports: Mapping[str, Collection[str]]
) -> Counts:
    """The live counts; they are kept as people move, so that reading them costs nothing.

    Who moved from one of these versions to another came in once, and has not left.

    ``ports``: those of each node of these versions; whoever leaves by another one leaves early.
    """
    ways = flows(session, version_ids)
    came: defaultdict[str, int] = defaultdict(int)
    went: defaultdict[str, int] = defaultdict(int)
    left: defaultdict[str, int] = defaultdict(int)
    targets = {target for _, _, target in ways if target}
    early = {(node, port) for node, port, target in ways if not target and port not in ports.get(node, ())}
    for (node, port, target), people in ways.items():
        if target:
            came[target] += people
        if node:
            went[node] += people
            if not target:
                left[port if (node, port) in early else COMPLETED] += people
    entered = sum(people for (node, _, target), people in ways.items() if not node and target)
    for node in targets:
        stayed = min(ways.get((OUTSIDE, MOVED, node), 0), ways.get((node, MOVED, OUTSIDE), 0))
        came[node], went[node] = came[node] - stayed, went[node] - stayed
    moved = min(sum(ways.get((OUTSIDE, MOVED, node), 0) for node in targets), left[MOVED])
    entered, left[MOVED] = entered - moved, left[MOVED] - moved
    converted, undone = _totals(session, journey_id, version_ids)
    shown = [way for way in sorted(ways) if way[0] or way[2]]
    return Counts(
        entered=entered,
        inside=entered - sum(left.values()),
        left={reason: people for reason, people in sorted(left.items()) if people},
        converted=converted,
        refused_again=ways.get((OUTSIDE, AGAIN, OUTSIDE), 0),
        refused_full=ways.get((OUTSIDE, FULL, OUTSIDE), 0),
        nodes=[
            NodeCount(node=node, came=came[node], inside=came[node] - went[node]) for node in sorted(targets)
        ],
        ways=[
            WayCount(node=node, port=port, target=target or None, people=ways[node, port, target])
            for node, port, target in shown
        ],
        failed_deeds=undone.get("failed", 0) + undone.get("uncertain", 0),
        uncertain_deeds=undone.get("uncertain", 0),
        waiting_deeds=undone.get("waiting", 0),
    )


def inside(session: Session, version_ids: Sequence[int]) -> dict[int, int]:
    """How many people are on each version."""
    found = dict.fromkeys(version_ids, 0)
    rows = session.scalars(select(JourneyFlow).where(JourneyFlow.version_id.in_(version_ids)))
    for row in rows:
        if not row.node and row.target:
            found[row.version_id] += row.people
        elif row.node and not row.target:
            found[row.version_id] -= row.people
    return found


def entries(
    journey_id: str, *, node: str | None, person: int | None, state: str | None, after: int | None
) -> Select[JourneyEntry]:
    """Ways of people through a journey, the latest first."""
    wanted = select(JourneyEntry).where(JourneyEntry.journey_id == journey_id)
    if node is not None:
        wanted = wanted.where(JourneyEntry.node == node)
    if person is not None:
        wanted = wanted.where(JourneyEntry.person_id == person)
    if state is not None:
        gone = JourneyEntry.left_ms.is_not(None)
        wanted = wanted.where(gone if state == "left" else ~gone)
    if after is not None:
        wanted = wanted.where(JourneyEntry.id < after)
    return wanted.order_by(JourneyEntry.id.desc())


def _totals(session: Session, journey_id: str, version_ids: Sequence[int]) -> tuple[int, dict[str, int]]:
    converted = session.scalar(
        select(func.count()).where(
            JourneyEntry.journey_id == journey_id,
            JourneyEntry.version_id.in_(version_ids),
            JourneyEntry.converted_ms.is_not(None),
        )
    )
    deeds = select(JourneyDeed.state, func.count()).where(JourneyDeed.version_id.in_(version_ids))
    states = {row[0]: row[1] for row in session.execute(deeds.group_by(JourneyDeed.state))}
    return converted or 0, states
