"""The moves: one statement takes a set of people from a node to the next, and counts them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    String,
    bindparam,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from bihuan.journeys.engine.running import Running, Version
from bihuan.journeys.engine.sets import among
from bihuan.journeys.graph.nodes import Exit, Target
from bihuan.journeys.models import JourneyEntry, JourneyFlow
from bihuan.journeys.timing import due_ms
from bihuan.journeys.trace import piece

COMPLETED = "completed"


def inside_at(version: Version, node: str, now_ms: int) -> list[ColumnElement[bool]]:
    """Who is at a node and due."""
    return [
        JourneyEntry.version_id == version.id,
        JourneyEntry.node == node,
        JourneyEntry.left_ms.is_(None),
        JourneyEntry.due_ms > 0,
        JourneyEntry.due_ms <= now_ms,
    ]


def go_on(
    session: Session,
    running: Running,
    version: Version,
    way: tuple[str, str, Target],
    who: Sequence[ColumnElement[bool]],
) -> int:
    """Move people of a version along ``node, port, target``; returns how many there were."""
    node, port, target = way
    target, reason = _destination(version, target)
    values = {"path": _longer(node, port, running.now_ms), "hops": JourneyEntry.hops + 1}
    if target is None:
        values |= {"left_ms": running.now_ms, "reason": reason}
    else:
        due = due_ms(version.definition.nodes[target], running.now_ms)
        values |= {"node": target, "at_ms": running.now_ms, "due_ms": due}
    moved = _update(session, who, values)
    count(session, version, (node, port, way[2] or ""), moved)
    if target is None and way[2] is not None:
        # An exit node: through it, and out.
        count(session, version, (way[2], reason, ""), moved)
    return moved


def go_out(
    session: Session,
    running: Running,
    version: Version,
    node: str,
    reason: str,
    who: Sequence[ColumnElement[bool]],
) -> int:
    """Have people at a node leave, for a reason that is not the node's; returns how many there were."""
    values = {
        "path": _longer(node, reason, running.now_ms),
        "hops": JourneyEntry.hops + 1,
        "left_ms": running.now_ms,
        "reason": reason,
    }
    moved = _update(session, [*who, JourneyEntry.left_ms.is_(None), JourneyEntry.node == node], values)
    count(session, version, (node, reason, ""), moved)
    return moved


def move_all(running: Running, version: Version, way: tuple[str, str, Target]) -> int:
    """Move everybody who is due at a node along one way, a transaction for each part of them."""
    who = inside_at(version, way[0], running.now_ms)
    total = 0
    while True:
        with running.transaction() as session:
            part = select(JourneyEntry.id).where(*who).limit(running.chunk)
            moved = go_on(session, running, version, way, [JourneyEntry.id.in_(part)])
        total += moved
        if moved < running.chunk:
            return total


def move_after(
    running: Running,
    version: Version,
    way: tuple[str, str, Target],
    do: Callable[[Session, ColumnElement[bool]], None],
) -> int:
    """The same, after ``do`` has been told which rows, in the transaction."""
    wanted = select(JourneyEntry.id).where(*inside_at(version, way[0], running.now_ms)).limit(running.chunk)
    total = 0
    while True:
        with running.transaction() as session:
            ids = session.scalars(wanted).all()
            if ids:
                who = among(session, JourneyEntry.id, ids)
                do(session, who)
                go_on(session, running, version, way, [who])
        total += len(ids)
        if len(ids) < running.chunk:
            return total


def count(session: Session, version: Version, way: tuple[str, str, str], people: int) -> None:
    """Add to how many went a way: ``node, port, target``."""
    if not people:
        return
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    node, port, target = way
    made = insert(JourneyFlow).values(
        version_id=version.id, node=node, port=port, target=target, people=people
    )
    session.execute(
        made.on_conflict_do_update(
            index_elements=["version_id", "node", "port", "target"],
            set_={"people": JourneyFlow.people + made.excluded.people},
        )
    )


def _destination(version: Version, target: Target) -> tuple[Target, str]:
    """Where a way leads, and why people leave if it leads out."""
    if target is None:
        return None, COMPLETED
    node = version.definition.nodes[target]
    return (None, node.reason) if isinstance(node, Exit) else (target, "")


def _longer(node: str, port: str, at_ms: int) -> Any:
    return JourneyEntry.path + bindparam(None, piece(node, port, at_ms), type_=String)


def _update(session: Session, who: Sequence[ColumnElement[bool]], values: dict[str, Any]) -> int:
    statement = update(JourneyEntry).where(*who).values(**values).execution_options(synchronize_session=False)
    result = session.execute(statement)
    assert isinstance(result, CursorResult)
    return int(result.rowcount)
