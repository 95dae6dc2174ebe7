"""Paths from their definition: cut each person's events, find the anchor, follow the nodes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.paths.query import NodeRule, PathsQuery
from bihuan.analytics.query import EventSelector, resolve
from bihuan.analytics.reference.filters import selects
from bihuan.analytics.reference.log import EventLog, LogEvent
from bihuan.analytics.reference.reading import read_text, relevant
from bihuan.analytics.reference.sessions import DAY_MS, frequency_ranks, runs
from bihuan.analytics.reference.trend import OTHER

Node = object  # a text or OTHER


@dataclass(frozen=True)
class Path:
    """One path: its nodes by step (0 is the anchor), and whether it ends with them, after and before it."""

    person: int
    nodes: dict[int, Node]
    ends_after: bool
    ends_before: bool


@dataclass(frozen=True)
class _Marked:
    """An event with its node (None: it is none) and whether it can be the anchor."""

    event: LogEvent
    node: str | None
    is_anchor: bool


def paths(ctx: ProjectContext, log: EventLog, query: PathsQuery) -> list[Path]:
    """The paths, nodes that are not kept gathered as OTHER."""
    events = _ordered(ctx, log, query)
    counts = Counter(marked.node for marked in events if marked.node is not None)
    nameable = sorted(counts, key=lambda node: (-counts[node], node.encode()))[: query.most_nodes]
    whole = [
        (after or before, _steps(query, after, before), len(after), len(before))
        for after, before in _ways(ctx, query, events)
    ]
    kept = {step: _top(query, [nodes[step] for _, nodes, _, _ in whole if step in nodes], nameable)
            for step in range(-query.steps, query.steps + 1)}  # fmt: skip
    return [
        Path(
            way[0].event.person,
            {step: node if node in kept[step] else OTHER for step, node in nodes.items()},
            ends_after=0 < after <= query.steps + 1,
            ends_before=0 < before <= query.steps + 1,
        )
        for way, nodes, after, before in whole
    ]


def renamed(rules: tuple[NodeRule, ...], text: str) -> str:
    """What the first rule that matches calls a node."""
    return next((rule.name for rule in rules if matches(rule.pattern, text)), text)


def matches(pattern: str, text: str) -> bool:
    """Whether all of ``text`` is the pattern, ``*`` standing for any characters."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(matches(pattern[1:], text[start:]) for start in range(len(text) + 1))
    return text[:1] == pattern[0] and matches(pattern[1:], text[1:])


def _ordered(ctx: ProjectContext, log: EventLog, query: PathsQuery) -> list[_Marked]:
    """The events read, in order."""
    period = resolve(query.period, ctx)
    if query.window_seconds is None:
        before_ms, after_ms = ctx.session_gap_seconds * 1000, DAY_MS
    else:
        window_ms = round(query.window_seconds * 1000)
        before_ms, after_ms = window_ms * (query.direction != "from"), window_ms * (query.direction != "to")
    found = [
        _marked(ctx, log, query, event)
        for event in relevant(ctx, log, query, EventSelector(), whole_history=True)
        if period.start_ms - before_ms <= event.time_ms < period.end_ms + after_ms
    ]
    rank = frequency_ranks([marked.node for marked in found if marked.node is not None])
    return sorted(
        found,
        key=lambda one: (one.event.time_ms, -1 if one.node is None else rank[one.node], one.is_anchor),
    )


def _marked(ctx: ProjectContext, log: EventLog, query: PathsQuery, event: LogEvent) -> _Marked:
    is_anchor = query.anchor is not None and selects(ctx, log, event, query.anchor)
    value = read_text(ctx, log, event, query.node)
    if not is_anchor and (value is None or not selects(ctx, log, event, query.selector)):
        return _Marked(event, None, False)
    node = query.anchor.name if value is None and query.anchor else renamed(query.rules, value or "")
    return _Marked(event, node, is_anchor or query.anchor is None)


def _ways(
    ctx: ProjectContext, query: PathsQuery, events: list[_Marked]
) -> Iterator[tuple[list[_Marked], list[_Marked]]]:
    """For each path the events from its anchor on and those from it back; empty where not asked for."""
    period = resolve(query.period, ctx)
    of_event = {marked.event.event_id: marked for marked in events}
    gap_ms = ctx.session_gap_seconds * 1000 if query.window_seconds is None else 1 << 60
    for run in runs([marked.event for marked in events], gap_ms):
        scope = [of_event[event.event_id] for event in run]
        inside = [period.start_ms <= marked.event.time_ms < period.end_ms for marked in scope]
        if query.window_seconds is None:
            if not inside[0]:
                continue
            inside = [True] * len(scope)
        anchors = [place for place, marked in enumerate(scope) if marked.is_anchor and inside[place]]
        if not anchors:
            continue
        at = anchors[-1] if query.anchored_at_last else anchors[0]
        near = [
            marked
            for marked in scope
            if query.window_seconds is None
            or abs(marked.event.time_ms - scope[at].event.time_ms) <= round(query.window_seconds * 1000)
        ]
        at = near.index(scope[at])
        after = [] if query.direction == "to" else near[at:]
        before = [] if query.direction == "from" else near[at::-1]
        yield _collapsed(query, after), _collapsed(query, before)


def _collapsed(query: PathsQuery, way: list[_Marked]) -> list[_Marked]:
    kept: list[_Marked] = []
    for marked in way:
        if marked.node is not None and not (query.collapse and kept and kept[-1].node == marked.node):
            kept.append(marked)
    return kept


def _steps(query: PathsQuery, after: list[_Marked], before: list[_Marked]) -> dict[int, str]:
    nodes = {-distance: marked.node or "" for distance, marked in enumerate(before[: query.steps + 1])}
    return nodes | {distance: marked.node or "" for distance, marked in enumerate(after[: query.steps + 1])}


def _top(query: PathsQuery, nodes: list[str], nameable: list[str]) -> list[str]:
    counts = Counter(node for node in nodes if node in nameable)
    return sorted(counts, key=lambda node: (-counts[node], node.encode()))[: query.top_n]
