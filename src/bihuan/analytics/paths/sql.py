"""The SQL of paths: elements counted, then those of rarer nodes gathered.

The events are read once for the paths and once for the names of nodes. Who has which element is kept as
bitmaps over numbers given to people within the query, so that people are counted once also where nodes
are gathered. Columns of the result: side, distance, level (0 an element, 1 a node, 2 all of the step),
the keys ``node`` and ``following``, paths, people.
"""

from __future__ import annotations

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.errors import SelectionInvalid
from bihuan.analytics.paths.elements import AFTER, BEFORE, distance_of, next_of, node_of, side_of
from bihuan.analytics.paths.query import PathsQuery, PathsSelection
from bihuan.analytics.paths.rows import elements_sql, names
from bihuan.analytics.query import BreakdownValue
from bihuan.analytics.sql import key_of
from bihuan.analytics.sql.breakdowns import OTHER_KEY
from bihuan.analytics.sql.sequences import name_sql
from bihuan.warehouse.sql import literal

ENDED_KEY, GOES_ON_KEY = "", ">"


def paths_sql(ctx: ProjectContext, query: PathsQuery) -> str:
    """The statement."""
    counted = _counted(ctx, query, "groupBitmapState(number)", "true")
    return (
        f"WITH {names(ctx, query)} AS names\n"
        "SELECT side, distance, grouping(following) + grouping(node) AS level, node, following, sum(paths), "
        f"groupBitmapMerge(people)\nFROM (\n{_gathered(query, counted)}\n)\n"
        "GROUP BY GROUPING SETS ((side, distance, node, following), (side, distance, node), (side, distance))"
    )


def people_sql(ctx: ProjectContext, query: PathsQuery, selection: PathsSelection) -> str:
    """The people with such a path. Which nodes are gathered at a step follows from its elements alone."""
    side, distance, node, following = element_of(query, selection)
    chosen = f"{side_of('element')} = {side} AND {distance_of('element')} = {distance}"
    counted = _counted(ctx, query, "groupArray(person)", chosen)
    conditions = [f"node = {literal(node)}"]
    if following is not None:
        conditions.append(f"following = {literal(following)}")
    return (
        f"WITH {names(ctx, query)} AS names\n"
        f"SELECT DISTINCT arrayJoin(people) AS person FROM (\n{_gathered(query, counted)}\n)\n"
        f"WHERE {' AND '.join(conditions)}"
    )


def _counted(ctx: ProjectContext, query: PathsQuery, people: str, chosen: str) -> str:
    """Elements with the number of paths that have each, and whose they are."""
    elements = elements_sql(ctx, query)
    return (
        f"SELECT element, count() AS paths, {people} AS people\n"
        f"FROM (SELECT person, number, arrayJoin(elements) AS element FROM (\n{elements}\n))\n"
        f"WHERE {chosen} GROUP BY element"
    )


def _gathered(query: PathsQuery, counted: str) -> str:
    """SELECT side, distance, node, following (keys), paths, people.

    The paths that have a node at a step are those of the elements that lead to it, so the rank of the
    following node is known a step early.
    """
    last = f"distance = {query.steps}"
    named = (
        f"SELECT *, {side_of('element')} AS side, {distance_of('element')} AS distance, "
        f"{name_sql(node_of('element'), prefix='v')} AS a, "
        f"multiIf({next_of('element')} = 0, '{ENDED_KEY}', {last}, '{GOES_ON_KEY}', "
        f"{name_sql(next_of('element'), prefix='v')}) AS b\n"
        f"FROM (\n{counted}\n)"
    )
    weighted = (
        "SELECT *, sum(paths) OVER (PARTITION BY side, distance, a) AS a_paths, "
        f"sum(paths) OVER (PARTITION BY side, distance, b) AS b_paths FROM (\n{named}\n)"
    )
    ranked = f"SELECT *, {_rank('a')} AS a_rank, {_rank('b')} AS b_rank FROM (\n{weighted}\n)"
    return (
        f"SELECT side, distance, if(a_rank <= {query.top_n}, a, '{OTHER_KEY}') AS node, "
        f"if(b_rank <= {query.top_n} OR NOT startsWith(b, 'v'), b, '{OTHER_KEY}') AS following, "
        "paths, people\n"
        f"FROM (\n{ranked}\n)"
    )


def _rank(key: str) -> str:
    order = f"startsWith({key}, 'v') DESC, {key}_paths DESC, {key}"
    return f"dense_rank() OVER (PARTITION BY side, distance ORDER BY {order})"


def element_of(query: PathsQuery, selection: PathsSelection) -> tuple[int, int, str, str | None]:
    """Side, distance, key of the node and of the following one (None: any)."""
    side = BEFORE if selection.step < 0 or query.direction == "to" else AFTER
    step, node, following = selection.step, selection.node, selection.target
    if following is not None:
        side = BEFORE if step < 0 else AFTER
        if side == BEFORE:
            step, node, following = step + 1, following, node
    wrong_side = side == AFTER if query.direction == "to" else side == BEFORE and query.direction == "from"
    last = query.steps - (following is not None)
    if wrong_side or abs(step) > last or (side == BEFORE and step > 0):
        raise SelectionInvalid(path="step", reason=f"the paths have no step {selection.step}")
    return side, abs(step), key_of(node), ENDED_KEY if selection.ended else _key(following)


def _key(value: BreakdownValue | None) -> str | None:
    return None if value is None else key_of(value)
