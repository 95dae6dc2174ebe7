"""Paths are what the oracle says, on random logs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bihuan.analytics.errors import SelectionInvalid
from bihuan.analytics.paths import NodeRule, PathLink, PathNode, PathsQuery, PathsResult, PathsSelection
from bihuan.analytics.paths.sql import people_sql
from bihuan.analytics.query import BreakdownValue
from bihuan.analytics.reference import EventLog, LogEvent
from bihuan.analytics.reference.paths import Path, matches, paths
from bihuan.analytics.reference.trend import OTHER
from bihuan.analytics.run import people, run
from bihuan.warehouse.project import ProjectStore
from tests.analytics.golden import check, check_sql, plain_context
from tests.analytics.loading import context, load, reading_in_order_of_people
from tests.analytics.random_log import Scene, filters, periods, refs, scenes, selectors

DAY: dict[str, Any] = {"kind": "dates", "from_date": "2024-01-01", "to_date": "2024-01-01"}
START_MS = 1_704_038_400_000  # that day's midnight in Shanghai
MINUTE_MS = 60_000
EVENT = {"scope": "field", "name": "event"}


@st.composite
def queries(draw: st.DrawFn, scene: Scene) -> PathsQuery:
    anchor = draw(st.one_of(st.none(), selectors(scene)))
    rules = st.builds(
        NodeRule,
        pattern=st.sampled_from(["*", "a*", "*1*", "v*w", "buy", "1.5", "*\\*"]),
        name=st.sampled_from(["A", "buy"]),
    )
    return PathsQuery(
        period=draw(periods(scene)),
        filter=draw(st.one_of(st.none(), st.none(), filters(scene))),
        sample=draw(st.sampled_from([None, None, 0.5])),
        selector=draw(selectors(scene)),
        node=draw(st.one_of(st.just(EVENT), st.just(EVENT), refs())),
        rules=tuple(draw(st.lists(rules, max_size=2))),
        anchor=anchor,
        direction=draw(st.sampled_from(["from", "to", *(["around"] if anchor else [])])),
        occurrence=draw(st.sampled_from(["first", "last"])) if anchor else "first",
        window_seconds=draw(st.sampled_from([None, None, 0.001, 1860.0, 86_400.0])),
        collapse=draw(st.booleans()),
        steps=draw(st.integers(1, 4)),
        top_n=draw(st.integers(1, 3)),
        most_nodes=draw(st.sampled_from([1, 2, 1000])),
    )


def told(value: BreakdownValue) -> object:
    return OTHER if value.other else value.value


def numbers(found: Iterable[Path]) -> tuple[int, int]:
    own = list(found)
    return len(own), len({path.person for path in own})


def at(found: Sequence[Path], step: int, node: object) -> list[Path]:
    return [path for path in found if path.nodes.get(step) is node or path.nodes.get(step) == node]


def ended(query: PathsQuery, found: Sequence[Path], step: int, node: object) -> list[Path]:
    before = step < 0 or query.direction == "to"
    away = step - 1 if before else step + 1
    return [
        path
        for path in at(found, step, node)
        if away not in path.nodes and (path.ends_before if before else path.ends_after)
    ]


def linked(found: Sequence[Path], step: int, source: object, target: object) -> list[Path]:
    return [path for path in at(found, step, source) if path in at(found, step + 1, target)]


def check_node(query: PathsQuery, node: PathNode, found: Sequence[Path]) -> None:
    assert (node.paths, node.people) == numbers(at(found, node.step, told(node.node)))
    assert (node.ended, node.ended_people) == numbers(ended(query, found, node.step, told(node.node)))


def check_link(link: PathLink, found: Sequence[Path]) -> None:
    assert (link.paths, link.people) == numbers(
        linked(found, link.step, told(link.source), told(link.target))
    )


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_every_node_and_link_and_its_people(store: ProjectStore, data: st.DataObject) -> None:
    scene = data.draw(scenes(max_people=2))
    load(store, scene.log)
    ctx = scene.context(store)
    for _ in range(3):
        query = data.draw(queries(scene))
        with reading_in_order_of_people() if data.draw(st.booleans()) else nullcontext():
            result = run(store.engine, ctx, query)
        assert isinstance(result, PathsResult)
        expected = paths(ctx, scene.log, query)
        assert (result.paths, result.people) == numbers(expected)
        nodes = {(step, node) for path in expected for step, node in path.nodes.items()}
        assert {(node.step, told(node.node)) for node in result.nodes} == nodes
        assert len(result.nodes) == len(nodes)
        for node in result.nodes:
            check_node(query, node, expected)
        links = {
            (step, node, path.nodes[step + 1])
            for path in expected
            for step, node in path.nodes.items()
            if step + 1 in path.nodes
        }
        assert {(link.step, told(link.source), told(link.target)) for link in result.links} == links
        assert len(result.links) == len(links)
        for link in result.links:
            check_link(link, expected)
        check_flows(query, result)
        check_people(store, scene, query, result, expected, data)


def check_flows(query: PathsQuery, result: PathsResult) -> None:
    """What flows into a node and out of it adds up: links and ends are all the paths there are."""
    for node in result.nodes:
        out = sum(link.paths for link in result.links if (link.step, link.source) == (node.step, node.node))
        into = sum(
            link.paths for link in result.links if (link.step + 1, link.target) == (node.step, node.node)
        )
        if abs(node.step) < query.steps:
            away = into if node.step < 0 or query.direction == "to" else out
            assert away + node.ended == node.paths
        if node.step != 0:
            assert (out if node.step < 0 else into) == node.paths
    assert sum(node.paths for node in result.nodes if node.step == 0) == result.paths


def check_people(
    store: ProjectStore, scene: Scene, query: PathsQuery, result: PathsResult, expected: Sequence[Path],
    data: st.DataObject,
) -> None:  # fmt: skip
    ctx = scene.context(store)
    if result.nodes:
        node = data.draw(st.sampled_from(result.nodes))
        selection = PathsSelection(step=node.step, node=node.node)
        here = {path.person for path in at(expected, node.step, told(node.node))}
        assert people(store.engine, ctx, query, selection) == sorted(here)
        stopped = {path.person for path in ended(query, expected, node.step, told(node.node))}
        assert people(store.engine, ctx, query, selection.model_copy(update={"ended": True})) == sorted(
            stopped
        )
    if result.links:
        link = data.draw(st.sampled_from(result.links))
        selection = PathsSelection(step=link.step, node=link.source, target=link.target)
        through = {path.person for path in linked(expected, link.step, told(link.source), told(link.target))}
        assert people(store.engine, ctx, query, selection) == sorted(through)


def ask(store: ProjectStore, log: EventLog, **more: Any) -> PathsResult:
    load(store, log)
    result = run(store.engine, context(store, log), PathsQuery.model_validate({"period": DAY} | more))
    assert isinstance(result, PathsResult)
    return result


def visit(names: str, minute: int = 0, person: int = 1) -> tuple[LogEvent, ...]:
    """Events a minute apart, one for each letter."""
    return tuple(
        LogEvent(name, START_MS + (minute + place) * MINUTE_MS, person) for place, name in enumerate(names)
    )


def shown(result: PathsResult) -> list[tuple[int, str | None, int, int]]:
    return [(node.step, node.node.value, node.paths, node.ended) for node in result.nodes]


LOG = EventLog((*visit("abbc"), *visit("abcab", minute=100), *visit("ad", person=2), *visit("xca", person=3)))


def test_from_the_start_of_sessions(store: ProjectStore) -> None:
    result = ask(store, LOG, steps=2)
    assert (result.paths, result.people) == (4, 3)
    assert shown(result) == [
        (0, "a", 3, 0), (0, "x", 1, 0), (1, "b", 2, 0), (1, "c", 1, 0), (1, "d", 1, 1),
        (2, "c", 2, 1), (2, "a", 1, 1),
    ]  # fmt: skip
    found = [
        (link.step, link.source.value, link.target.value, link.paths, link.people) for link in result.links
    ]
    assert found == [
        (0, "a", "b", 2, 1), (0, "a", "d", 1, 1), (0, "x", "c", 1, 1),
        (1, "b", "c", 2, 1), (1, "c", "a", 1, 1),
    ]  # fmt: skip


def test_loops_are_collapsed_or_not(store: ProjectStore) -> None:
    kept = ask(store, LOG, steps=2, collapse=False, anchor={"events": ["a"]})
    assert [found for found in shown(kept) if found[0] == 2] == [(2, "b", 1, 0), (2, "c", 1, 0)]


def test_to_and_around_an_event(store: ProjectStore) -> None:
    to = ask(store, LOG, direction="to", anchor={"events": ["c"]}, steps=2)
    assert shown(to) == [(-2, "a", 2, 2), (-1, "b", 2, 0), (-1, "x", 1, 1), (0, "c", 3, 0)]
    around = ask(store, LOG, direction="around", anchor={"events": ["c"]}, steps=1)
    assert shown(around) == [(-1, "b", 2, 0), (-1, "x", 1, 1), (0, "c", 3, 1), (1, "a", 2, 1)]
    assert [(link.step, link.source.value, link.target.value, link.paths) for link in around.links] == [
        (-1, "b", "c", 2), (-1, "x", "c", 1), (0, "c", "a", 2),
    ]  # fmt: skip


def test_within_a_window_there_is_one_path_a_person(store: ProjectStore) -> None:
    first = ask(store, LOG, anchor={"events": ["b"]}, window_seconds=7200, steps=3)
    assert shown(first) == [(0, "b", 1, 0), (1, "c", 1, 0), (2, "a", 1, 0), (3, "b", 1, 0)]
    last = ask(
        store, LOG, anchor={"events": ["b"]}, window_seconds=7200, occurrence="last", direction="to", steps=1
    )
    assert shown(last) == [(-1, "a", 1, 0), (0, "b", 1, 0)]
    exact = ask(store, LOG, anchor={"events": ["a"]}, window_seconds=60)
    assert shown(exact) == [(0, "a", 3, 1), (1, "b", 1, 1), (1, "d", 1, 1)]


def test_the_people_of_gathered_nodes_are_counted_once(store: ProjectStore) -> None:
    log = EventLog((*visit("sa"), *visit("sa", 100, person=2), *visit("sb", 200), *visit("sc", 300)))
    result = ask(store, log, top_n=1)
    other = [(node.paths, node.people, node.ended_people) for node in result.nodes if node.node.other]
    assert other == [(2, 1, 1)]
    assert [(link.paths, link.people) for link in result.links] == [(2, 2), (2, 1)]


def test_rules_rename_nodes(store: ProjectStore) -> None:
    pages = ["/p/1", "/p/2", "/", "/p\n/", None, "/cart"]
    log = EventLog(
        tuple(
            LogEvent("view", START_MS + place * MINUTE_MS, 1, properties={"$path": page} if page else {})
            for place, page in enumerate(pages)
        )
    )
    rules = [
        {"pattern": "/p/*", "name": "product"},
        {"pattern": "/p*/", "name": "odd"},
        {"pattern": "/*", "name": "rest"},
    ]
    result = ask(store, log, node={"name": "$path"}, rules=rules)
    assert [node.node.value for node in result.nodes] == ["product", "rest", "odd", "rest"]
    named = ask(store, log, node={"name": "$path"}, anchor={"label": "here", "filter": {
        "type": "presence", "property": {"name": "$path"}, "operator": "not_exists"}})  # fmt: skip
    assert [node.node.value for node in named.nodes] == ["here", "/cart"]


def test_no_events_no_paths(store: ProjectStore) -> None:
    result = ask(store, EventLog(()))
    assert (result.paths, result.people, result.nodes, result.links) == (0, 0, (), ())


def test_wildcards() -> None:
    assert [matches("/*/x", text) for text in ("/a/x", "//x", "/x", "/a/b/x", "/a/xy")] == [
        True,
        True,
        False,
        True,
        False,
    ]


@pytest.mark.parametrize(
    "fault",
    [
        {"direction": "around"},
        {"occurrence": "last"},
        {"steps": 0},
        {"window_seconds": 0},
        {"rules": [{"pattern": ""}]},
    ],
)
def test_a_faulty_query_is_refused(fault: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PathsQuery.model_validate(fault)


@pytest.mark.parametrize(
    ("query", "step", "target"),
    [
        ({}, 6, None),
        ({}, 5, "x"),
        ({}, -1, None),
        ({"direction": "to"}, 1, None),
        ({"direction": "to"}, 0, "x"),
    ],
)
def test_a_selection_that_names_no_number_is_refused(
    store: ProjectStore, query: dict[str, Any], step: int, target: str | None
) -> None:
    chosen = {"step": step, "node": {"value": "a"}, "target": target and {"value": target}}
    with pytest.raises(SelectionInvalid):
        people(
            store.engine,
            context(store),
            PathsQuery.model_validate(query),
            PathsSelection.model_validate(chosen),
        )


def test_golden_sql() -> None:
    query = PathsQuery.model_validate(
        {
            "period": DAY, "node": {"name": "$path"}, "rules": [{"pattern": "/p/*", "name": "product"}],
            "anchor": {"events": ["buy"]}, "direction": "around", "steps": 3,
        }
    )  # fmt: skip
    check("paths_around", query)
    check(
        "paths_merged_window",
        PathsQuery.model_validate({"period": DAY, "window_seconds": 3600}),
        has_overrides=True,
    )
    selection = PathsSelection(
        step=-1, node=BreakdownValue(value="product"), target=BreakdownValue(other=True)
    )
    check_sql("paths_people", people_sql(plain_context(), query, selection))
