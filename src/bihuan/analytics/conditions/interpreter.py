"""Conditions on one person, from what is known of that person."""

from __future__ import annotations

from dataclasses import dataclass, field

from bihuan.analytics.calendar import DateUnit, local_date
from bihuan.analytics.conditions.anniversaries import is_near
from bihuan.analytics.conditions.logic import combined
from bihuan.analytics.conditions.units import longest_run, unit_number
from bihuan.analytics.conditions.values import (
    ActiveDays,
    Anniversary,
    AnyCondition,
    Count,
    Did,
    Has,
    Leaf,
    Listed,
    LongestRun,
    Occurrence,
    OfProperty,
    Sequence,
    Share,
)
from bihuan.analytics.conditions.windows import AnyWindow, instants
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query.events import EventSelector
from bihuan.analytics.query.filters import AnyFilter
from bihuan.analytics.reference import filters
from bihuan.analytics.reference.log import EventLog, LogEvent, Properties
from bihuan.analytics.values import number_of, text_of
from bihuan.kernel.hashing import key64


@dataclass(frozen=True)
class Known:
    """What is known of one person, who has an event or a profile.

    Args:
        person: the id.
        events: everything the person did.
        profile: the profile's properties.
        keys: hashes of the ids that belong to the person.
        tags: values by tag id.
        audiences: ids of the audiences the person is in.
    """

    person: int
    events: tuple[LogEvent, ...] = ()
    profile: Properties = field(default_factory=dict)
    keys: frozenset[int] = frozenset()
    tags: dict[str, str] = field(default_factory=dict)
    audiences: frozenset[str] = frozenset()


def holds(ctx: ProjectContext, wanted: AnyCondition, known: Known) -> bool:
    """Whether the condition holds for the person at ``ctx.now_ms``."""
    return bool(combined(wanted, _Reader(ctx, known).holds))


class _Reader:
    def __init__(self, ctx: ProjectContext, known: Known) -> None:
        self._ctx = ctx
        self._known = known
        self._log = EventLog(
            (), {known.person: known.profile}, {known.person: known.tags}, {known.person: known.audiences}
        )
        # Of what is asked of the person, and not of an event.
        self._nothing = LogEvent(event="", time_ms=0, person=known.person)
        self._events = sorted(known.events, key=lambda event: event.order)

    def holds(self, leaf: Leaf) -> bool:
        match leaf:
            case Has():
                return self._passes(self._nothing, leaf.filter)
            case Anniversary():
                value = filters.value_of(self._ctx, self._log, self._nothing, leaf.property)
                return is_near(self._ctx, leaf, value)
            case Did():
                return self._did(leaf)
            case Occurrence():
                return self._occurrence(leaf)
            case Sequence():
                return self._sequence(leaf)
            case Listed():
                keys = {key64(each) for each in leaf.distinct_ids}
                return self._known.person in keys or not keys.isdisjoint(self._known.keys)
            case Share():
                return key64(f"{leaf.salt}:{self._known.person}") % Share.PARTS < leaf.parts

    def _passes(self, event: LogEvent, node: AnyFilter) -> bool:
        return filters.holds(self._ctx, self._log, event, node)

    def _done(self, selector: EventSelector, window: AnyWindow | None) -> list[LogEvent]:
        start, end = (None, self._ctx.now_ms + 1) if window is None else instants(window, self._ctx)
        return [
            event
            for event in self._events
            if (start is None or start <= event.time_ms)
            and event.time_ms < end
            and filters.selects(self._ctx, self._log, event, selector)
        ]

    def _did(self, did: Did) -> bool:
        figure = self._figure(did, self._done(did.event, did.window))
        return figure is not None and did.compare.holds(figure)

    def _figure(self, did: Did, events: list[LogEvent]) -> float | None:
        match did.figure:
            case Count():
                return len(events)
            case ActiveDays():
                return len(self._units(events, did.figure.unit))
            case LongestRun():
                return longest_run(self._units(events, did.figure.unit))
            case OfProperty():
                return self._of_property(did.figure, events)

    def _of_property(self, figure: OfProperty, events: list[LogEvent]) -> float | None:
        values = [filters.value_of(self._ctx, self._log, event, figure.property) for event in events]
        if figure.aggregate == "distinct":
            return len({text for value in values if (text := text_of(value)) is not None})
        numbers = [number for value in values if (number := number_of(value)) is not None]
        if figure.aggregate == "sum":
            return sum(numbers)
        if not numbers:
            return None
        return {"avg": sum(numbers) / len(numbers), "min": min(numbers), "max": max(numbers)}[
            figure.aggregate
        ]

    def _units(self, events: list[LogEvent], unit: DateUnit) -> set[int]:
        days = {local_date(event.time_ms, self._ctx.zone) for event in events}
        return {unit_number(self._ctx, unit, day) for day in days}

    def _occurrence(self, occurrence: Occurrence) -> bool:
        events = self._done(occurrence.event, None)
        if not events:
            return False
        event = events[0 if occurrence.which == "first" else -1]
        start, end = instants(occurrence.window, self._ctx)
        if event.time_ms >= end or (start is not None and event.time_ms < start):
            return False
        return occurrence.filter is None or self._passes(event, occurrence.filter)

    def _sequence(self, sequence: Sequence) -> bool:
        """For each step the latest begin of a chain that has come so far: no later chain is shorter."""
        done = [{id(event) for event in self._done(step, sequence.window)} for step in sequence.steps]
        chosen = [
            (event.time_ms, [index for index, ids in enumerate(done) if id(event) in ids])
            for event in self._events
        ]
        begun: list[int | None] = [None] * len(sequence.steps)
        longest = sequence.within.milliseconds if sequence.within else None
        # Of events of one millisecond those of earlier steps come first, as a mask with a bit a step sorts.
        for time_ms, indexes in sorted(
            (each for each in chosen if each[1]), key=lambda each: (each[0], each[1][0], _mask(each[1]))
        ):
            for index in reversed(indexes):
                if index == 0:
                    begun[0] = time_ms
                    continue
                since = begun[index - 1]
                if since is not None and (longest is None or time_ms - since <= longest):
                    begun[index] = since
        return begun[-1] is not None


def _mask(indexes: list[int]) -> int:
    return sum(1 << index for index in indexes)
