"""Walking: arrays of people go from node to node, each at a moment of their own."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from bihuan.journeys.engine.leaving import GOAL, LEFT_ON
from bihuan.journeys.engine.log import zones
from bihuan.journeys.engine.moving import COMPLETED
from bihuan.journeys.engine.sorting import numbers_of, portions_of
from bihuan.journeys.graph.definition import Definition
from bihuan.journeys.graph.nodes import AnyNode, Branch, Exit, Split, Target, Trial, Wait, WaitFor, WaitUntil
from bihuan.journeys.graph.plan import Plan
from bihuan.journeys.kernels import first_between
from bihuan.journeys.ports import Origin, Services
from bihuan.journeys.rehearsal.past import Past
from bihuan.journeys.timing import known_zone, local_moment_ms
from bihuan.kernel.arrays import Array

MOST_ROUNDS = 2_000
_NEVER = np.iinfo(np.int64).max
_DAY_MS = 86_400_000


@dataclass
class Leg:
    """Some walkers left a node by a port, each at a moment."""

    node: str
    port: str
    walkers: Array
    times: Array


@dataclass
class Walkers:
    """People on their way. ``left_ms`` -1: still inside at the end; ``cut_ms``: when they leave early."""

    persons: Array
    entered_ms: Array
    converted_ms: Array
    cut_ms: Array
    cut_by_goal: Array
    left_ms: Array
    reasons: Counter[str] = field(default_factory=Counter)
    ways: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    legs: list[Leg] = field(default_factory=list)


def walk(past: Past, services: Services, definition: Definition, persons: Array, entered: Array) -> Walkers:
    """Lead people through, from the moments at which they came in until the past ends."""
    walkers = _at_the_start(past, definition, persons, entered)
    walking = _Walking(past, services, definition, walkers)
    everybody = np.arange(len(persons))
    walking.arrive(definition.start, everybody, entered)
    walkers.ways["", "in", definition.start] += len(persons)
    plan = Plan(definition)
    for _ in range(MOST_ROUNDS):
        if not walking.waiting:
            return walkers
        for node_id in (*plan.waiting, *plan.passing):
            walking.pass_on(node_id)
    past.notes.add("rounds_ended")
    return walkers


def _at_the_start(past: Past, definition: Definition, persons: Array, entered: Array) -> Walkers:
    never = np.full(len(persons), _NEVER)
    converted, goal_ms, out_ms = np.full(len(persons), -1, np.int64), never.copy(), never.copy()
    if definition.goal is not None:
        until = entered + definition.goal.within.milliseconds
        converted = first_between(past.done(definition.goal.event), persons, entered, until)
        if definition.goal.leave:
            goal_ms = np.where(converted >= 0, converted, _NEVER)
    if definition.leave_on is not None:
        found = first_between(past.done(definition.leave_on), persons, entered, never)
        out_ms = np.where(found >= 0, found, _NEVER)
    cut = np.minimum(goal_ms, out_ms)
    return Walkers(persons, entered, converted, cut, goal_ms <= out_ms, np.full(len(persons), -1, np.int64))


class _Walking:
    def __init__(self, past: Past, services: Services, definition: Definition, walkers: Walkers) -> None:
        self._past = past
        self._services = services
        self._definition = definition
        self._walkers = walkers
        self.waiting: defaultdict[str, list[tuple[Array, Array]]] = defaultdict(list)

    def arrive(self, node_id: str, who: Array, times: Array) -> None:
        if len(who):
            self.waiting[node_id].append((who, times))

    def pass_on(self, node_id: str) -> None:
        parts = self.waiting.pop(node_id, [])
        if not parts:
            return
        who = np.concatenate([part[0] for part in parts])
        times = np.concatenate([part[1] for part in parts])
        node = self._definition.nodes[node_id]
        match node:
            case Wait():
                self._after_wait(node_id, node, who, times + node.span.milliseconds)
            case WaitUntil():
                self._after_wait(node_id, node, who, self._clock(node, who, times))
            case WaitFor():
                self._wait_for(node_id, node, who, times)
            case Branch() | Split() | Trial():
                numbers = self._choose(node_id, node, who, times)
                for number, (port, target) in enumerate(node.ways()):
                    here = numbers == number
                    self._go(node_id, port, target, who[here], times[here])
            case _:
                port, target = node.ways()[0]
                self._go(node_id, port, target, who, times)

    def _after_wait(self, node_id: str, node: AnyNode, who: Array, until: Array) -> None:
        port, target = node.ways()[0]
        on = self._in_time(node_id, who, until)
        self._go(node_id, port, target, who[on], until[on])

    def _wait_for(self, node_id: str, node: WaitFor, who: Array, times: Array) -> None:
        due = times + node.timeout.milliseconds
        happened = first_between(self._past.done(node.event), self._walkers.persons[who], times, due)
        until = np.where(happened >= 0, happened, due)
        on = self._in_time(node_id, who, until)
        for port, target, those in (
            ("happened", node.happened, on & (happened >= 0)),
            ("timed_out", node.timed_out, on & (happened < 0)),
        ):
            self._go(node_id, port, target, who[those], until[those])

    def _in_time(self, node_id: str, who: Array, until: Array) -> Array:
        """Who goes on: those who left early, and those who wait as the past ends, do not."""
        cut = self._walkers.cut_ms[who]
        early = (cut <= until) & (cut < self._past.end_ms)
        for reason, those in (
            (GOAL, early & self._walkers.cut_by_goal[who]),
            (LEFT_ON, early & ~self._walkers.cut_by_goal[who]),
        ):
            self._out(node_id, reason, reason, who[those], cut[those])
        return ~early & (until < self._past.end_ms)

    def _choose(self, node_id: str, node: Branch | Split | Trial, who: Array, times: Array) -> Array:
        persons = self._walkers.persons[who]
        match node:
            case Branch():
                return self._past.cases([case.condition for case in node.cases], persons, times)
            case Split():
                return portions_of(node, node.salt or f"rehearsal:{node_id}", persons)
            case Trial():
                splitting = self._services.splitting
                if splitting is None:
                    self._past.notes.add("experiment_missing")
                    return np.full(len(who), len(node.variants))
                origin = Origin(self._past.project.id, "", node_id)
                names = splitting.variants(origin, node.experiment, persons, self._past.end_ms)
                return numbers_of(node, names)

    def _clock(self, node: WaitUntil, who: Array, times: Array) -> Array:
        own = self._past.project.time_zone
        named = {}
        if node.zone == "person":
            named = zones(self._past.people.store, np.unique(self._walkers.persons[who]))
        names = [named.get(person, own) for person in self._walkers.persons[who].tolist()]
        chosen = np.array([name if known_zone(name) else own for name in names])
        until = np.full(len(who), _NEVER)
        for zone in np.unique(chosen).tolist():
            here = chosen == zone
            moments = _moments(node, zone, int(times[here].min()), int(times[here].max()))
            until[here] = moments[np.searchsorted(moments, times[here], side="right")]
        return until

    def _go(self, node_id: str, port: str, target: Target, who: Array, times: Array) -> None:
        if not len(who):
            return
        ahead = None if target is None else self._definition.nodes[target]
        if target is None or isinstance(ahead, Exit):
            self._out(
                node_id, port, ahead.reason if isinstance(ahead, Exit) else COMPLETED, who, times, target
            )
            return
        self._walkers.legs.append(Leg(node_id, port, who, times))
        self._walkers.ways[node_id, port, target] += len(who)
        self.arrive(target, who, times)

    def _out(
        self, node_id: str, port: str, reason: str, who: Array, times: Array, target: Target = None
    ) -> None:
        if not len(who):
            return
        walkers = self._walkers
        walkers.legs.append(Leg(node_id, port, who, times))
        walkers.left_ms[who] = times
        walkers.reasons[reason] += len(who)
        walkers.ways[node_id, port, target or ""] += len(who)
        if target is not None:
            walkers.ways[target, reason, ""] += len(who)


def _moments(node: WaitUntil, zone: str, first_ms: int, last_ms: int) -> Array:
    """Every time the clock shows it, from the day before the first moment to well after the last."""
    clock = ZoneInfo(zone)
    hour, minute = map(int, node.at.split(":"))
    day = datetime.fromtimestamp(first_ms / 1000, clock).date() - timedelta(days=1)
    count = (last_ms - first_ms) // _DAY_MS + 12
    days = [day + timedelta(days=ahead) for ahead in range(count)]
    return np.array(
        [
            local_moment_ms(each.year, each.month, each.day, hour, minute, clock)
            for each in days
            if each.isoweekday() in node.weekdays
        ],
        np.int64,
    )
