"""Definitions: YAML says the same, and every fault is found where it is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from bihuan.journeys.errors import YamlUnreadable
from bihuan.journeys.graph.checking import Known, problems
from bihuan.journeys.graph.definition import Definition
from bihuan.journeys.graph.yaml_text import from_yaml, to_yaml
from tests.journeys.graphs import definitions
from tests.journeys.test_moving import WELCOME, joined

ALL = frozenset({"sending", "splitting", "rewards", "tasks", "calling"})
EVERYTHING = """
entry: {kind: schedule, cron: "0 9 * * 1", condition: {kind: all, items: []}}
start: rest
reentry: {rule: after_exit, pause: {count: 3}}
caps: {total: 100, a_day: 10, inside: 5}
goal: {event: {events: [Paid]}, within: {count: 2, unit: week}, leave: false}
leave_on: {events: [Deleted]}
layout: {rest: [0, 10.5]}
nodes:
  rest: {kind: wait, span: {count: 1, unit: hour}, next: nine, label: 休息}
  nine: {kind: wait_until, at: 09:30, weekdays: [1, 5], zone: project, next: look}
  look: {kind: wait_for, event: {events: [Paid]}, timeout: {count: 1}, happened: split, timed_out: trial}
  split: {kind: split, portions: [{name: a, percent: 33.3, next: tag}, {name: b, percent: 66.7}]}
  trial: {kind: experiment, experiment: e1, variants: {yes: give, no: null}, otherwise: tell}
  tag: {kind: set_tag, tag: t1, value: "yes", next: prop}
  prop: {kind: set_property, property: vip, value: true, next: add}
  add: {kind: add_to_audience, audience: a1, remove: true, next: done}
  give: {kind: give, reward: points, quantity: 5, next: task}
  task: {kind: task, title: 致电, member: m1, due: {count: 2}, next: hook}
  hook: {kind: webhook, channel: c1, next: branch}
  branch:
    kind: branch
    cases: [{name: rich, condition: {kind: did, event: {events: [Paid]}}, next: mail}]
  mail: {kind: send, template: t1, channels: [c1, c2], purpose: news, priority: high}
  tell: {kind: send, template: t1, channels: [c1]}
  done: {kind: exit, reason: over}
"""


@settings(max_examples=100)
@given(definitions())
def test_yaml_says_the_same(definition: Definition) -> None:
    assert from_yaml(to_yaml(definition)) == definition
    assert Definition.model_validate(definition.stored()) == definition


def test_every_kind_goes_through_yaml() -> None:
    definition = from_yaml(EVERYTHING)
    assert {node.kind for node in definition.nodes.values()} == {
        *(
            "wait",
            "wait_until",
            "wait_for",
            "split",
            "experiment",
            "set_tag",
            "set_property",
            "add_to_audience",
        ),
        *("give", "task", "webhook", "branch", "send", "exit"),
    }
    assert from_yaml(to_yaml(definition)) == definition
    assert problems(definition, Known({}, ALL)) == []
    tag = definition.nodes["tag"]
    assert tag.model_dump()["value"] == "yes", "a word, not a flag"


@pytest.mark.parametrize(
    ("change", "line", "path"),
    [
        (("at: 09:30", "at: 25:00"), 11, "nodes.nine.at"),
        (("percent: 33.3", "percent: 40"), 13, "nodes.split"),
        (("next: mail}", "next: Mail!}"), 23, "nodes.branch.cases[0].next"),
        (("cron: \"0 9 * * 1\"", "cron: nonsense"), 2, "entry"),
        (("kind: exit", "kind: leave"), 26, "nodes.done"),
        (("start: rest", "start: &a rest\nstop: *a"), 4, None),
        (("caps: {", "caps: [}"), 5, None),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_with_its_line(
    change: tuple[str, str], line: int, path: str | None
) -> None:
    assert change[0] in EVERYTHING
    with pytest.raises(YamlUnreadable) as failed:
        from_yaml(EVERYTHING.replace(*change))
    assert (failed.value.params["line"], failed.value.path) == (line, path)


def faults(
    nodes: dict[str, Any], start: str = "a", known: Known | None = None, **more: Any
) -> list[tuple[str, str]]:
    definition = Definition.model_validate(joined(start, nodes, **more))
    return [(each.code, each.path) for each in problems(definition, known or Known({}, ALL))]


def test_faults_of_shape() -> None:
    send = {"kind": "send", "template": "t", "channels": ["c"]}
    assert faults({"a": {**send, "next": "b"}}) == [("node_missing", "nodes.a.next")]
    assert faults({"a": send}, "b") == [("node_missing", "start"), ("node_unreachable", "nodes.a")]
    assert faults({"a": send, "b": send}) == [("node_unreachable", "nodes.b")]
    assert faults({"a": {"kind": "exit"}}) == [("start_is_exit", "start")]
    circle = {"a": {**send, "next": "b"}, "b": {**send, "next": "a"}}
    assert [code for code, _ in faults(circle)] == ["circle_without_wait"]
    wait = {"kind": "wait", "span": {"count": 1}}
    assert faults({"a": {**send, "next": "b"}, "b": {**wait, "next": "a"}}) == []
    case = {"name": "x", "condition": {"kind": "all", "items": []}, "next": "z"}
    assert faults({"a": {"kind": "branch", "cases": [case]}}) == [("node_missing", "nodes.a.cases[0].next")]
    assert faults({"a": send}, layout={"b": [1, 2]}) == [("node_missing", "layout.b")]


def test_faults_of_names_and_services() -> None:
    names = {
        kind: {"known"} for kind in ("event", "template", "channel", "tag", "experiment", "static_audience")
    }
    nodes = {
        "a": {"kind": "send", "template": "t", "channels": ["known", "c"], "next": "b"},
        "b": {"kind": "set_tag", "tag": "t", "value": None, "next": "c"},
        "c": {"kind": "experiment", "experiment": "e", "variants": {"x": "d"}},
        "d": {"kind": "add_to_audience", "audience": "s"},
    }
    goal = {"event": {"events": ["known", "$message_clicked", "G"]}, "within": {"count": 1}}
    assert faults(nodes, known=Known(names, frozenset({"sending"})), goal=goal) == [
        ("event_unknown", "entry.event.events[0]"),
        ("event_unknown", "goal.event.events[2]"),
        ("template_unknown", "nodes.a.template"),
        ("channel_unknown", "nodes.a.channels[1]"),
        ("tag_unknown", "nodes.b.tag"),
        ("experiment_unknown", "nodes.c.experiment"),
        ("static_audience_unknown", "nodes.d.audience"),
        ("service_missing", "nodes.c"),
    ]


def test_the_example_of_the_other_tests_is_sound() -> None:
    assert problems(Definition.model_validate(WELCOME), Known({}, ALL)) == []
