"""Journeys as they are meant, one person at a time: written from the definitions' docstrings alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from bihuan.analytics import ProjectContext
from bihuan.analytics.calendar import local_date
from bihuan.analytics.conditions import Known, holds
from bihuan.analytics.reference.log import LogEvent
from bihuan.journeys.graph.definition import Definition, EventEntry
from bihuan.journeys.graph.nodes import Branch, Exit, Send, Split, Wait, WaitFor, WaitUntil
from bihuan.journeys.timing import next_time_ms
from bihuan.kernel.hashing import key64
from tests.journeys.graphs import Deed

LATE_MS = 3 * 86_400_000


@dataclass
class Way:
    """One way of a person through the journey."""

    who: str
    node: str
    entered_ms: int
    at_ms: int
    due_ms: int
    hops: int = 0
    path: str = ""
    left_ms: int | None = None
    reason: str | None = None
    converted_ms: int | None = None


@dataclass
class Interpreter:
    definition: Definition
    zone: str
    zones: dict[str, str]
    log: Sequence[Deed]
    ways: list[Way] = field(default_factory=list)
    sent: list[tuple[str, int, str]] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    seen_until_ms: int = 0

    def tick(self, now_ms: int, ctx: ProjectContext) -> None:
        fresh = [
            deed
            for deed in self.log
            if self.seen_until_ms < deed.received_ms <= now_ms and deed.received_ms - deed.at_ms <= LATE_MS
        ]
        self._enter(fresh, now_ms)
        for way in self.ways:
            self._goal(way, fresh, now_ms)
        for way in self.ways:
            self._leave_on(way, fresh, now_ms)
        for way in self.ways:
            self._happened(way, fresh, now_ms)
        for way in self.ways:
            self._release(way, now_ms)
            while way.left_ms is None and not self._waits(way):
                self._pass(way, now_ms, ctx)
        self.seen_until_ms = now_ms

    def _waits(self, way: Way) -> bool:
        return isinstance(self.definition.nodes[way.node], Wait | WaitUntil | WaitFor)

    def _enter(self, fresh: Sequence[Deed], now_ms: int) -> None:
        entry = self.definition.entry
        assert isinstance(entry, EventEntry)
        for deed in sorted(fresh, key=lambda each: each.received_ms):
            if deed.event not in entry.event.events:
                continue
            if self._may_not_again(deed.who, now_ms):
                self.refused["again"] += 1
            elif self._is_full(now_ms):
                self.refused["full"] += 1
            else:
                way = Way(deed.who, self.definition.start, now_ms, now_ms, 0)
                self._arrive(way, self.definition.start, now_ms)
                self.ways.append(way)

    def _may_not_again(self, who: str, now_ms: int) -> bool:
        mine = [way for way in self.ways if way.who == who]
        rule = self.definition.reentry
        pause_ms = rule.pause.milliseconds if rule.pause else 0
        if rule.rule == "after_exit":
            return any(way.left_ms is None or way.left_ms + pause_ms > now_ms for way in mine)
        return rule.rule == "never" and bool(mine)

    def _is_full(self, now_ms: int) -> bool:
        caps = self.definition.caps
        day = local_date(now_ms, ZoneInfo(self.zone))
        today = [way for way in self.ways if local_date(way.entered_ms, ZoneInfo(self.zone)) == day]
        inside = [way for way in self.ways if way.left_ms is None]
        return (
            (caps.total is not None and len(self.ways) >= caps.total)
            or (caps.a_day is not None and len(today) >= caps.a_day)
            or (caps.inside is not None and len(inside) >= caps.inside)
        )

    def _arrive(self, way: Way, node_id: str, now_ms: int) -> None:
        node = self.definition.nodes[node_id]
        way.node, way.at_ms = node_id, now_ms
        match node:
            case Wait():
                way.due_ms = now_ms + node.span.milliseconds
            case WaitFor():
                way.due_ms = now_ms + node.timeout.milliseconds
            case WaitUntil():
                zone = self.zones.get(way.who, self.zone) if node.zone == "person" else self.zone
                way.due_ms = next_time_ms(node, zone, now_ms)
            case _:
                way.due_ms = now_ms

    def _go(self, way: Way, port: str, target: str | None, now_ms: int) -> None:
        way.path += f"{way.node}>{port}@{now_ms},"
        way.hops += 1
        node = None if target is None else self.definition.nodes[target]
        if node is None or isinstance(node, Exit):
            way.left_ms, way.reason = now_ms, "completed" if node is None else node.reason
        else:
            assert target is not None
            self._arrive(way, target, now_ms)

    def _out(self, way: Way, reason: str, now_ms: int) -> None:
        way.path += f"{way.node}>{reason}@{now_ms},"
        way.hops += 1
        way.left_ms, way.reason = now_ms, reason

    def _goal(self, way: Way, fresh: Sequence[Deed], now_ms: int) -> None:
        goal = self.definition.goal
        if goal is None or way.converted_ms is not None:
            return
        end_ms = way.entered_ms + goal.within.milliseconds
        times = [
            deed.at_ms
            for deed in fresh
            if deed.who == way.who
            and deed.event in goal.event.events
            and way.entered_ms <= deed.at_ms < end_ms
        ]
        if times:
            way.converted_ms = min(times)
            if goal.leave and way.left_ms is None:
                self._out(way, "goal", now_ms)

    def _leave_on(self, way: Way, fresh: Sequence[Deed], now_ms: int) -> None:
        selector = self.definition.leave_on
        if selector is None or way.left_ms is not None:
            return
        if any(
            deed.who == way.who and deed.event in selector.events and deed.at_ms >= way.entered_ms
            for deed in fresh
        ):
            self._out(way, "event", now_ms)

    def _happened(self, way: Way, fresh: Sequence[Deed], now_ms: int) -> None:
        node = self.definition.nodes[way.node]
        if way.left_ms is not None or not isinstance(node, WaitFor):
            return
        if any(
            deed.who == way.who and deed.event in node.event.events and way.at_ms <= deed.at_ms < way.due_ms
            for deed in fresh
        ):
            self._go(way, "happened", node.happened, now_ms)

    def _release(self, way: Way, now_ms: int) -> None:
        node = self.definition.nodes[way.node]
        if way.left_ms is not None or way.due_ms > now_ms or not self._waits(way):
            return
        if isinstance(node, WaitFor):
            self._go(way, "timed_out", node.timed_out, now_ms)
        elif isinstance(node, Wait | WaitUntil):
            self._go(way, "next", node.next, now_ms)

    def _pass(self, way: Way, now_ms: int, ctx: ProjectContext) -> None:
        node = self.definition.nodes[way.node]
        match node:
            case Branch():
                for case in node.cases:
                    if holds(ctx, case.condition, self._known(way.who, now_ms)):
                        return self._go(way, case.name, case.next, now_ms)
                self._go(way, "otherwise", node.otherwise, now_ms)
            case Split():
                drawn = key64(f"{node.salt}:{key64(way.who)}") % 1_000_000
                portion = node.portions[0 if drawn < node.portions[0].percent * 10_000 else 1]
                self._go(way, portion.name, portion.next, now_ms)
            case Send():
                self.sent.append((way.who, self.ways.index(way), way.node))
                self._go(way, "next", node.next, now_ms)
            case _:
                raise AssertionError(node)
        return None

    def _known(self, who: str, now_ms: int) -> Known:
        """What the log had of somebody by then."""
        events = tuple(
            LogEvent(event=deed.event, time_ms=deed.at_ms, person=key64(who))
            for deed in self.log
            if deed.who == who and deed.received_ms <= now_ms
        )
        return Known(key64(who), events)
