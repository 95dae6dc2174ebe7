"""Nodes with several ways: the whole set is asked about at once, then each way takes its people."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np
from sqlalchemy import select

from bihuan.journeys.engine.log import cases_of, context_at
from bihuan.journeys.engine.moving import go_on, inside_at
from bihuan.journeys.engine.running import Running, Version
from bihuan.journeys.engine.sets import among
from bihuan.journeys.errors import ServiceMissing
from bihuan.journeys.graph.nodes import AnyNode, Branch, Split, Trial
from bihuan.journeys.models import JourneyEntry
from bihuan.kernel.arrays import Array
from bihuan.kernel.hashing import key64

# People asked about at once: 16 bytes each here, and as much in the engine.
SET_MOST = 250_000
_PARTS = 1_000_000
_ROWS_AT_ONCE = 20_000


def sort_out(running: Running, version: Version, node_id: str) -> int:
    """Move everybody on who is due at a node with several ways."""
    node = version.definition.nodes[node_id]
    ways = node.ways()
    total = 0
    while True:
        ids, persons = _due(running, version, node_id)
        if not len(ids):
            return total
        numbers = _decide(running, node_id, node, persons)
        for number, (port, target) in enumerate(ways):
            there = ids[numbers == number]
            for start in range(0, len(there), running.chunk):
                part = there[start : start + running.chunk].tolist()
                with running.transaction() as session:
                    who = [
                        among(session, JourneyEntry.id, part),
                        *inside_at(version, node_id, running.now_ms),
                    ]
                    total += go_on(session, running, version, (node_id, port, target), who)


def _decide(running: Running, node_id: str, node: AnyNode, persons: Array) -> Array:
    """The number of each person's way."""
    match node:
        case Branch():
            return _by_condition(running, node, persons)
        case Split():
            return portions_of(node, node.salt or f"{running.journey.id}:{node_id}", persons)
        case Trial():
            return _by_variant(running, node_id, node, persons)
        case _:
            raise TypeError(f"{node_id} has one way")


def portions_of(node: Split, salt: str, persons: Array) -> Array:
    """Which portion each person falls into: the hash of salt and person, in millionths."""
    ends = np.cumsum([each.percent for each in node.portions]) / 100 * _PARTS
    drawn = np.fromiter(
        (key64(f"{salt}:{each}") % _PARTS for each in persons.tolist()), np.int64, len(persons)
    )
    return np.minimum(np.searchsorted(ends, drawn, side="right"), len(ends) - 1)


def _by_condition(running: Running, node: Branch, persons: Array) -> Array:
    store = running.people.store
    ctx = context_at(running.project, store, running.now_ms)
    return cases_of(ctx, store, [case.condition for case in node.cases], persons)


def _by_variant(running: Running, node_id: str, node: Trial, persons: Array) -> Array:
    if running.services.splitting is None:
        raise ServiceMissing(kind=node.kind, path=f"nodes.{node_id}")
    origin = running.origin(node_id)
    names = running.services.splitting.variants(origin, node.experiment, persons, running.now_ms)
    return numbers_of(node, names)


def numbers_of(node: Trial, names: Sequence[str | None]) -> Array:
    """The number of the way of each variant; the last, otherwise, of any other."""
    places: dict[str | None, int] = {name: number for number, name in enumerate(node.variants)}
    return np.array([places.get(name, len(places)) for name in names], np.int64)


def _due(running: Running, version: Version, node_id: str) -> tuple[Array, Array]:
    """Ids and persons (uint64) of those who are due, as many as are asked about at once."""
    entry_ids, persons = array("q"), array("Q")
    wanted = select(JourneyEntry.id, JourneyEntry.person_id.label("person"))
    wanted = wanted.where(*inside_at(version, node_id, running.now_ms)).limit(SET_MOST)
    with running.database.read_session() as session:
        for rows in session.execute(wanted.execution_options(yield_per=_ROWS_AT_ONCE)).partitions():
            entry_ids.extend([row[0] for row in rows])
            persons.extend([row[1] for row in rows])
    return np.array(entry_ids, np.int64), np.array(persons, np.uint64)
