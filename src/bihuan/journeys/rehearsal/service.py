"""A rehearsal: who could have come in, who may, and how they would have gone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from bihuan.access import Project
from bihuan.analytics.calendar import day_start_ms, local_date
from bihuan.journeys.errors import JourneyInvalid, PeriodUnusable
from bihuan.journeys.graph.checking import Known, problems
from bihuan.journeys.graph.definition import Definition
from bihuan.journeys.graph.nodes import Send
from bihuan.journeys.ports import Services
from bihuan.journeys.rehearsal.past import Past
from bihuan.journeys.rehearsal.result import Rehearsal, RehearsedDay, Walk
from bihuan.journeys.rehearsal.walking import Walkers, walk
from bihuan.journeys.schemas import MoveOutput, NodeCount, RehearsalInput, WayCount
from bihuan.kernel.arrays import Array
from bihuan.people import People

MOST_DAYS = 92
# Who comes again comes in another round.
MOST_ROUNDS = 50


def rehearse(
    project: Project, people: People, services: Services, definition: Definition, given: RehearsalInput
) -> Rehearsal:
    """What would have happened in the time, to everybody at once.

    Raises:
        JourneyInvalid: it has a fault of shape.
        PeriodUnusable.
    """
    everything = frozenset({"sending", "splitting", "rewards", "tasks", "calling"})
    if found := problems(definition, Known({}, everything)):
        first = found[0]
        raise JourneyInvalid(
            path=f"definition.{first.path}", reason_en=first.en, reason_zh=first.zh, count=len(found)
        )
    past = Past(project, people, *_period(project, given))
    persons, times = past.occasions(definition)
    tally = _Tally(past, definition)
    for chosen in _rounds(tally, persons, times):
        tally.add(walk(past, services, definition, persons[chosen], times[chosen]))
    return tally.result(len(persons), given.sample)


def _period(project: Project, given: RehearsalInput) -> tuple[int, int]:
    zone = ZoneInfo(project.time_zone)
    try:
        first, last = date.fromisoformat(given.first_day), date.fromisoformat(given.last_day)
    except ValueError as error:
        raise PeriodUnusable(path="first_day", most_days=MOST_DAYS) from error
    now_ms = project.now_ms()
    if not first <= last < first + timedelta(days=MOST_DAYS) or last > local_date(now_ms, zone):
        raise PeriodUnusable(path="last_day", most_days=MOST_DAYS)
    return day_start_ms(first, zone), min(day_start_ms(last + timedelta(days=1), zone), now_ms)


def _rounds(tally: _Tally, persons: Array, times: Array) -> list[Array] | _Again:
    rule = tally.definition.reentry
    if rule.rule == "always":
        return [tally.within_caps(np.arange(len(persons)), times)]
    return _Again(tally, persons, times)


class _Again:
    """Each person's first occasion, then the first after having left, and so on."""

    def __init__(self, tally: _Tally, persons: Array, times: Array) -> None:
        self._tally, self._persons, self._times = tally, persons, times
        self._known, self._place = np.unique(persons, return_inverse=True)
        self._open = np.ones(len(persons), bool)
        self._rounds = 0

    def __iter__(self) -> _Again:
        return self

    def __next__(self) -> Array:
        tally = self._tally
        if self._rounds:
            self._close()
        left = np.flatnonzero(self._open)
        if not len(left) or self._rounds == MOST_ROUNDS:
            if len(left):
                tally.past.notes.add("rounds_ended")
            raise StopIteration
        self._rounds += 1
        # In the order of time, so the first of each person is the earliest.
        _, first = np.unique(self._place[left], return_index=True)
        chosen = np.sort(left[first])
        self._open[chosen] = False
        kept = tally.within_caps(chosen, self._times)
        self._last = kept
        if tally.definition.reentry.rule == "never":
            again = self._open & np.isin(self._place, self._place[kept])
            tally.refused_again += int(again.sum())
            self._open &= ~again
        return kept

    def _close(self) -> None:
        """What came while a person was inside, or too soon after, lets nobody in."""
        walkers = self._tally.last
        if walkers is None or self._tally.definition.reentry.rule == "never":
            return
        pause = self._tally.definition.reentry.pause
        gone = np.where(walkers.left_ms >= 0, walkers.left_ms, np.iinfo(np.int64).max // 2)
        until = np.full(len(self._known), -1, np.int64)
        until[self._place[self._last]] = gone + (pause.milliseconds if pause else 0)
        too_soon = self._open & (self._times < until[self._place])
        self._tally.refused_again += int(too_soon.sum())
        self._open &= ~too_soon


@dataclass
class _Tally:
    """All rounds together."""

    past: Past
    definition: Definition
    rounds: list[Walkers] = field(default_factory=list)
    refused_again: int = 0
    refused_full: int = 0
    entered: int = 0
    by_day: Counter[int] = field(default_factory=Counter)

    @property
    def last(self) -> Walkers | None:
        return self.rounds[-1] if self.rounds else None

    def add(self, walkers: Walkers) -> None:
        self.rounds.append(walkers)

    def within_caps(self, chosen: Array, times: Array) -> Array:
        """Those who come in of those who may, in the order of time."""
        caps = self.definition.caps
        if caps.inside is not None:
            self.past.notes.add("inside_cap_ignored")
        if caps.total is None and caps.a_day is None:
            self.entered += len(chosen)
            return chosen
        kept = []
        zone = self.past.context(self.past.end_ms).zone
        for each in chosen.tolist():
            day = local_date(int(times[each]), zone).toordinal()
            full = caps.total is not None and self.entered >= caps.total
            if full or (caps.a_day is not None and self.by_day[day] >= caps.a_day):
                self.refused_full += 1
                continue
            self.entered += 1
            self.by_day[day] += 1
            kept.append(each)
        return np.array(kept, np.int64)

    def _days(self, sends: set[str]) -> list[RehearsedDay]:
        zone = ZoneInfo(self.past.project.time_zone)
        first, last = local_date(self.past.start_ms, zone), local_date(self.past.end_ms - 1, zone)
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        edges = np.array([day_start_ms(day, zone) for day in [*days, last + timedelta(days=1)]])
        entered = _by_day([each.entered_ms for each in self.rounds], edges)
        legs = [leg for each in self.rounds for leg in each.legs if leg.node in sends and leg.port == "next"]
        messages = _by_day([leg.times for leg in legs], edges)
        return [
            RehearsedDay(day=day.isoformat(), entered=int(came), messages=int(sent))
            for day, came, sent in zip(days, entered, messages, strict=True)
        ]

    def result(self, occasions: int, sample: int) -> Rehearsal:
        ways: Counter[tuple[str, str, str]] = Counter()
        reasons: Counter[str] = Counter()
        for each in self.rounds:
            ways.update(each.ways)
            reasons.update(each.reasons)
        persons = [each.persons for each in self.rounds]
        nodes = self.definition.nodes
        sends = {key for key, node in nodes.items() if isinstance(node, Send)}
        came = Counter[str]()
        went = Counter[str]()
        for (node, _, target), people in ways.items():
            came[target] += people
            went[node] += people
        return Rehearsal(
            occasions=occasions,
            entered=self.entered,
            people=len(np.unique(np.concatenate(persons))) if persons else 0,
            refused_again=self.refused_again,
            refused_full=self.refused_full,
            inside=self.entered - sum(reasons.values()),
            left=dict(sorted(reasons.items())),
            converted=sum(int((each.converted_ms >= 0).sum()) for each in self.rounds),
            nodes=[NodeCount(node=key, came=came[key], inside=came[key] - went[key]) for key in nodes],
            ways=[
                WayCount(node=node, port=port, target=target or None, people=people)
                for (node, port, target), people in sorted(ways.items())
            ],
            messages=sum(
                people for (node, port, _), people in ways.items() if node in sends and port == "next"
            ),
            days=self._days(sends),
            sample=_sample(self.rounds[0], sample) if self.rounds else [],
            notes=sorted(self.past.notes),
        )


def _by_day(times: list[Array], edges: Array) -> Array:
    """How many moments lie in each day, whose beginnings and end are ``edges``."""
    every = np.concatenate([np.zeros(0, np.int64), *times])
    counts: Array = np.histogram(every, edges)[0]
    return counts


def _sample(walkers: Walkers, count: int) -> list[Walk]:
    """The first people with every move."""
    found = []
    for number in range(min(count, len(walkers.persons))):
        moves = [
            MoveOutput(node=leg.node, port=leg.port, at_ms=int(leg.times[place]))
            for leg in walkers.legs
            for place in np.flatnonzero(leg.walkers == number).tolist()
        ]
        left, converted = int(walkers.left_ms[number]), int(walkers.converted_ms[number])
        found.append(
            Walk(
                person_id=str(walkers.persons[number]),
                entered_ms=int(walkers.entered_ms[number]),
                left_ms=left if left >= 0 else None,
                converted_ms=converted if converted >= 0 else None,
                moves=sorted(moves, key=lambda move: move.at_ms),
            )
        )
    return found
