"""One tick of a journey: everybody is moved as far as they can go at this moment.

In this order: those of older versions who are to move on; who is to come in; who did what the journey is for,
or what is waited for; whose wait is over; then node by node until all wait or are out.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import func, null, select, update

from bihuan.access import Project
from bihuan.analytics.query import EventSelector
from bihuan.database import Database
from bihuan.journeys.engine import deeds, leaving, waits
from bihuan.journeys.engine.feeds import OVERLAP_MS, feed
from bihuan.journeys.engine.log import Arrivals, context_at
from bihuan.journeys.engine.log import deeds as deeds_in_log
from bihuan.journeys.engine.running import MOVING, Running, Version, take_lease, versions_of
from bihuan.journeys.engine.sets import CHUNK
from bihuan.journeys.engine.sorting import sort_out
from bihuan.journeys.engine.telling import LogWriter, tell
from bihuan.journeys.engine.upgrading import upgrade_all
from bihuan.journeys.graph.nodes import Branch, Deed, Send, Split, Trial, WaitFor, WaitUntil
from bihuan.journeys.models import Journey, JourneyEntry
from bihuan.journeys.ports import Services
from bihuan.kernel.arrays import Array
from bihuan.kernel.errors import BihuanError
from bihuan.people import People
from bihuan.people.identity.repository import entries_since

MERGES_EVERY_MS = 30_000


def tick(
    database: Database,
    project: Project,
    people: People,
    services: Services,
    journey_id: str,
    *,
    owner: str,
    now_ms: int,
    writer: LogWriter | None = None,
    chunk: int = CHUNK,
    halted: Callable[[], bool] = lambda: False,
) -> bool:
    """Move a journey's people; False where another process does, or nobody is to.

    Args:
        owner: names this process.
        now_ms: Unix milliseconds; a moment before the last tick's counts as just after that.
        writer: where it is told who came in and left; None: nowhere.
        chunk: rows of one transaction.
        halted: whether to end before the next transaction.

    Raises:
        LeaseLost: the lease was lost, or the journey paused, in between; what was done holds.
    """
    journey = take_lease(database, journey_id, owner)
    if journey is None:
        return False
    with database.read_session() as session:
        versions = versions_of(session, journey_id)
    if not versions:
        return False
    moment = max(now_ms, journey.ticked_ms + 1)
    running = Running(
        database, project, people, services, journey, versions, owner, moment, dict(journey.fed), chunk
    )
    running.halted = halted
    if journey.state in MOVING:
        _move(running)
    with running.transaction() as session:
        values = {"ticked_ms": moment, "error": running.faults or null()}
        session.execute(update(Journey).where(Journey.id == journey_id).values(**values))
    deeds.perform(running)
    if writer is not None:
        tell(running, writer)
    _end_if_empty(running)
    return True


def _move(running: Running) -> None:
    if running.journey.state == "stopping":
        leaving.leave_all(running)
        return
    _follow_merges(running)
    upgrade_all(running)
    if running.journey.state == "running":
        feed(running)
    _look_at_log(running)
    occupied = _occupied(running)
    for version in running.versions:
        nodes = occupied.get(version.id)
        if nodes is not None:
            _pass_on(running, version)


def _pass_on(running: Running, version: Version) -> None:
    plan = version.plan
    for node_id in plan.waiting:
        if isinstance(version.definition.nodes[node_id], WaitUntil):
            waits.set_clocks(running, version, node_id)
    for node_id in plan.waiting:
        waits.release(running, version, node_id)
    for node_id in plan.passing:
        try:
            _pass(running, version, node_id)
        except BihuanError as error:
            # The others go on; these people are tried again with the next tick.
            said = {"code": error.code, "en": error.message("en"), "zh": error.message("zh")}
            running.faults[node_id] = {**said, "at_ms": running.now_ms}
    for node_id in plan.waiting:
        if isinstance(version.definition.nodes[node_id], WaitUntil):
            waits.set_clocks(running, version, node_id)


def _pass(running: Running, version: Version, node_id: str) -> None:
    match version.definition.nodes[node_id]:
        case Branch() | Split() | Trial():
            sort_out(running, version, node_id)
        case Send():
            deeds.send(running, version, node_id)
        case node if isinstance(node, Deed):
            deeds.queue(running, version, node_id)


def _look_at_log(running: Running) -> None:
    """What happened since the last time, read once for each kind of event that matters."""
    since = int(running.fed.get("deeds", running.journey.admit_ms))
    window = Arrivals(max(0, since - OVERLAP_MS), running.now_ms)
    known: dict[EventSelector, tuple[Array, Array]] = {}
    store = running.people.store

    def done(selector: EventSelector) -> tuple[Array, Array]:
        if selector not in known:
            ctx = context_at(running.project, store, running.now_ms)
            known[selector] = deeds_in_log(ctx, store, selector, window)
        return known[selector]

    definition = running.current.definition
    if definition.goal is not None:
        leaving.convert(running, definition.goal, done(definition.goal.event))
    if definition.leave_on is not None:
        leaving.leave_on(running, done(definition.leave_on))
    occupied = _occupied(running)
    for version in running.versions:
        for node_id in version.plan.looking:
            node = version.definition.nodes[node_id]
            if isinstance(node, WaitFor) and node_id in occupied.get(version.id, ()):
                waits.release_happened(running, version, node_id, done(node.event))
    with running.transaction() as session:
        running.keep_fed(session, deeds=running.now_ms)


def _occupied(running: Running) -> dict[int, set[str]]:
    """The nodes that have anybody, by version."""
    wanted = (
        select(JourneyEntry.version_id, JourneyEntry.node)
        .where(
            JourneyEntry.version_id.in_([each.id for each in running.versions]),
            JourneyEntry.left_ms.is_(None),
        )
        .distinct()
    )
    found: dict[int, set[str]] = {}
    with running.database.read_session() as session:
        for version_id, node in session.execute(wanted):
            found.setdefault(version_id, set()).add(node)
    return found


def _follow_merges(running: Running) -> None:
    fed = running.fed.get("merged") or {"at": 0, "version": 0}
    if running.now_ms - fed["at"] < MERGES_EVERY_MS:
        return
    entries = entries_since(running.people.store, fed["version"])
    owners = {key: entry.person_id for key, entry in entries.items() if key != entry.person_id}
    if owners:
        leaving.join_merged(running, owners)
    latest = max((entry.version for entry in entries.values()), default=fed["version"])
    with running.transaction() as session:
        running.keep_fed(session, merged={"at": running.now_ms, "version": latest})


def _end_if_empty(running: Running) -> None:
    """A journey that nobody comes into any more ends with the last who leaves."""
    if running.journey.state not in ("closing", "stopping"):
        return
    inside = select(func.count()).where(
        JourneyEntry.journey_id == running.journey.id, JourneyEntry.left_ms.is_(None)
    )
    with running.transaction() as session:
        if not session.scalar(inside):
            values = {"state": "ended", "lease_owner": None, "lease_until_ms": 0}
            session.execute(update(Journey).where(Journey.id == running.journey.id).values(**values))
