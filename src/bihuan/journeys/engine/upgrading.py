"""People of older versions who are to go on in the newest one."""

from __future__ import annotations

from sqlalchemy import select, update

from bihuan.journeys.engine.moving import count, go_out
from bihuan.journeys.engine.running import Running, Version
from bihuan.journeys.engine.sets import among
from bihuan.journeys.graph.nodes import AnyNode, Exit, Wait, WaitFor, WaitUntil
from bihuan.journeys.models import JourneyEntry
from bihuan.journeys.timing import due_ms
from bihuan.journeys.trace import piece

MOVED, LEFT_BEHIND = "moved", "no_place"


def upgrade_all(running: Running) -> None:
    """Move people of versions that say so; at a node that is the same in both they go on waiting."""
    newest = running.current
    for version in running.versions[:-1]:
        if version.moves is None:
            continue
        for node_id in version.definition.nodes:
            _upgrade(running, version, newest, node_id, version.moves.get(node_id, node_id))


def _upgrade(running: Running, old: Version, new: Version, node_id: str, target: str | None) -> None:
    there = select(JourneyEntry.id).where(
        JourneyEntry.version_id == old.id, JourneyEntry.node == node_id, JourneyEntry.left_ms.is_(None)
    )
    ahead = None if target is None else new.definition.nodes.get(target)
    reason = ahead.reason if isinstance(ahead, Exit) else LEFT_BEHIND
    while True:
        with running.transaction() as session:
            ids = list(session.scalars(there.limit(running.chunk)))
            if not ids:
                return
            who = among(session, JourneyEntry.id, ids)
            if target is None or ahead is None or isinstance(ahead, Exit):
                go_out(session, running, old, node_id, reason, [who])
                continue
            path = JourneyEntry.path + piece(node_id, MOVED, running.now_ms)
            values = {"version_id": new.id, "node": target, "path": path, "hops": JourneyEntry.hops + 1}
            if node_id != target or not _waits_alike(old.definition.nodes[node_id], ahead):
                due = due_ms(ahead, running.now_ms)
                values |= {"at_ms": running.now_ms, "due_ms": due}
            session.execute(
                update(JourneyEntry).where(who).values(**values).execution_options(synchronize_session=False)
            )
            count(session, old, (node_id, MOVED, ""), len(ids))
            count(session, new, ("", MOVED, target), len(ids))


def _waits_alike(one: AnyNode, other: AnyNode) -> bool:
    """Whether people wait for the same at both, wherever they go afterwards."""
    match one, other:
        case Wait(), Wait():
            return one.span == other.span
        case WaitUntil(), WaitUntil():
            return (one.at, one.weekdays, one.zone) == (other.at, other.weekdays, other.zone)
        case WaitFor(), WaitFor():
            return (one.event, one.timeout) == (other.event, other.timeout)
        case _:
            return False
