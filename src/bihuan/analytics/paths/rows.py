"""People's events as paths, and the paths as elements."""

from __future__ import annotations

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.paths.elements import AFTER, BEFORE, packed_element
from bihuan.analytics.paths.query import PathsQuery
from bihuan.analytics.paths.sessions import session_elements
from bihuan.analytics.query import DayRange, EventSelector, resolve
from bihuan.analytics.sql import EventsSource
from bihuan.analytics.sql.sequences import (
    code_of,
    code_sql,
    event_names_sql,
    is_long,
    is_marked,
    ms_of,
    names_sql,
    packed,
    session_range_ms,
    split_sessions,
)
from bihuan.warehouse.sql import literal

EVENT_NAME = "e.event"


def names(ctx: ProjectContext, query: PathsQuery) -> str:
    """Scalar subquery: the names of nodes in the order of their codes."""
    if _every_event_is_a_node(query) and not (query.rules or query.filter or query.sample):
        return event_names_sql(ctx, *range_ms(ctx, query))
    source = EventsSource(ctx)
    source.column("key", _node(source, query)).selecting(selectors(query)).where("isNotNull(key)")
    return names_sql(_ranged(ctx, query, source).sql())


def elements_sql(ctx: ProjectContext, query: PathsQuery) -> str:
    """SELECT person, number (dense, of the person), elements: one row a path, or for paths of whole sessions
    one a person; elements may be empty."""
    source = EventsSource(ctx)
    node = _node(source, query)
    code = code_sql(node) if _every_event_is_a_node(query) else f"if(isNull({node}), 0, {code_sql(node)})"
    mark = "0" if query.anchor is None else source.is_one_of(query.anchor)
    source.column("person", source.person).column("event", packed(code, mark))
    if query.window_seconds is not None:
        source.selecting(selectors(query))
    long = query.window_seconds is None and is_long(ctx, *range_ms(ctx, query))
    _ranged(ctx, query, source, by_day=not long)
    # Nobody without an anchor has a path.
    having = "" if query.anchor is None else f" HAVING arrayExists(x -> {is_marked('x')}, items)"
    people = (
        "SELECT person, toUInt32(rowNumberInAllBlocks()) AS number, items FROM (\n"
        "SELECT person, arraySort(groupArray(event)) AS items FROM (\n"
        f"{source.sql_in_halves() if long else source.sql()}\n) GROUP BY person{having})"
    )
    if query.window_seconds is None and query.anchor is None:
        return session_elements(ctx, query, people, all_nodes=_every_event_is_a_node(query))
    return _cut_at_anchor(query, _scopes(ctx, query, people))


def _scopes(ctx: ProjectContext, query: PathsQuery, people: str) -> str:
    """SELECT person, number, scope (the events a path is cut from), at (index of the anchor, 0 for none)."""
    period = resolve(query.period, ctx)
    first = "arrayLastIndex" if query.anchored_at_last else "arrayFirstIndex"
    is_anchor = f"{code_of('x')} > 0" if query.anchor is None else is_marked("x")
    if query.window_seconds is None:
        sessions = split_sessions(ctx, "items")
        return (
            f"SELECT person, number, scope, {first}(x -> {is_anchor}, scope) AS at FROM (\n"
            f"SELECT person, number, arrayJoin({sessions}) AS scope FROM (\n{people}\n))\n"
            f"WHERE {_is_within(ms_of('scope[1]'), period)}"
        )
    found = f"{first}(x -> {is_anchor} AND {_is_within(ms_of('x'), period)}, items)"
    return f"SELECT person, number, items AS scope, {found} AS at FROM (\n{people}\n)"


def _cut_at_anchor(query: PathsQuery, scopes: str) -> str:
    after, before = "arraySlice(scope, at)", "arrayReverse(arraySlice(scope, 1, at))"
    if query.window_seconds is not None:
        window_ms = round(query.window_seconds * 1000)
        anchor_ms = ms_of("scope[at]")
        after = f"arrayFilter(x -> {ms_of('x')} <= {anchor_ms} + {window_ms}, {after})"
        before = f"arrayFilter(x -> {ms_of('x')} >= {anchor_ms} - {window_ms}, {before})"
    sides = {"from": [(AFTER, after)], "to": [(BEFORE, before)], "around": [(AFTER, after), (BEFORE, before)]}
    ways = [(side, f"way{side}", events) for side, events in sides[query.direction]]
    nodes = ", ".join(f"{_nodes(query, events)} AS {name}" for _, name, events in ways)
    parts = [_elements(query, side, name) for side, name, _ in ways]
    elements = parts[0] if len(parts) == 1 else f"arrayConcat({', '.join(parts)})"
    return (
        f"SELECT person, number, {elements} AS elements FROM (\n"
        f"SELECT person, number, {nodes} FROM (\n{scopes}\n) WHERE at > 0)"
    )


def _nodes(query: PathsQuery, events: str) -> str:
    """The codes of the nodes of one way, as many as are needed to know where it goes after the last step."""
    codes = f"arrayFilter(x -> x > 0, arrayMap(x -> {code_of('x')}, {events}))"
    return f"arraySlice({f'arrayCompact({codes})' if query.collapse else codes}, 1, {query.steps + 2})"


def _elements(query: PathsQuery, side: int, way: str) -> str:
    element = packed_element(query, side, "(i - 1)", "a", "b")
    following = f"arrayPushBack(arrayPopFront({way}), toUInt64(0))"
    found = f"arrayMap((a, b, i) -> {element}, {way}, {following}, arrayEnumerate({way}))"
    return f"arraySlice({found}, 1, {query.steps + 1})"


def _every_event_is_a_node(query: PathsQuery) -> bool:
    is_event = query.node.scope == "field" and query.node.name == "event"
    return is_event and query.selector == EventSelector()


def _node(source: EventsSource, query: PathsQuery) -> str:
    """The node's name, NULL for events that are no node."""
    # The name of an event is never missing, and stays dictionary-encoded only if nothing asks whether it is.
    is_event = query.node.scope == "field" and query.node.name == "event"
    text = EVENT_NAME if is_event else source.text(query.node)
    if query.rules:
        renamed = [f"match({text}, {literal(rule.expression)}), {literal(rule.name)}" for rule in query.rules]
        text = f"multiIf({', '.join(renamed)}, {text})"
    if _every_event_is_a_node(query):
        return text
    selected = source.is_one_of(query.selector)
    if query.anchor is None:
        return text if selected == "true" else f"if({selected}, {text}, NULL)"
    anchor = f"{source.is_one_of(query.anchor)}, ifNull({text}, {literal(query.anchor.name)})"
    return f"multiIf({anchor}, {selected}, {text}, NULL)"


def selectors(query: PathsQuery) -> list[EventSelector]:
    """Which events are nodes."""
    return [query.selector] if query.anchor is None else [query.selector, query.anchor]


def range_ms(ctx: ProjectContext, query: PathsQuery) -> tuple[int, int]:
    """The instants ``[start, end)`` of the events that paths are cut from, in Unix milliseconds."""
    period = resolve(query.period, ctx)
    if query.window_seconds is None:
        return session_range_ms(ctx, period)
    window_ms = round(query.window_seconds * 1000)
    start_ms = period.start_ms - (window_ms if query.direction != "from" else 0)
    return max(0, start_ms), period.end_ms + (window_ms if query.direction != "to" else 0)


def _ranged(
    ctx: ProjectContext, query: PathsQuery, source: EventsSource, *, by_day: bool = True
) -> EventsSource:
    source.between(*range_ms(ctx, query), by_day=by_day)
    return source.filtered(query.filter).sampled(query.sample)


def _is_within(ms: str, period: DayRange) -> str:
    return f"({ms} >= {period.start_ms} AND {ms} < {period.end_ms})"
