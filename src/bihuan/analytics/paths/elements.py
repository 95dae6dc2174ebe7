"""The elements of paths: for every step of every path, its node and the next one away from the anchor.

An element is packed into 64 bits: side (0 after the anchor, 1 before it), distance from the anchor, code of
the node, code of the next one. The next one is 0 where the path ends; at the last step it is 0 or 1, for
paths that end and that go on.
"""

from __future__ import annotations

from bihuan.analytics.paths.query import PathsQuery
from bihuan.analytics.sql.sequences import CODE_BITS, LAST_CODE

DISTANCE_BITS = 8
AFTER, BEFORE = 0, 1


def packed_element(query: PathsQuery, side: int, distance: str, node: str, following: str) -> str:
    """SQL UInt64 of an element; nodes beyond the most frequent share a code.

    Written without branches, which cost the engine more than what they save.
    """
    node, following = (
        f"bitOr({code}, {LAST_CODE} * ({code} > {query.most_nodes}))" for code in (node, following)
    )
    following = f"least({following}, if({distance} < {query.steps}, {LAST_CODE}, 1))"
    start = side << (2 * CODE_BITS + DISTANCE_BITS)
    return (
        f"bitOr(bitShiftLeft(toUInt64({distance}), {2 * CODE_BITS}), "
        f"bitOr(bitShiftLeft(toUInt64({node}), {CODE_BITS}), {following}))"
    ) + (f" + {start}" if start else "")


def side_of(element: str) -> str:
    """On which side of the anchor an element is."""
    return f"bitShiftRight({element}, {2 * CODE_BITS + DISTANCE_BITS})"


def distance_of(element: str) -> str:
    """How many steps an element is away from the anchor."""
    return f"bitAnd(bitShiftRight({element}, {2 * CODE_BITS}), {2**DISTANCE_BITS - 1})"


def node_of(element: str) -> str:
    """The code of an element's node."""
    return f"bitAnd(bitShiftRight({element}, {CODE_BITS}), {LAST_CODE})"


def next_of(element: str) -> str:
    """The code of the node after it, away from the anchor."""
    return f"bitAnd({element}, {LAST_CODE})"
