"""Faults of a journey, each with the place where it is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel

from bihuan.analytics.conditions import AnyCondition, properties_of, selectors_of
from bihuan.analytics.conditions import leaves as leaves_of
from bihuan.analytics.query import EventSelector
from bihuan.journeys.graph.definition import AudienceEntry, Definition, EventEntry, ScheduleEntry
from bihuan.journeys.graph.nodes import (
    AddToAudience,
    AnyNode,
    Branch,
    CreateTask,
    Exit,
    Give,
    Send,
    SetTag,
    Trial,
    WaitFor,
    Webhook,
)
from bihuan.journeys.graph.plan import endless

Kind = Literal[
    "event",
    "audience",
    "static_audience",
    "tag",
    "template",
    "channel",
    "webhook",
    "experiment",
    "reward",
    "member",
]
_WORDS: dict[str, tuple[str, str]] = {
    "event": ("event", "事件"),
    "audience": ("audience", "人群"),
    "static_audience": ("static audience", "静态人群"),
    "tag": ("tag kept by hand", "手工标签"),
    "template": ("template", "消息模板"),
    "channel": ("channel", "渠道"),
    "webhook": ("webhook channel", "Webhook 渠道"),
    "experiment": ("experiment", "实验"),
    "reward": ("reward", "奖励"),
    "member": ("member", "成员"),
}


class Problem(BaseModel):
    """A fault: ``path`` is where it is in the definition, ``line`` in the YAML that was given."""

    code: str
    path: str
    en: str
    zh: str
    line: int | None = None


@dataclass(frozen=True)
class Known:
    """What may be named, by kind; a kind that is missing is not checked."""

    names: Mapping[str, Collection[str]]
    services: frozenset[str] = frozenset()

    def problem(self, kind: Kind, name: str, path: str) -> Iterator[Problem]:
        """The fault if there is no such thing."""
        held = self.names.get(kind)
        if held is not None and name not in held and not (kind == "event" and name.startswith("$")):
            en, zh = _WORDS[kind]
            yield Problem(
                code=f"{kind}_unknown", path=path, en=f"There is no {en} {name}.", zh=f"没有{zh} {name}。"
            )


def problems(definition: Definition, known: Known) -> list[Problem]:
    """All faults, those of the shape first."""
    return [*_shape(definition), *_named(definition, known), *_served(definition, known)]


def _shape(definition: Definition) -> Iterator[Problem]:
    nodes = definition.nodes
    if definition.start not in nodes:
        yield _missing("start", definition.start)
    elif isinstance(nodes[definition.start], Exit):
        yield Problem(
            code="start_is_exit", path="start", en="The first node is the end.", zh="起始节点就是退出节点。"
        )
    for key, node in nodes.items():
        for path, target in _targets(key, node):
            if target is not None and target not in nodes:
                yield _missing(path, target)
    reached = _reached(definition)
    for key in nodes:
        if key not in reached:
            yield Problem(
                code="node_unreachable",
                path=f"nodes.{key}",
                en=f"Nothing leads to {key}.",
                zh=f"没有路径能到达节点 {key}。",
            )
    if circle := endless(definition):
        way = " → ".join(circle)
        yield Problem(
            code="circle_without_wait",
            path=f"nodes.{circle[0]}",
            en=f"Nobody ever waits in this circle: {way}.",
            zh=f"循环中没有等待节点：{way}。",
        )
    for key in definition.layout:
        if key not in nodes:
            yield _missing(f"layout.{key}", key)


def _missing(path: str, node: str) -> Problem:
    return Problem(code="node_missing", path=path, en=f"There is no node {node}.", zh=f"没有节点 {node}。")


def _targets(key: str, node: AnyNode) -> Iterator[tuple[str, str | None]]:
    """Every way of a node with its place."""
    match node:
        case Branch():
            for index, case in enumerate(node.cases):
                yield f"nodes.{key}.cases[{index}].next", case.next
            yield f"nodes.{key}.otherwise", node.otherwise
        case Trial():
            for name, target in node.variants.items():
                yield f"nodes.{key}.variants.{name}", target
            yield f"nodes.{key}.otherwise", node.otherwise
        case _ if node.kind == "split":
            for index, (_, target) in enumerate(node.ways()):
                yield f"nodes.{key}.portions[{index}].next", target
        case _:
            for port, target in node.ways():
                yield f"nodes.{key}.{port}", target


def _reached(definition: Definition) -> set[str]:
    found: set[str] = set()
    ahead = [definition.start]
    while ahead:
        key = ahead.pop()
        if key in definition.nodes and key not in found:
            found.add(key)
            ahead += [target for _, target in definition.nodes[key].ways() if target is not None]
    return found


def _named(definition: Definition, known: Known) -> Iterator[Problem]:
    entry = definition.entry
    match entry:
        case AudienceEntry():
            yield from known.problem("audience", entry.audience, "entry.audience")
        case EventEntry():
            yield from _of_selector(known, entry.event, "entry.event")
            if entry.condition is not None:
                yield from _of_condition(known, entry.condition, "entry.condition")
        case ScheduleEntry():
            yield from _of_condition(known, entry.condition, "entry.condition")
    if definition.goal is not None:
        yield from _of_selector(known, definition.goal.event, "goal.event")
    if definition.leave_on is not None:
        yield from _of_selector(known, definition.leave_on, "leave_on")
    for key, node in definition.nodes.items():
        yield from _of_node(known, node, f"nodes.{key}")


def _of_node(known: Known, node: AnyNode, path: str) -> Iterator[Problem]:
    match node:
        case WaitFor():
            yield from _of_selector(known, node.event, f"{path}.event")
        case Branch():
            for index, case in enumerate(node.cases):
                yield from _of_condition(known, case.condition, f"{path}.cases[{index}].condition")
        case Trial():
            yield from known.problem("experiment", node.experiment, f"{path}.experiment")
        case Send():
            yield from known.problem("template", node.template, f"{path}.template")
            for index, channel in enumerate(node.channels):
                yield from known.problem("channel", channel, f"{path}.channels[{index}]")
        case SetTag():
            yield from known.problem("tag", node.tag, f"{path}.tag")
        case AddToAudience():
            yield from known.problem("static_audience", node.audience, f"{path}.audience")
        case Give():
            yield from known.problem("reward", node.reward, f"{path}.reward")
        case Webhook():
            yield from known.problem("webhook", node.channel, f"{path}.channel")
        case CreateTask():
            yield from known.problem("member", node.member, f"{path}.member")


def _of_selector(known: Known, selector: EventSelector, path: str) -> Iterator[Problem]:
    for index, event in enumerate(selector.events):
        yield from known.problem("event", event, f"{path}.events[{index}]")


def _of_condition(known: Known, condition: AnyCondition, path: str) -> Iterator[Problem]:
    for leaf in leaves_of(condition):
        for selector in selectors_of(leaf):
            for event in selector.events:
                yield from known.problem("event", event, path)
    for ref in properties_of(condition):
        if ref.scope == "audience":
            yield from known.problem("audience", ref.name, path)


def _served(definition: Definition, known: Known) -> Iterator[Problem]:
    """Nodes that nothing in this installation takes."""
    needed = {Send: "sending", Trial: "splitting", Give: "rewards", CreateTask: "tasks", Webhook: "calling"}
    for key, node in definition.nodes.items():
        service = needed.get(type(node))
        if service is not None and service not in known.services:
            yield Problem(
                code="service_missing",
                path=f"nodes.{key}",
                en=f"Nothing in this installation takes what the node {key} ({node.kind}) gives.",
                zh=f"当前安装中没有可处理节点 {key}（{node.kind}）的组件。",
            )
