"""Paths of whole sessions: all sessions of a person in one array, so that short ones cost nothing each.

An item of the array ``way`` is the session's start in Unix milliseconds and the code of a node; 0 where the
session does not begin in the period.
"""

from __future__ import annotations

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.paths.elements import AFTER, BEFORE, packed_element
from bihuan.analytics.paths.query import PathsQuery
from bihuan.analytics.query import resolve
from bihuan.analytics.sql.sequences import CODE_BITS, LAST_CODE, MARK_BITS, code_of

# Less than any count of nodes, so that it begins the count anew.
_ANEW = -(2**40)


def session_elements(ctx: ProjectContext, query: PathsQuery, people: str, *, all_nodes: bool) -> str:
    """SELECT person, number, elements from one of person, number, items (the packed events in order).

    Args:
        all_nodes: whether every event is a node.
    """
    period = resolve(query.period, ctx)
    shift = CODE_BITS + MARK_BITS
    gap_ms = ctx.session_gap_seconds * 1000
    pause = f"bitShiftRight(x, {shift}) - bitShiftRight(p, {shift}) > {gap_ms}"
    within = f"i >= {period.start_ms << shift} AND i < {period.end_ms << shift}"
    start = f"bitAnd(bitShiftRight(i, {MARK_BITS}), {2**64 - 2**CODE_BITS})"
    way = f"arrayMap((x, i) -> bitOr({start}, {code_of('x')}) * ({within}), items, starts)"
    if not all_nodes:
        way = f"arrayFilter(v -> bitAnd(v, {LAST_CODE}) > 0, {way})"
    if query.direction == "to":
        way = f"arrayReverse({way})"
    if query.collapse:
        way = f"arrayCompact({way})"
    side = BEFORE if query.direction == "to" else AFTER
    following = f"(bitAnd(n, {LAST_CODE}) * ({_same_session('v', 'n')}))"
    element = packed_element(query, side, "distance", f"bitAnd(v, {LAST_CODE})", following)
    counted = f"if({_same_session('v', 'p')}, 1, {_ANEW})"
    found = f"arrayMap((v, n, distance) -> ({element}) * (v > 0 AND distance <= {query.steps}), way, "
    columns = {
        "starts": f"arrayFill((x, p) -> {pause}, items, arrayShiftRight(items, 1))",
        "way": way,
        "distances": f"arrayCumSumNonNegative((v, p) -> {counted}, way, arrayShiftRight(way, 1))",
        "elements": f"arrayFilter(element -> element > 0, {found}arrayShiftLeft(way, 1), distances))",
    }
    sql = people
    for name, expression in columns.items():
        sql = f"SELECT *, {expression} AS {name} FROM (\n{sql}\n)"
    return f"SELECT person, number, elements FROM (\n{sql}\n)"


def _same_session(item: str, other: str) -> str:
    return f"bitShiftRight(bitXor({item}, {other}), {CODE_BITS}) = 0"
